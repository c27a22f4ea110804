"""Curves come back as they were told, from records that cross the end of a block, too."""

from threading import Timer

import pytest

from metaxai_lab.classroom import read_back
from metaxai_lab.classroom.read_back import event_curve, offline_curve
from metaxai_lab.learners import tensorboard

TOLD = [(1, 0.5), (2, 0.25), (7, 0.125)]


def test_a_curve_of_tensorboard_comes_back(tmp_path):
    with tensorboard(tmp_path) as track:
        for step, loss in TOLD:
            track(step, loss)
        track.validation(2, 4.0)
    assert event_curve(tmp_path, "loss") == TOLD
    assert event_curve(tmp_path, "validation") == [(2, 4.0)]


def test_a_curve_that_tensorboard_was_not_told_is_an_error(tmp_path):
    with pytest.raises(KeyError):
        event_curve(tmp_path, "loss")


def block(content, kind=1):
    return b"\0" * 4 + len(content).to_bytes(2, "little") + bytes([kind]) + content


def test_records_come_back_whole_and_in_order():
    log = b"\0" * 7 + block(b"one") + block(b"") + block(b"two")
    assert list(read_back._records(log)) == [b"one", b"", b"two"]


def test_a_record_goes_on_in_the_next_block():
    first, left = b"a" * (32_768 - 14), b"b" * 9
    log = b"\0" * 7 + block(first, 2) + block(left, 4) + block(b"next")
    assert list(read_back._records(log)) == [first + left, b"next"]


def test_too_small_an_end_of_a_block_is_passed_over():
    first = b"a" * (32_768 - 14 - 3)
    log = b"\0" * 7 + block(first) + b"\0" * 3 + block(b"next")
    assert list(read_back._records(log)) == [first, b"next"]


def test_a_record_that_was_cut_off_is_left_out():
    assert list(read_back._records(b"\0" * 7 + block(b"one") + block(b"half", 2))) == [b"one"]


def run(folder, *points, ended=True):
    """Write what an offline run would hold, as the package's own messages."""
    from wandb.proto.wandb_internal_pb2 import Record

    log = b"\0" * 7
    for point in points:
        record = Record()
        for name, value in point.items():
            record.history.item.add(key=name, value_json=value)
        log += block(record.SerializeToString())
    log += block(Record(exit={"exit_code": 0}).SerializeToString()) if ended else b""
    place = folder / "wandb" / "offline-run-x"
    place.mkdir(parents=True)
    (place / "run-x.wandb").write_bytes(log)
    return place / "run-x.wandb"


def test_a_curve_of_an_offline_run_comes_back(tmp_path):
    run(tmp_path, {"_step": "1", "loss": "0.5"}, {"_step": "2", "other": "3", "note": '"word"'})
    assert offline_curve(tmp_path, "loss") == [(1, 0.5)]


def test_a_curve_that_a_run_was_not_told_is_named_with_those_it_was(tmp_path):
    run(tmp_path, {"_step": "1", "loss": "0.5"})
    with pytest.raises(KeyError, match="no curve 'speed'; it has loss"):
        offline_curve(tmp_path, "speed")


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="found 0"):
        offline_curve(tmp_path, "loss")


def test_a_run_whose_writer_is_still_at_work_is_waited_for(tmp_path):
    file = run(tmp_path, {"_step": "1", "loss": "0.5"})
    whole = file.read_bytes()
    file.write_bytes(whole[:7])
    later = Timer(0.3, file.write_bytes, [whole])
    later.start()
    assert offline_curve(tmp_path, "loss") == [(1, 0.5)]
    later.join()


def test_a_run_without_an_end_is_said_to_have_none(tmp_path):
    run(tmp_path, {"_step": "1", "loss": "0.5"}, ended=False)
    with pytest.raises(TimeoutError, match=r"1 records and no end after 0\.1 s"):
        offline_curve(tmp_path, "loss", patience=0.1)
