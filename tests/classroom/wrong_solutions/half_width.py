"""The usual mistakes about an interval; each is answered by the words in its docstring."""


def over_pictures(marks):
    """It counts pictures as if each were drawn by itself"""
    return 1.96 * marks.std() / marks.numel() ** 0.5


def of_all_tasks_there_are(marks):
    """It divides the squares by the number of tasks"""
    means = marks.mean(1)
    return 1.96 * means.std(correction=0) / len(means) ** 0.5


def the_spread(marks):
    """It is the spread of the tasks"""
    return 1.96 * marks.mean(1).std()


def one_error(marks):
    """It is one standard error"""
    means = marks.mean(1)
    return means.std() / len(means) ** 0.5


def the_whole(marks):
    """It is the whole width"""
    means = marks.mean(1)
    return 2 * 1.96 * means.std() / len(means) ** 0.5


def without_the_root(marks):
    """It divides by the number of tasks. Divide by its root"""
    means = marks.mean(1)
    return 1.96 * means.std() / len(means)
