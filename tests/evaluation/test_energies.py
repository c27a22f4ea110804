"""Edge energy sees steps and ramps, texture energy grain; both were worked out by hand."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.evaluation.agreement import rank_correlation
from metaxai_lab.evaluation.energies import by_cell, centre_prior, edge_energy, texture_energy


def picture(rows):
    return torch.tensor(rows, dtype=torch.float32).reshape(1, -1)


def test_a_step_has_edge_energy_beside_it_only():
    x = torch.zeros(8, 8)
    x[:, 4:] = 1
    pixels = edge_energy(x.view(1, -1), cell=1).view(8, 8)
    assert pixels[3].tolist() == [0, 0, 0, 4, 4, 0, 0, 0]
    assert edge_energy(x.view(1, -1), cell=4).tolist() == [[1, 1, 1, 1]]


def test_edges_do_not_depend_on_their_direction():
    x = torch.rand(1, 64, generator=seeded(0))
    turned = x.view(8, 8).T.reshape(1, -1)
    assert torch.allclose(
        edge_energy(x, cell=1).view(8, 8).T, edge_energy(turned, cell=1).view(8, 8), atol=1e-6
    )


def test_a_ramp_has_contour_and_no_texture():
    x = torch.arange(16.0).expand(16, 16).reshape(1, -1) / 16
    assert texture_energy(x, cell=4).view(4, 4)[1:3, 1:3].abs().max() < 1e-5
    assert torch.allclose(edge_energy(x, cell=4).view(4, 4)[:, 1:3], torch.tensor(0.5))


def test_a_dot_has_texture():
    x = torch.zeros(16, 16)
    x[8, 8] = 1
    pixels = texture_energy(x.view(1, -1), cell=1).view(16, 16)
    assert pixels[8, 8] == 4
    assert pixels[6, 8] == 2
    assert pixels[6, 6] == 1
    assert pixels[7, 7] == 0


def test_the_middle_of_white_noise_has_no_more_texture_than_its_rim():
    x = torch.randn(600, 1024, generator=seeded(2))
    found = texture_energy(x, cell=4)
    middle = centre_prior(32, 4).expand_as(found)
    assert rank_correlation(middle, found).mean().abs() < 0.03


def test_a_straight_ramp_has_no_texture_at_the_rim_either():
    x = torch.arange(16.0).expand(16, 16).reshape(1, -1) / 16
    assert texture_energy(x, cell=4).abs().max() < 1e-5


def test_colours_are_averaged_first():
    x = torch.rand(2, 3 * 64, generator=seeded(1))
    grey = x.view(2, 3, 64).mean(1)
    for energy in (edge_energy, texture_energy):
        assert torch.allclose(energy(x, cell=4, channels=3), energy(grey, cell=4), atol=1e-6)


def test_a_cell_is_the_mean_of_its_pixels():
    x = picture([[1, 3, 0, 0], [5, 7, 0, 0], [0, 0, 2, 2], [0, 0, 2, 6]])
    assert by_cell(x, 2).tolist() == [[4, 0, 0, 3]]


def test_the_centre_prior_falls_from_the_middle_alike_on_all_sides():
    bump = centre_prior(32, 4).view(8, 8)
    assert torch.allclose(bump, bump.T)
    assert torch.allclose(bump, bump.flip(0), atol=1e-6)
    assert (bump[3, :4].diff() > 0).all()


def test_cells_that_do_not_tile_the_picture_are_refused():
    with pytest.raises(ValueError, match="3 does not divide the side 8"):
        by_cell(torch.zeros(1, 64), 3)
