"""Reading an export of incidents: what is one, what is none, and which rows cannot be read."""

from __future__ import annotations

import codecs
import gzip
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from supportdesk.intake.servicenow.export import (
    Export,
    ExportRow,
    UnreadableExportError,
    UnreadableRow,
    open_export,
)
from supportdesk.intake.servicenow.timestamps import DateOrder
from tests.intake.servicenow.a_log import row, write

CURRENT = (
    "number,state,hold_reason,priority,company,caller_id,short_description,assignment_group,assigned_to,"
    "contact_type,opened_at,sys_updated_on,sys_updated_by,sys_mod_count\n"
)
LABELS = (
    "Number,State,On hold reason,Priority,Company,Caller,Short description,Assignment group,Assigned to,"
    "Channel,Opened,Updated,Updated by,Updates\n"
)
VALUES = (
    "INC0010001,In Progress,,2 - High,Acme Ltd,Jo Park,Export stops,Service Desk,Sam Fox,"
    "Phone,2026-11-20 09:00:00,2026-11-20 09:10:30,admin,3\n"
)


def rows_of(path: Path, **options: object) -> list[ExportRow | UnreadableRow]:
    """All rows of an export, those that cannot be read first."""
    with open_export(path, **options) as export:  # type: ignore[arg-type]
        return [
            *export.unreadable_rows,
            *(each for incident in export.incidents for each in export.read_rows(incident)),
        ]


def only_row(path: Path, **options: object) -> ExportRow:
    (found,) = rows_of(path, **options)
    assert isinstance(found, ExportRow), found
    return found


def described(path: Path) -> str:
    with open_export(path) as export:
        return export.description


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def test_a_gzipped_export_reads_as_the_plain_one(tmp_path: Path) -> None:
    plain = write(tmp_path / "log.csv", [row(), row("Resolved")])
    zipped = tmp_path / "zipped"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    assert rows_of(zipped) == rows_of(plain)
    assert len(rows_of(plain)) == 2


@pytest.mark.parametrize("header", [CURRENT, LABELS], ids=["names", "labels"])
def test_servicenows_own_names_and_labels_are_known(tmp_path: Path, header: str) -> None:
    found = only_row(text(tmp_path / "export.csv", header + VALUES))
    assert found.at == datetime(2026, 11, 20, 9, 10, 30, tzinfo=UTC)
    assert found.opened_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert (found.incident, found.state, found.changes) == ("INC0010001", "In Progress", 3)
    assert (found["company"], found["caller_id"], found["assigned_to"]) == ("Acme Ltd", "Jo Park", "Sam Fox")


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    path = text(
        tmp_path / "log.csv",
        "sep=,\nnumber,state,sys_updated_on,priority,description\n"
        'INC1,New,2026-11-20 09:00:00,3,"one\ntwo\n\nthree"\n'
        "\n"
        "INC2,New,soon,3,four\n"
        "INC3,New\n"
        "INC4,New,2026-11-20 09:00:00,3,five\n",
    )
    assert [(each.line, each.incident) for each in rows_of(path)] == [
        (9, "INC3"),
        (3, "INC1"),
        (8, "INC2"),
        (10, "INC4"),
    ]


def test_a_question_mark_is_nothing(tmp_path: Path) -> None:
    found = only_row(write(tmp_path / "log.csv", [row(assigned_to="?")]))
    assert (found["assigned_to"], found["vendor"]) == ("", "")


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
@pytest.mark.parametrize("named", [True, False])
def test_the_separator_is_recognised(tmp_path: Path, separator: str, name: str, named: bool) -> None:
    content = (CURRENT + VALUES).replace(",", separator)
    path = text(tmp_path / "export.csv", f"sep={separator}\n{content}" if named else content)
    assert only_row(path)["caller_id"] == "Jo Park"
    assert f"separated by {name}" in described(path)


