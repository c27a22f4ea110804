"""CLINC150: domains held out whole, one vocabulary, published counts, other content refused."""

import json

import pytest

from metaxai_lab.tasks.archives import DamagedFileError, read_parts
from metaxai_lab.tasks.clinc150 import SPLITS, clinc150
from metaxai_lab.tasks.sources import MissingSetError, find_set, is_here

needs_clinc150 = pytest.mark.skipif(
    not is_here("clinc150"), reason="needs the set clinc150; see running_it.md"
)


@needs_clinc150
def test_every_intent_of_every_domain_is_in_one_split():
    tables = [clinc150(split) for split in SPLITS]
    assert [len(table.names) for table in tables] == [90, 30, 30]
    assert len(set().union(*(table.names for table in tables))) == 150
    assert [set(table.domains) for table in tables] == [set(split) for split in SPLITS.values()]
    assert sum(len(table.tokens) for table in tables) == 22_500


@needs_clinc150
def test_a_word_has_one_number_in_all_splits():
    assert clinc150("train").vocabulary == clinc150("test").vocabulary


@needs_clinc150
def test_a_sentence_reads_back_below_its_intent():
    table = clinc150("test")
    place = table.names.index("exchange_rate")
    said = table.words(table.tokens[150 * place])
    published = json.loads(read_parts(find_set("clinc150"), "data_full.json")["data_full.json"])
    first = next(sentence for sentence, intent in published["train"] if intent == "exchange_rate")
    assert said == first.lower().split()
    assert table.domains[place] == "travel"


@needs_clinc150
def test_loose_files_are_read_and_a_lost_sentence_is_noticed(tmp_path):
    for name in ("data_full.json", "domains.json"):
        (tmp_path / name).write_bytes(read_parts(find_set("clinc150"), name)[name])
    assert clinc150("test", folder=tmp_path).tokens.equal(clinc150("test").tokens)
    whole = json.loads((tmp_path / "data_full.json").read_text())
    (tmp_path / "data_full.json").write_text(json.dumps({**whole, "val": whole["val"][1:]}))
    with pytest.raises(DamagedFileError, match=r"'val': 2999.*'val': 3000"):
        clinc150("test", folder=tmp_path)


def test_what_is_no_json_is_refused(tmp_path):
    for name in ("data_full.json", "domains.json"):
        (tmp_path / name).write_text("<html>")
    with pytest.raises(DamagedFileError, match=r"content: found data_full\.json"):
        clinc150("test", folder=tmp_path)


def test_a_missing_set_is_said(tmp_path):
    with pytest.raises(MissingSetError, match="the planted sentences"):
        clinc150("test", folder=tmp_path)


def test_an_unknown_split_is_refused():
    with pytest.raises(ValueError, match="train, validation, test; found 'dev'"):
        clinc150("dev")
