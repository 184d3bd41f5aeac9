"""Files of other systems."""

from __future__ import annotations

import io
from datetime import UTC
from functools import cache
from pathlib import Path

import msgspec

from supportdesk.cli.default_policy import load_default_policy
from supportdesk.desk import Desk
from supportdesk.intake.servicenow.export import ExportRow, UnreadableExportError, open_export
from supportdesk.intake.servicenow.importer import import_file
from supportdesk.intake.servicenow.incident import read_incident
from supportdesk.intake.servicenow.timestamps import DateOrder
from supportdesk.store.anchors import BadAnchorError, parse_anchors
from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.exchange.importer import BadExportError, import_lines
from supportdesk.store.exchange.lines import LINE_TYPES, BadLineError, Count, decode_line
from supportdesk.store.verification.verify import verify
from tests.fuzz.target import Target, assert_helps, assert_plain, file_target, scratch_folder, text_target
from tests.store.desks import furnished

LIMIT = 1 << 24
_policy = cache(load_default_policy)


@file_target("servicenow")
def servicenow(path: Path) -> None:
    """An export is read row by row, or refused; a row that cannot be read says which line it is and why."""
    policy = _policy()
    for dates in (None, DateOrder.MONTH_FIRST):
        try:
            with open_export(path, dates=dates, zone=UTC, limit=LIMIT) as export:
                for refused in export.unreadable_rows:
                    assert refused.line > 0
                    assert refused.reason
                for incident in export.incidents:
                    rows = list(export.read_rows(incident))
                    readable = [row for row in rows if isinstance(row, ExportRow)]
                    if readable:
                        read_incident(readable, policy, lambda row, reason: None)
        except UnreadableExportError as error:
            assert_helps(str(error), " ")


@file_target("servicenow-import", quick=False, longest=1 << 16)
def servicenow_import(path: Path) -> None:
    """Whatever an export holds, the desk stays intact, and its texts are plain."""
    address = furnished(scratch_folder())
    desk = Desk.open(address)
    try:
        report = import_file(desk, path, by="sue")
    except UnreadableExportError:
        return
    else:
        for remark in report.unmapped:
            assert_helps(remark.reason, " ")
        for row in desk.queue().rows:
            for text in (row.summary, row.organisation, row.contact):
                assert_plain(text)
    finally:
        desk.close()
    database = open_database(address)
    try:
        assert verify(database).is_intact
    finally:
        database.close()


def _seal(sample: bytes) -> bytes:
    """Return an export with a last line that fits the others, as somebody who forges one would write it."""
    first, *lines = sample.rstrip(b"\n").split(b"\n")
    count = Count()
    count.add(first + b"\n")
    for line in lines[:-1]:
        try:
            line_type, _ = decode_line(line)
        except BadLineError:
            line_type = LINE_TYPES[0]
        count.add(line + b"\n", line_type)
    trailer = count.trailer()
    end = msgspec.json.encode(trailer)
    return b"\n".join((first, *lines[:-1], end)) + b"\n"


def _check_export(sample: bytes) -> None:
    """A file is a whole export and makes a desk that is intact, or makes none and is refused with the line."""
    for content in (sample, _seal(sample)):
        address = scratch_folder() / "imported.db"
        try:
            found = import_lines(io.BytesIO(content), str(address))
        except BadExportError as error:
            assert_helps(str(error), "line ", "it does not make a desk", "its events do not make")
        except DeskUnavailableError as error:
            assert_helps(str(error), " ")
        else:
            assert found.is_intact
            continue
        assert list(address.parent.iterdir()) == []


json_lines = Target("jsonl", _check_export, text=False, quick=False, longest=1 << 18)


@text_target("anchors")
def anchors(text: str) -> None:
    """The anchors in a file are the same when they are written and read again."""
    try:
        found = parse_anchors(text)
    except BadAnchorError as error:
        assert_helps(str(error), "as `supportdesk anchor` writes it")
        return
    again = parse_anchors("\n".join(str(anchor.point) for anchor in found))
    assert [anchor.point for anchor in again] == [anchor.point for anchor in found]