@pytest.mark.parametrize(
    ("encoding", "mark", "name"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", codecs.BOM_UTF8, "UTF-8"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "UTF-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "UTF-16"),
        ("utf-16-le", b"", "UTF-16"),
        ("utf-16-be", b"", "UTF-16"),
        ("cp1252", b"", "Windows-1252"),
    ],
)
def test_the_encoding_is_recognised(tmp_path: Path, encoding: str, mark: bytes, name: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(mark + (CURRENT + VALUES.replace("Jo Park", "José Müller–Ng")).encode(encoding))
    assert only_row(path)["caller_id"] == "José Müller–Ng"
    assert f"Read as {name}," in described(path)


def test_a_later_letter_decides_the_encoding_too(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    many = VALUES.replace("INC0010001", "INC2") * 10_000
    path.write_bytes((CURRENT + many + VALUES.replace("Jo Park", "José")).encode("cp1252"))
    with open_export(path) as export:
        assert [
            each["caller_id"] for each in export.read_rows("INC0010001") if isinstance(each, ExportRow)
        ] == ["José"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04...", "an Excel workbook"),
        (b"<?xml version='1.0'?>", "an XML or HTML file"),
        (b'{"result": []}', "a JSON file"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\xff\x00\x00", "null bytes"),
        (codecs.BOM_UTF32_LE + "number".encode("utf-32-le"), "UTF-32"),
        (
            b"number,state,sys_updated_on,priority\nINC1,\x81\x8d,x,1\n",
            "neither in UTF-8 nor in UTF-16 or Windows",
        ),
        (
            (CURRENT + VALUES.replace("Jo", "Zoë")).encode() + VALUES.replace("Jo", "Zoë").encode("cp1252"),
            r"in UTF-8 and damaged at byte 351",
        ),
        (gzip.compress(b"number,priority\n" * 50, mtime=0)[:40], "compression is damaged"),
        (b"\x1f\x8brubbish", "compression is damaged"),
        (gzip.compress(b"", mtime=0), "it is empty"),
        (b"a,b\n1,2\n", "names no column of an incident"),
        (b"number,state\nINC1,New\n", r"lacks the columns sys_updated_on \(or sys_updated_at\), priority"),
        (b"number,state,State,sys_updated_on,priority\n", "two columns for state"),
        (b"number,state,sys_updated_on,sys_updated_at,priority\n", "two columns for sys_updated_at"),
        (
            b'number,state,sys_updated_on,priority\nINC1,"New,2026-01-01 00:00:00,1\n',
            "line 2 is not CSV",
        ),
    ],
)
def test_what_is_no_export_is_refused_with_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableExportError, match=said), open_export(path):
        pass


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableExportError, match="not a file"), open_export(tmp_path / "pipe"):
        pass


def test_a_row_with_too_few_fields_is_reported_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", [row(), row("Active")])
    path.write_text(path.read_text(encoding="utf-8") + "INC0000009,New,TRUE\n", encoding="utf-8")
    assert rows_of(path)[0] == UnreadableRow(4, "INC0000009", "it has 3 fields where the header has 20")


def test_a_small_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress((CURRENT + VALUES * 40_000).encode()))
    assert path.stat().st_size < 100_000
    with (
        pytest.raises(UnreadableExportError, match="more than 4 MiB of text"),
        open_export(path, limit=4 << 20),
    ):
        pass


def test_a_line_without_an_end_is_refused(tmp_path: Path) -> None:
    path = text(tmp_path / "export.csv", CURRENT + "x" * 5_000_000)
    with pytest.raises(UnreadableExportError, match="more than 4,000,000 characters"), open_export(path):
        pass


@pytest.mark.parametrize(
    ("dates", "order", "at"),
    [
        ("29-02-2016 01:16", DateOrder.DAY_FIRST, "2016-02-29 01:16:00"),
        ("29/02/2016 01:16:59", DateOrder.DAY_FIRST, "2016-02-29 01:16:59"),
        ("29.2.2016 1:16", DateOrder.DAY_FIRST, "2016-02-29 01:16:00"),
        ("02-29-2016 01:16:59", DateOrder.MONTH_FIRST, "2016-02-29 01:16:59"),
        ("2/29/2016 1:16 PM", DateOrder.MONTH_FIRST, "2016-02-29 13:16:00"),
        ("02/29/2016 12:16:05 a.m.", DateOrder.MONTH_FIRST, "2016-02-29 00:16:05"),
        ("02-29-2016 01.16.59", DateOrder.MONTH_FIRST, "2016-02-29 01:16:59"),
        ("02/29/2016 01:16\u202fPM", DateOrder.MONTH_FIRST, "2016-02-29 13:16:00"),
        ("2016-02-29 01:16:59", DateOrder.ISO, "2016-02-29 01:16:59"),
        ("2016-02-29T01:16:59.123Z", DateOrder.ISO, "2016-02-29 01:16:59"),
        ("2016/2/29 01:16", DateOrder.ISO, "2016-02-29 01:16:00"),
        ("2016-02-29 01:16+05:30", DateOrder.ISO, "2016-02-28 19:46:00"),
        ("05-03-2016 07:05", DateOrder.DAY_FIRST, "2016-03-05 07:05:00"),
    ],
)
def test_dates_are_read_in_the_order_that_the_file_has(
    tmp_path: Path, dates: str, order: DateOrder, at: str
) -> None:
    path = write(tmp_path / "log.csv", [row(at=dates, opened_at=dates)])
    assert f"{only_row(path).at:%Y-%m-%d %H:%M:%S}" == at
    assert f"dates {order.text}" in described(path)


