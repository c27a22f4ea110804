"""Usual mistakes; each docstring is a part of the answer that the mistake gets."""


def sizes_and_shares(values):
    """No mistake: what the others share"""
    sizes = values.abs()
    return sizes, sizes / sizes.sum(1, keepdim=True)


def signed(values):
    """divides signed values by their sum"""
    return (values / values.sum(1, keepdim=True)).mean(0)


def averaged_first(values):
    """averages signed values over the rows"""
    mean = values.mean(0).abs()
    return mean / mean.sum()


def shares_of_sums(values):
    """takes the shares of the sums"""
    sums = sizes_and_shares(values)[0].sum(0)
    return sums / sums.sum()


def row_by_row(values):
    """one number for each row"""
    return sizes_and_shares(values)[1].mean(1)


def down_the_columns(values):
    """divides by the sizes of a column"""
    sizes = sizes_and_shares(values)[0]
    return (sizes / sizes.sum(0)).mean(0)


def mean_sizes(values):
    """takes the mean size of each column"""
    return sizes_and_shares(values)[0].mean(0)


def added_up(values):
    """adds the shares of the rows up"""
    return sizes_and_shares(values)[1].sum(0)


def only_positive_rows_scale(values):
    """should count as before"""
    shares = sizes_and_shares(values)[1]
    largest = values.abs().amax(1, keepdim=True).clamp_min(6)
    return (shares * largest).sum(0) / largest.sum()
