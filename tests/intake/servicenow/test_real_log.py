"""The public log of 2016, its beginning or in whole: its counts, its truth, and that it can be played back."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.intake.servicenow import ImportReport, import_file
from supportdesk.intake.servicenow.export import ExportRow, open_export
from supportdesk.past import PastDesk
from supportdesk.sla.clocks import epoch, left_at
from supportdesk.store.database import open_database
from supportdesk.store.read_models import QueueRow
from supportdesk.store.verification.verify import verify
from tests.databases import address_at
from tests.history import opened
from tests.intake.servicenow.a_log import REAL_LOG

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
A_MORNING = datetime(2016, 3, 1, 8, 0, tzinfo=UTC)

# One worker for all: taking the log in takes a while.
pytestmark = [pytest.mark.xdist_group("real log"), pytest.mark.slow]


class Part(NamedTuple):
    """The rows of the log up to one, the incidents in them, and how many rows are not mapped for which reason."""

    rows: int
    incidents: int
    unmapped: dict[str, int]


BEGINNING = Part(1_573, 240, {"29": 5, "location": 3, "no": 1, "state": 1})
WHOLE = Part(5_998, 890, {"29": 5, "location": 8, "no": 4, "state": 1})

Imported = tuple[Path, Desk, ImportReport, Part]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(BEGINNING, id="beginning"),
        pytest.param(WHOLE, id="whole", marks=pytest.mark.long),
    ],
)
def imported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    folder = tmp_path_factory.mktemp("real")
    desk = opened(folder / "desk.db", FixedClock(NOW))
    log = beginning(folder, request.param.rows)
    yield folder / "desk.db", desk, import_file(desk, log, by="ann"), request.param
    desk.close()


def beginning(folder: Path, rows: int) -> Path:
    """Write the first rows of the log to a file of its own."""
    path = folder / "beginning.csv"
    with gzip.open(REAL_LOG, "rt") as log:
        path.write_text("".join(islice(log, rows + 1)))
    return path


def test_every_row_is_accounted_for(imported: Imported) -> None:
    _, _, report, part = imported
    assert (report.rows, report.incidents) == (part.rows, part.incidents)
    assert report.imported + report.unchanged == report.rows
    assert (report.known, report.refused) == (0, 0)
    assert Counter(each.reason.split()[0] for each in report.unmapped) == part.unmapped


def test_the_ledger_is_intact_after_it(imported: Imported) -> None:
    path, _, _, part = imported
    with closing(open_database(address_at(path))) as database:
        found = verify(database)
    assert found.is_intact, found
    assert found.tickets == part.incidents


@pytest.mark.long
def test_running_it_again_adds_nothing(imported: Imported, tmp_path: Path) -> None:
    _, desk, first, _ = imported
    seq = desk.queue().seq
    again = import_file(desk, beginning(tmp_path, first.rows), by="ann")
    assert (again.imported, again.known, again.unchanged) == (0, first.imported, first.unchanged)
    assert desk.queue().seq == seq


@pytest.mark.long
def test_running_its_beginning_again_adds_nothing(imported: Imported, tmp_path: Path) -> None:
    _, desk, _, _ = imported
    seq = desk.queue().seq
    again = import_file(desk, beginning(tmp_path, 300), by="ann")
    assert (again.imported, again.known + again.unchanged) == (0, 300)
    assert desk.queue().seq == seq


def test_every_incident_ends_as_the_log_says(imported: Imported) -> None:
    path, desk, _, _ = imported
    with open_export(path.with_name("beginning.csv")) as export:
        found = [each for incident in export.incidents for each in export.read_rows(incident)]
    rows = [each for each in found if isinstance(each, ExportRow)]
    last = {f"servicenow:{each.incident}": each for each in rows}
    reopened = {f"servicenow:{each.incident}" for each in rows if each["reopen_count"] != "0"}
    tickets = [desk.ticket(changed.ref).ticket for changed in desk.changes(0).rows]
    assert {ticket.source for ticket in tickets} == set(last)
    for ticket in tickets:
        assert ticket.source is not None
        end = last[ticket.source]
        assert ticket.stage == end["incident_state"].casefold()
        assert ticket.severity == ("critical", "high", "medium", "low")[int(end["priority"][0]) - 1]
        assert (ticket.reopens > 0) is (ticket.source in reopened)


def test_it_is_played_back_with_live_timers(imported: Imported) -> None:
    path, _, _, _ = imported
    seconds = iter(range(10_000))
    replay = PastDesk.open(address_at(path), A_MORNING, 600, monotonic=lambda: float(next(seconds)))
    first = replay.queue()
    assert len(first.rows) > 100
    row = next(each for each in first.rows if each.severity == "critical" and each.lead.verdict is None)
    calendar = replay.policies[row.policy].calendar(row.lead.calendar)
    before, after = (left_at(row.lead, epoch(replay.now()), calendar) for _ in range(2))
    assert before is not None
    assert after == before - 600
    assert replay.changes(first.seq).rows


def test_the_queue_as_of_a_day_is_where_a_replay_of_that_day_stands(
    imported: Imported,
) -> None:
    path, _, _, _ = imported
    replay = PastDesk.open(address_at(path), A_MORNING)
    replay.controls.pause()

    def unnumbered(rows: list[QueueRow]) -> list[QueueRow]:
        return [msgspec.structs.replace(each, changed_seq=0) for each in rows]

    for day in (10, 3, 24):
        at = datetime(2016, 3, day, 12, 0, tzinfo=UTC)
        replay.controls.seek(at)
        there = PastDesk.open(address_at(path), at)
        there.controls.pause()
        there.controls.seek(at)
        assert unnumbered(replay.queue().rows) == unnumbered(there.queue().rows)
