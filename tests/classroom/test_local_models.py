"""The models of the part Local: trained the same each time, and good enough to be explained."""

import pytest
import torch

from metaxai_lab.classroom.local_models import LOCAL_MODELS, cancer_table, local_model, separation

COLUMNS = {"synth12": 12, "bc12": 12, "bc30": 30}


@pytest.fixture(scope="module", params=LOCAL_MODELS)
def trained(request):
    return local_model(request.param)


def test_it_tells_most_unseen_rows_right(trained):
    assert trained.accuracy > 0.85


def test_it_comes_with_rows_and_a_background_of_its_table(trained):
    n = COLUMNS[trained.name]
    assert trained.background.shape == (32, n)
    assert trained.rows.shape[1] == trained.data.shape[1] == len(trained.feature_names) == n
    assert len(trained.rows) >= 100


def test_the_background_is_seen_and_the_rows_are_not(trained):
    def found_in_data(rows):
        return (rows[:, None] == trained.data[None]).all(-1).any(-1)

    assert found_in_data(trained.background).all()
    assert not found_in_data(trained.rows).any()


def test_columns_have_mean_0_and_deviation_1(trained):
    x = torch.cat([trained.data, trained.rows])
    torch.testing.assert_close(x.std(0), torch.ones(x.shape[1]))
    assert trained.name == "synth12" or float(x.mean(0).abs().max()) < 1e-4


def test_training_again_gives_the_same_model(trained):
    again = local_model(trained.name)
    assert again.model(trained.rows).equal(trained.model(trained.rows))
    other = local_model(trained.name, seed=1)
    assert not torch.equal(other.model(trained.rows), trained.model(trained.rows))


def test_the_twelve_columns_are_the_best_of_the_thirty():
    x, y, names = cancer_table(30)
    apart = separation(x, y.bool())
    assert apart.equal(apart.sort(descending=True).values)
    assert cancer_table(12)[2] == names[:12]


def test_separation_of_two_classes_by_hand():
    x = torch.tensor([[0.0, 1.0], [2.0, 1.5], [5.0, 1.0], [7.0, 1.5]])
    found = separation(x, torch.tensor([True, True, False, False]))
    torch.testing.assert_close(found, torch.tensor([5 / 2**0.5, 0.0]))


def test_the_global_state_stays_as_it_was():
    before = torch.get_rng_state()
    local_model("bc12", steps=1)
    assert torch.get_rng_state().equal(before)


def test_a_model_that_is_none_of_them_is_refused():
    with pytest.raises(ValueError, match="synth12, bc12, bc30; found 'bc13'"):
        local_model("bc13")