def test_one_date_shows_the_order_of_all(tmp_path: Path) -> None:
    path = write(
        tmp_path / "log.csv",
        [row(at="03-05-2016 07:05", opened_at="?"), row(at="03-31-2016 07:05", opened_at="?", number="INC2")],
    )
    assert [each.at.month for each in rows_of(path) if isinstance(each, ExportRow)] == [3, 3]


@pytest.mark.parametrize("later", ["03-31-2016 07:05:00", "03-31-2016", "03-31-2016 07.05.00 AM"])
def test_a_date_of_the_end_shows_the_order_too(tmp_path: Path, later: str) -> None:
    path = tmp_path / "export.csv"
    header = "number,state,priority,sys_updated_on,closed_at\n"
    path.write_text(f"{header}INC1,Closed,1,03-05-2016 07:05:00,{later}\n")
    assert only_row(path).at.month == 3


def test_an_order_that_no_date_shows_is_said_to_be_assumed_and_can_be_given(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", [row(at="03-05-2016 07:05", opened_at="?")])
    assert "dates day first (assumed, as no date shows it; --dates mdy" in described(path)
    assert only_row(path, dates=DateOrder.MONTH_FIRST).at == datetime(2016, 3, 5, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("29-02-2016 01:16", "02-29-2016 01:16"),
        ("29-02-2016 01:16", "2016-02-29 01:16"),
        ("05-03-2016 01:16", "2016-03-05 01:16"),
    ],
)
def test_a_file_that_mixes_orders_is_refused_with_the_lines(tmp_path: Path, one: str, other: str) -> None:
    path = write(tmp_path / "log.csv", [row(at=one, opened_at="?"), row(at=other, opened_at="?")])
    with pytest.raises(UnreadableExportError, match=r"mixes orders.*in line 2.*in line 3"), open_export(path):
        pass


def test_an_order_that_the_dates_contradict_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", [row(at="29-02-2016 01:16", opened_at="?")])
    with pytest.raises(UnreadableExportError, match=r"not month first.*line 2"):
        only_row(path, dates=DateOrder.MONTH_FIRST)


@pytest.mark.parametrize(
    "bad", ["31-02-2016 01:16", "29-02-2016 25:00", "29-02-2016", "soon", "", "２９-02-2016 01:16"]
)
def test_a_time_that_is_none_refuses_its_row(tmp_path: Path, bad: str) -> None:
    (found,) = rows_of(write(tmp_path / "log.csv", [row(at=bad)]))
    assert isinstance(found, UnreadableRow)
    assert "not a time such as 29-02-2016 01:23" in found.reason


@pytest.mark.parametrize(
    ("local", "utc", "said"),
    [
        ("29-07-2016 09:00", "08:00", ""),
        ("27-03-2016 01:30", "01:30", "was skipped"),
        ("30-10-2016 01:30", "00:30", "came twice"),
    ],
)
def test_times_are_those_of_the_zone_that_is_given(tmp_path: Path, local: str, utc: str, said: str) -> None:
    path = write(tmp_path / "log.csv", [row(at=local, opened_at="?")])
    found = only_row(path, zone=ZoneInfo("Europe/London"))
    assert f"{found.at:%H:%M}" == utc
    assert said in found.remark
    assert bool(found.remark) is bool(said)


def test_only_the_places_of_rows_are_held_in_memory(tmp_path: Path) -> None:
    import tracemalloc

    path = text(tmp_path / "export.csv", CURRENT + VALUES * 4_000)

    def peak() -> int:
        with open_export(path) as export:
            held: Export = export
            assert held.count("INC0010001") == 4_000
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        assert peak() < 3 << 20
    finally:
        tracemalloc.stop()
