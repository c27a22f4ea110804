from metaxai_lab.classroom.statements import STATEMENTS


def test_every_statement_of_both_documents_is_on_the_list():
    wanted = [f"A{n}" for n in range(1, 19)] + [f"B{n}" for n in range(1, 15)]
    assert list(STATEMENTS) == wanted


def test_every_statement_says_something_of_its_own():
    sentences = {statement.says for statement in STATEMENTS.values()}
    assert len(sentences) == len(STATEMENTS)
    assert all(said.endswith(".") for said in sentences)
