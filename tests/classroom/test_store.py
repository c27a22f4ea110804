import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from metaxai_lab.classroom import store

ONE_PIXEL = "iVBORw0KGgo="


def a_run_cell(source="1 + 1", **output):
    outputs = [new_output(**output)] if output else []
    return new_code_cell(source, execution_count=1, outputs=outputs)


def a_notebook(*cells):
    return nbformat.from_dict(
        new_notebook(cells=list(cells), metadata={"kernelspec": store.KERNEL})
    )


@pytest.fixture
def write(tmp_path):
    def write(*sources):
        path = tmp_path / "chapter.ipynb"
        nbformat.write(a_notebook(*(new_code_cell(source) for source in sources)), path)
        return path

    return write


def test_a_stored_notebook_holds_what_its_cells_print(write):
    path = write("x = 20", "print(x + 1)")
    assert store.main([str(path)]) == 0
    assert nbformat.read(path, as_version=4).cells[1].outputs[0].text == "21\n"


def test_storing_twice_gives_the_same_bytes(write):
    path = write("object()", "import sys; f'{sys.version_info.major}'")
    store.main([str(path)])
    first = path.read_bytes()
    store.main([str(path)])
    assert path.read_bytes() == first


def test_check_changes_no_byte(write):
    path = write("print('never run')")
    before = path.read_bytes()
    assert store.main(["--check", str(path)]) == 1
    assert path.read_bytes() == before


def test_a_failing_cell_leaves_the_file_as_it_was(write):
    path = write("print('before')", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        store.main([str(path)])
    assert path.read_bytes() == before


def test_a_notebook_runs_from_its_own_folder(write):
    path = write("import os; print(os.getcwd())")
    assert store.run(path).cells[0].outputs[0].text.strip() == str(path.parent)


def test_pictures_and_widget_views_are_taken_out_and_words_are_kept():
    picture = {"image/png": ONE_PIXEL, "text/plain": "<Figure size 640x480 with 1 Axes>"}
    notebook = a_notebook(a_run_cell(output_type="display_data", data=picture))
    data = store.slim(notebook).cells[0].outputs[0].data
    assert data == {"text/plain": "<Figure size 640x480 with 1 Axes>"}


def test_the_record_a_claim_leaves_in_its_output_is_kept():
    record = {"metaxai": {"id": "A8.pointing", "value": 0.9}}
    cell = a_run_cell(output_type="display_data", data={"text/plain": "held"}, metadata=record)
    assert store.slim(a_notebook(cell)).cells[0].outputs[0].metadata == record


def test_addresses_are_replaced_by_a_stand_in():
    cell = a_run_cell(output_type="stream", name="stdout", text="<object at 0x7f3a5c0d1e20>")
    assert store.slim(a_notebook(cell)).cells[0].outputs[0].text == "<object at 0xADDR>"


def test_a_clean_notebook_has_no_faults():
    printed = a_run_cell(output_type="stream", name="stdout", text="2")
    assert store.faults(a_notebook(new_markdown_cell("# Title"), printed)) == []


FAULTY = {
    "ends in a semicolon": a_run_cell("plt.plot([1, 2]);"),
    "was never run": new_code_cell("1 + 1"),
    "stores image/png": a_run_cell(output_type="display_data", data={"image/png": ONE_PIXEL}),
    "stores an error (ValueError)": a_run_cell(output_type="error", ename="ValueError"),
    "writes to stderr": a_run_cell(output_type="stream", name="stderr", text="50 %"),
    "escapes the comparison by nbval-skip": a_run_cell("# NBVAL_SKIP\n1 + 1"),
    "escapes the comparison by nbval-ignore-output": new_code_cell(
        "1 + 1", execution_count=1, metadata={"tags": ["nbval-ignore-output"]}
    ),
}


@pytest.mark.parametrize("sentence", FAULTY)
def test_a_hollow_comparison_is_named_with_its_cell(sentence):
    (fault,) = store.faults(a_notebook(new_markdown_cell("# Title"), FAULTY[sentence]))
    assert fault.startswith(f"cell 1 {sentence}")


def test_an_expected_error_is_no_fault():
    cell = a_run_cell("1 / 0", output_type="error", ename="ZeroDivisionError")
    cell.metadata.tags = ["raises-exception"]
    assert store.faults(a_notebook(cell)) == []


def test_the_state_of_widgets_is_a_fault_and_is_taken_out():
    notebook = a_notebook()
    notebook.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {}}
    assert "widgets" in store.faults(notebook)[0]
    assert store.faults(store.slim(notebook)) == []


def test_another_kernel_is_a_fault():
    notebook = a_notebook()
    notebook.metadata.kernelspec = {"name": "my-env", "display_name": "mine"}
    assert "kernel 'python3'" in store.faults(notebook)[0]
