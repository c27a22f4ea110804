"""The usual mistakes about columns and names; each is answered by the words in its docstring."""


def as_they_came(x, have, trained):
    """It gives the columns as they came"""
    return x


def the_reverse(x, have, trained):
    """It looks each code of the table up among those trained"""
    return x[:, [trained.index(name) for name in have]]


def in_the_alphabet(x, have, trained):
    """It sorts the codes"""
    return x[:, [have.index(name) for name in sorted(trained)]]


def with_strange_columns(x, have, trained):
    """It keeps columns that the learner never saw"""
    rest = [name for name in have if name not in trained]
    return x[:, [have.index(name) for name in [*trained, *rest]]]
