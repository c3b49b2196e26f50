"""A new key file takes the place of the one before, and an interruption leaves a whole key in it."""

import os
import stat
from pathlib import Path

import pytest

from signflow.proof.keys import KeyFileError, create_key_file, load_key_file
from signflow.proof.replacing import ended_file, next_file, replace_key_file


@pytest.fixture
def path(tmp_path):
    return tmp_path / "signing-key.pem"


def test_the_files_are_called_after_the_key(path):
    assert next_file(path) == path.with_name("signing-key.next.pem")
    assert ended_file(path, "abcdefghijk") == path.with_name("signing-key.ended-abcdefgh.pem")


def test_the_old_key_is_kept_and_the_new_one_stands_in_its_place(path):
    old, new = create_key_file(path), create_key_file(next_file(path))
    kept = replace_key_file(path, ended=old.kid)
    assert kept == ended_file(path, old.kid)
    assert (load_key_file(path).kid, load_key_file(kept).kid) == (new.kid, old.kid)
    assert sorted(path.parent.iterdir()) == sorted([path, kept])
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


@pytest.mark.parametrize("act", ["hardlink_to", "replace"])
def test_interrupted_it_leaves_the_old_key_and_can_be_done_again(path, monkeypatch, act):
    old, new = create_key_file(path), create_key_file(next_file(path))

    def fails(*_given):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(Path, act, fails)
        with pytest.raises(KeyFileError, match=r"cannot take the place of .*: Input/output error\.$"):
            replace_key_file(path, ended=old.kid)
    assert (load_key_file(path).kid, load_key_file(next_file(path)).kid) == (old.kid, new.kid)
    assert load_key_file(replace_key_file(path, ended=old.kid)).kid == old.kid
    assert load_key_file(path).kid == new.kid


def test_another_file_under_the_name_of_the_ended_key_is_not_written_over(path):
    old = create_key_file(path)
    create_key_file(next_file(path))
    taken = ended_file(path, old.kid)
    taken.write_text("precious")
    with pytest.raises(KeyFileError, match="File exists"):
        replace_key_file(path, ended=old.kid)
    assert (taken.read_text(), load_key_file(path).kid) == ("precious", old.kid)


def test_nothing_waits(path):
    old = create_key_file(path)
    with pytest.raises(KeyFileError, match="No such file or directory"):
        replace_key_file(path, ended=old.kid)
    assert load_key_file(path).kid == old.kid


def test_a_key_file_is_there_whole_or_not_at_all(path, monkeypatch):
    """The disk is full in the middle of writing: nothing is left that could be taken for a key."""

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeyFileError, match="cannot be made: No space left on device"):
        create_key_file(path)
    assert list(path.parent.iterdir()) == []
