"""What an operator has done with the entries of their inbox, in a file that every console shares."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.settings.inbox_marks import KEPT_FOR, InboxMarks

NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_mark_is_read_again_and_replaces_the_other_one(tmp_path: Path) -> None:
    path = tmp_path / "state" / "inbox.json"
    marks = InboxMarks(path)
    marks.mark_done("1-a", NOW)
    marks.put_off("2-b", NOW + HOUR, NOW)
    assert InboxMarks(path).done == {"1-a": NOW}
    assert InboxMarks(path).later == {"2-b": NOW + HOUR}
    marks.put_off("1-a", NOW + HOUR, NOW)
    marks.clear("2-b", NOW)
    assert InboxMarks(path).done == {}
    assert InboxMarks(path).later == {"1-a": NOW + HOUR}


def test_two_consoles_do_not_overwrite_each_other(tmp_path: Path) -> None:
    path = tmp_path / "inbox.json"
    one, other = InboxMarks(path), InboxMarks(path)
    one.mark_done("1-a", NOW)
    other.mark_done("2-b", NOW)
    assert set(InboxMarks(path).done) == {"1-a", "2-b"} == set(other.done)


def test_old_marks_are_forgotten(tmp_path: Path) -> None:
    marks = InboxMarks(tmp_path / "inbox.json")
    marks.mark_done("1-a", NOW)
    marks.mark_done("2-b", NOW + KEPT_FOR + HOUR)
    assert set(marks.done) == {"2-b"}


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff", b'{"done": {"1-a": "2026-11-24T09:42:00"}}'])
def test_a_damaged_file_counts_as_missing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "inbox.json"
    path.write_bytes(content)
    marks = InboxMarks(path)
    assert marks.done == {}
    marks.mark_done("1-a", NOW)
    assert InboxMarks(path).done == {"1-a": NOW}


def test_without_a_file_or_where_it_cannot_be_written_a_mark_lasts_for_the_run(tmp_path: Path) -> None:
    marks = InboxMarks()
    marks.mark_done("1-a", NOW)
    assert marks.done == {"1-a": NOW}
    (tmp_path / "occupied").write_text("a file where the folder should be")
    elsewhere = InboxMarks(tmp_path / "occupied" / "inbox.json")
    with pytest.raises(OSError, match="occupied"):
        elsewhere.mark_done("1-a", NOW)
    assert elsewhere.done == {"1-a": NOW}
