"""Reading a log of incidents: what is one, what is none, and which rows cannot be read."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.intake.servicenow_log import Misfit, Row, UnreadableLogError, read_instant, read_log
from tests.intake.a_log import row, write


def test_a_gzipped_log_reads_as_the_plain_one(tmp_path: Path) -> None:
    plain = write(tmp_path / "log.csv", [row(), row("Resolved")])
    zipped = tmp_path / "zipped"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(read_log(zipped)) == list(read_log(plain))
    assert len(list(read_log(plain))) == 2


def test_rows_count_as_a_text_editor_counts_and_a_question_mark_is_nothing(tmp_path: Path) -> None:
    first, second = read_log(write(tmp_path / "log.csv", [row(assigned_to="?"), row("Active")]))
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.line, second.line) == (2, 3)
    assert first["assigned_to"] == ""
    assert first["vendor"] == ""


def test_a_byte_order_mark_belongs_to_no_column(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", [row()])
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    (only,) = read_log(path)
    assert isinstance(only, Row)
    assert only.incident == "INC0000001"


def test_a_file_without_its_columns_is_refused_with_their_names(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("number,incident_state\nINC1,New\n", encoding="utf-8")
    with pytest.raises(
        UnreadableLogError, match="no column opened_at, sys_mod_count, sys_updated_at, priority"
    ):
        list(read_log(path))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\xff",
        gzip.compress(b"number,priority\n" * 50, mtime=0)[:40],
        b"\x1f\x8brubbish",
    ],
)
def test_what_is_no_log_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableLogError):
        list(read_log(path))


def test_a_row_with_too_few_fields_is_told_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", [row(), row("Active")])
    path.write_text(path.read_text(encoding="utf-8") + "INC0000009,New,TRUE\n", encoding="utf-8")
    misfit = list(read_log(path))[-1]
    assert misfit == Misfit(4, "INC0000009", "it has 3 fields where the header has 20")


def test_times_of_the_log_are_taken_as_utc() -> None:
    assert read_instant("29-02-2016 01:16") == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert read_instant("5/3/2016 7:05") == datetime(2016, 3, 5, 7, 5, tzinfo=UTC)
    assert read_instant("") is None
    assert read_instant("31-02-2016 01:16") is None
