"""Tables by name: thinned evenly, unknown names refused, missing files said."""

import pytest

from metaxai_lab.tasks.catalogue import UnknownSetError
from metaxai_lab.tasks.sources import MissingSetError
from metaxai_lab.tasks.tables import FOUND, table


def test_thinning_keeps_every_so_many_rows_of_each_task():
    whole, thin = table("diabetes"), table("diabetes", every=10)
    assert thin.counts.tolist() == [-(-n // 10) for n in whole.counts.tolist()]
    first = whole.task == 1
    assert thin.x[thin.task == 1].equal(whole.x[first][::10])


def test_an_unknown_table_is_answered_with_the_nearest():
    with pytest.raises(UnknownSetError, match=r"found 'diabetis'\. Did you mean 'diabetes'"):
        table("diabetis")


def test_thinning_by_nothing_is_refused():
    with pytest.raises(ValueError, match=r"every is .* found 0"):
        table("iris", every=0)


@pytest.mark.parametrize("name", FOUND)
def test_a_table_whose_files_are_not_here_says_so(name, tmp_path):
    with pytest.raises(MissingSetError, match=r"metaxai_lab\.tasks\.fetch"):
        table(name, folder=tmp_path)
