"""Files of other systems."""

from __future__ import annotations

from datetime import UTC
from functools import cache
from pathlib import Path

from supportdesk.cli.default_policy import load_default_policy
from supportdesk.desk import Desk
from supportdesk.intake.servicenow.export import ExportRow, UnreadableExportError, open_export
from supportdesk.intake.servicenow.importer import import_file
from supportdesk.intake.servicenow.incident import read_incident
from supportdesk.intake.servicenow.timestamps import DateOrder
from supportdesk.store.database import open_database
from supportdesk.store.verification.verify import verify
from tests.fuzz.target import assert_helps, assert_plain, file_target, scratch_folder
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
