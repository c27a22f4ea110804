import nbclient
import nbformat
import pytest
import torch

from metaxai_lab.classroom.trial import NotYet, Trial, say


def answer(solution, *args, seconds=5.0):
    with pytest.raises(NotYet) as caught:
        Trial("double", solution, seconds)(*args)
    return str(caught.value)


def test_a_solution_gets_copies():
    given = torch.ones(2)
    Trial("double", lambda x: 2 * x)(given)
    assert given.tolist() == [1, 1]


def test_a_solution_that_changes_what_it_was_given_is_refused():
    assert "changes the tensors it is given" in answer(lambda x: x.mul_(2), torch.ones(2))


def test_a_row_that_holds_no_number_is_not_called_changed():
    assert Trial("same", lambda x: x + 1)(torch.tensor([1.0, torch.nan]))[0] == 2


def test_a_solution_without_an_end_is_stopped():
    def endless(x):
        while True:
            pass

    assert "double(1) took more than 0.1 s" in answer(endless, 1, seconds=0.1)


def test_a_solution_that_is_not_written_is_told_so():
    def blank(x):
        raise NotImplementedError

    assert answer(blank, 1) == (
        "double, not yet: not written. Replace `raise NotImplementedError` by your own."
    )


def unwritten(x):
    raise NotImplementedError("your turn")


def test_a_helper_that_is_not_written_counts_as_well():
    assert "not written" in answer(lambda x: unwritten(x), 1)


def test_what_torch_has_not_implemented_is_an_error_like_others():
    said = answer(lambda mask: mask.mean(), torch.tensor([True, False]))
    assert "stopped in its line 1 with" in said
    assert "not written" not in said


def test_a_module_of_torch_that_is_not_implemented_is_an_error_like_others():
    said = answer(lambda x: torch.nn.Module()(x), 1)
    assert "stopped in its line 1 with NotImplementedError: Module" in said


def test_a_solution_that_stops_is_told_where_and_why():
    def broken(x):
        y = x
        return y / 0

    assert "double(1) stopped in its line 3 with ZeroDivisionError" in answer(broken, 1)


def inverse(x):
    return 1 / x


def test_a_helper_that_stops_is_named_with_its_line():
    said = answer(lambda x: 2 * inverse(x), 0)
    assert "double(0) stopped in its line 1, in line 2 of inverse, with ZeroDivisionError" in said


def test_what_stops_in_a_part_of_one_line_is_the_solutions_own():
    said = answer(lambda x: sum(1 / each for each in [x]), 0)
    assert "double(0) stopped in its line 1 with ZeroDivisionError" in said


def test_what_stops_in_a_library_is_no_helper():
    said = answer(lambda x: torch.nn.functional.linear(x, torch.ones(3)), torch.ones(2))
    assert "stopped in its line 1 with RuntimeError" in said


def test_a_solution_that_calls_itself_is_not_its_own_helper():
    def down(x):
        return down(x - 1) if x else x / 0

    assert "double(2) stopped in its line 2 with ZeroDivisionError" in answer(down, 2)


def test_a_forgotten_return_is_recognised():
    assert "Is a `return` missing?" in answer(lambda x: None, 1)


def test_an_answer_that_is_no_number_is_refused():
    assert "double(1) returns a str, not numbers" in answer(lambda x: "two", 1)


class Liar(torch.Tensor):
    """A tensor that says yes to whatever torch asks of it."""

    @classmethod
    def __torch_function__(cls, asked, kinds, args=(), kwargs=None):
        return True if asked is torch.allclose else args[0]


def test_a_tensor_that_answers_for_torch_is_refused():
    said = answer(lambda x: torch.ones(()).as_subclass(Liar), 1)
    assert "double(1) returns a Liar, not numbers" in said


def test_a_method_that_a_tensor_brings_along_is_not_asked():
    def own(x):
        brought = torch.ones(())
        brought.detach = brought.double = lambda: Liar()
        return brought

    assert type(Trial("double", own)(1)) is torch.Tensor


def test_a_parameter_is_an_answer():
    assert Trial("double", lambda x: torch.nn.Parameter(torch.ones(())))(1).item() == 1


def test_a_plain_number_is_an_answer():
    assert Trial("double", lambda x: 2 * x)(3).item() == 6


def test_a_solution_that_draws_leaves_the_global_generator_alone():
    before = torch.random.get_rng_state()
    Trial("double", lambda x: torch.rand(3))(1)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_an_unknown_mistake_is_shown_both_values():
    trial = Trial("double", lambda x: 3 * x)
    with pytest.raises(
        NotYet, match=r"double\(\[1, 0.5\]\) should be \[2, 1\]; yours is \[3, 1.5\]"
    ):
        trial.truth([2, 1], torch.tensor([1.0, 0.5]), usual={})


def test_yes_and_no_are_said_as_such():
    trial = Trial("larger", lambda a, b: b > a)
    with pytest.raises(NotYet, match=r"should be True; yours is False"):
        trial.truth(True, 2, 1, usual={})


def test_a_known_mistake_is_answered_with_its_sentence():
    trial = Trial("double", lambda x: x * x)
    with pytest.raises(NotYet, match=r"You square\.$"):
        trial.truth(6, 3, usual={"You add 2.": 5, "You square.": 9})


def test_an_answer_of_another_shape_is_not_right():
    with pytest.raises(NotYet, match=r"should be \[6\]; yours is 6"):
        Trial("double", lambda x: 2 * x).truth([6], 3, usual={})


def test_a_promise_that_is_not_kept_is_answered():
    with pytest.raises(NotYet, match="double, not yet: it is odd"):
        Trial("double", lambda x: x).promise(False, "it is odd")


def test_numbers_are_said_with_three_decimals():
    assert say(torch.tensor([[1 / 3, 1.0]])) == "[[0.333, 1]]"


def test_a_notebook_shows_the_sentence_alone():
    source = (
        "from metaxai_lab.classroom import check\ncheck.context(lambda weights, x: weights.T @ x)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbclient.NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    (error,) = notebook.cells[0].outputs
    assert error.traceback == [error.evalue]
    assert "the weights are turned over" in error.evalue
