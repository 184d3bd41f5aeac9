"""Undo for records: by the person who made the change, visibly, and only while nothing relies on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.sla.clocks import State, epoch
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Role, Rotation
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.resolution import PromiseFix, ProposeWorkaround, Resolve, Wait
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import (
    ChangeDay,
    InstallPolicy,
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
    SaveRotation,
)
from tests.store.desks import done, events, logged, refused, verified
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum

TUESDAY = date(2026, 11, 24)
SUE = msgspec.structs.replace(RECORDS.staff["sue"], roles=(Role.SUPERVISOR, Role.ADMINISTRATOR))
SAM = RECORDS.staff["sam"]
LATER = date(2026, 12, 16)


def undone(desk: Desk, by: str = "sue") -> str:
    """Takes back somebody's last change; returns what it was."""
    change = desk.last_record_change(by)
    assert change is not None
    done(desk, UndoRecord(change.seq), by=by)
    return change.description


def stays(desk: Desk, by: str = "sue", *, of: str = "") -> str:
    """Why somebody's last change stays; with `of` that of somebody else."""
    change = desk.last_record_change(of or by)
    assert change is not None
    return refused(desk, UndoRecord(change.seq), by=by)


def records(desk: Desk) -> Any:
    """All that the desk knows besides its tickets."""
    known = desk.roster()
    kinds = (Organisation, Contact, Article, Release, Person)
    return (
        known,
        [desk.find_records(kind).documents for kind in kinds],
        desk.changed_days(),
        dict(desk.policies),
    )


def newer(**changes: Any) -> Any:
    return msgspec.structs.replace(
        claritum(), version="2", effective=MONDAY_NINE + timedelta(days=9), **changes
    )


CHANGES: list[tuple[Command, str]] = [
    (
        SavePerson(msgspec.structs.replace(SAM, name="Sam Okoro", telephone="+44 20 7946 0001")),
        "changed Sam Okoro: name from Sam to Sam Okoro; telephone from +44 20 7946 0003 to +44 20 7946 0001",
    ),
    (SavePerson(msgspec.structs.replace(SAM, active=False)), "changed Sam: active from yes to no"),
    (SavePerson(Person("lu", "Lu", "user-support", (Role.AGENT,))), "added Lu"),
    (
        SaveOrganisation(Organisation("acme", "Acme plc")),
        "changed Acme plc: name from Acme Ltd to Acme plc; account manager from max to none",
    ),
    (SaveOrganisation(Organisation("zeta", "Zeta")), "added Zeta"),
    (
        SaveContact(Contact("jo", "acme", "Jo Park")),
        "changed Jo Park: super user from yes to no",
    ),
    (SaveContact(Contact("lu", "acme", "Lu Wu")), "added Lu Wu"),
    (
        SaveRelease(Release("2026.12", LATER)),
        "changed release 2026.12: date from 9 Dec 2026 to 16 Dec 2026",
    ),
    (
        SaveRelease(Release("2026.12", date(2026, 12, 9), shipped_at=MONDAY_NINE)),
        "changed release 2026.12: time of shipping from none to 23 Nov 2026 09:00 GMT",
    ),
    (SaveRelease(Release("2027.03", date(2027, 3, 3))), "added release 2027.03"),
    (
        SaveArticle(Article("KB-1", "Printing")),
        "changed article KB-1: title from Printing a logo to Printing",
    ),
    (SaveArticle(Article("KB-9", "New")), "added article KB-9"),
    (
        SaveRotation(
            Rotation((*("priya", "dora") * 2, "sam"), datetime(2026, 11, 2, 8, tzinfo=UTC), "Europe/London")
        ),
        "changed the rota from 2 Nov 2026 08:00 GMT: members from priya, dora to priya, dora, priya, dora, sam",
    ),
    (ChangeDay("office", TUESDAY, (), "storm"), "closed 24 Nov 2026 in the office calendar"),
    (InstallPolicy(newer()), "added policy 2"),
]


@pytest.mark.parametrize(("command", "expected"), CHANGES, ids=[expected for _, expected in CHANGES])
def test_undo_restores_every_kind_of_record(
    desk: Desk, address: str, clock: FixedClock, command: Command, expected: str
) -> None:
    before = records(desk)
    done(desk, command, by="sue")
    assert records(desk) != before
    assert undone(desk) == expected
    assert records(desk) == before
    again = Desk.open(address, clock)
    assert records(again) == before
    again.close()
    assert desk.last_record_change("sue") is None


def test_an_undone_change_stays_on_the_ledger_and_in_the_replay(
    desk: Desk, address: str, clock: FixedClock
) -> None:
    done(desk, SaveRelease(Release("2027.03", date(2027, 3, 3))), by="sue")
    clock.set(MONDAY_NINE + timedelta(minutes=5))
    undone(desk)
    logged(desk)
    clock.set(MONDAY_NINE + timedelta(minutes=20))
    past = PastDesk.open(address, MONDAY_NINE + timedelta(minutes=2), present=clock)
    assert "2027.03" in [each.key for each in past.roster().releases]
    past.close()
    after = PastDesk.open(address, MONDAY_NINE + timedelta(minutes=10), present=clock)
    assert "2027.03" not in [each.key for each in after.roster().releases]
    after.close()


def test_rule_05_the_promises_of_a_release_move_back_visibly(desk: Desk) -> None:
    refs = [logged(desk, severity="medium") for _ in range(2)]
    for ref in refs:
        done(desk, PromiseFix(ref, "2026.12"))
    first = [desk.ticket(ref).row.resolution for ref in refs]
    done(desk, SaveRelease(Release("2026.12", LATER)), by="sue")
    done(desk, Note(refs[0], "they asked about the date"), by="sam")
    change = desk.last_record_change("sue")
    assert change is not None
    assert change.refs == tuple(sorted(refs))
    undone(desk)
    assert [desk.ticket(ref).row.resolution for ref in refs] == first
    for ref in refs:
        assert desk.ticket(ref).timeline[-1].sentence == (
            "fix date of 2026.12 moved from 16 Dec 2026 to 9 Dec 2026"
        )


def test_rule_05_a_release_that_was_overdue_goes_back_to_its_day_and_its_breach_stays(
    desk: Desk, clock: FixedClock
) -> None:
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    clock.set(datetime(2026, 12, 11, 9, tzinfo=UTC))
    done(desk, SaveRelease(Release("2026.12", LATER)), by="sue")
    undone(desk)
    projected = desk.ticket(ref).row.resolution
    assert projected.breached_at == epoch(datetime(2026, 12, 10, tzinfo=UTC))
    assert projected.due == epoch(datetime(2026, 12, 9, 23, 59, 59, tzinfo=UTC))


def test_a_release_that_was_shipped_by_mistake_is_planned_again_and_its_clocks_continue(
    desk: Desk, clock: FixedClock
) -> None:
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    before = desk.ticket(ref)
    clock.set(MONDAY_NINE + timedelta(days=1))
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 9), shipped_at=clock.now())), by="sue")
    assert desk.ticket(ref).row.resolution.verdict is State.MET
    clock.set(clock.now() + timedelta(minutes=9))
    undone(desk)
    after = desk.ticket(ref)
    assert after.row.resolution == before.row.resolution
    assert (after.ticket.fix, after.ticket.first_resolution) == (before.ticket.fix, None)
    assert events(desk, ref)[-1] == "taken back"
    assert [entry.event for entry in after.timeline if entry.is_undone] == ["fix shipped", "clock stopped"]


def test_what_the_watcher_notes_meanwhile_does_not_keep_a_release_shipped(
    desk: Desk, clock: FixedClock
) -> None:
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    due = desk.next_watch_due()
    assert due is not None
    clock.set(due - timedelta(minutes=1))
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 9), shipped_at=clock.now())), by="sue")
    clock.set(due)
    done(desk, TakeSteps(ref), by=WATCHER.key)
    undone(desk)
    assert desk.ticket(ref).row.resolution.verdict is None
    entries = desk.ticket(ref).timeline
    assert [entry.event for entry in entries if entry.is_undone] == ["fix shipped", "clock stopped"]


def test_a_release_that_shipped_stays_so_once_its_tickets_were_worked_on(desk: Desk) -> None:
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 9), shipped_at=MONDAY_NINE)), by="sue")
    done(desk, Reply(ref, "Version 2026.12 is out."))
    assert f"{ref} has been worked on since 2026.12 shipped" in stays(desk)


def test_a_release_that_was_promised_since_keeps_its_day(desk: Desk) -> None:
    done(desk, SaveRelease(Release("2026.12", LATER)), by="sue")
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    assert stays(desk) == f"{ref} was promised a fix in 2026.12 since; move the release instead"


def test_rule_09_a_fix_date_that_passed_since_the_release_moved_stays_breached(
    desk: Desk, clock: FixedClock
) -> None:
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    clock.set(datetime(2026, 11, 25, 23, 55, tzinfo=UTC))
    done(desk, SaveRelease(Release("2026.12", date(2026, 11, 25))), by="sue")
    clock.set(datetime(2026, 11, 26, 0, 2, tzinfo=UTC))
    assert stays(desk) == f"the fix date of {ref} has passed since, and that stays (rule 9)"


def test_a_closure_that_is_undone_moves_due_times_back_and_says_so(desk: Desk) -> None:
    ref = logged(desk)
    before = desk.ticket(ref).row
    done(desk, ChangeDay("office", TUESDAY, (), "storm"), by="sue")
    assert desk.ticket(ref).row.resolution != before.resolution
    undone(desk)
    after = desk.ticket(ref)
    assert (after.row.response, after.row.resolution) == (before.response, before.resolution)
    assert after.timeline[-1].sentence.endswith("undone: closed 24 Nov 2026 in the office calendar")


def test_a_closure_that_moves_a_pause_and_no_due_time_is_undone_as_well(desk: Desk) -> None:
    ref = logged(desk, severity="medium")
    done(desk, Reply(ref, "Which version is it?"))
    done(desk, Wait(ref))
    before = desk.ticket(ref).row.resolution
    done(desk, ChangeDay("office", TUESDAY, (), "storm"), by="sue")
    assert desk.ticket(ref).row.resolution != before
    assert verified(desk).is_intact, verified(desk)
    undone(desk)
    assert desk.ticket(ref).row.resolution == before


def test_hours_that_were_declared_before_are_those_of_the_day_again(desk: Desk) -> None:
    done(desk, ChangeDay("office", TUESDAY, (("10:00", "12:00"),), "a course"), by="sue")
    done(desk, ChangeDay("office", TUESDAY, (), "storm"), by="sue")
    undone(desk)
    assert [day.spans for day in desk.changed_days()] == [(("10:00", "12:00"),)]


def test_an_undone_change_of_a_name_is_in_the_queue_at_once(desk: Desk) -> None:
    ref, since = logged(desk), desk.queue().seq
    done(desk, SaveOrganisation(Organisation("acme", "Acme plc", "max")))
    undone(desk, by="ann")
    assert [(row.ref, row.organisation) for row in desk.changes(since).rows] == [(ref, "Acme Ltd")]
    assert desk.changes(since).records == frozenset({"organisation"})


def test_several_changes_are_undone_one_by_one_the_last_first(desk: Desk) -> None:
    before = records(desk)
    done(desk, SaveRelease(Release("2026.12", LATER)), by="sue")
    done(desk, SaveArticle(Article("KB-9", "New")), by="sue")
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 20))), by="sue")
    assert undone(desk).endswith("16 Dec 2026 to 20 Dec 2026")
    assert undone(desk) == "added article KB-9"
    assert undone(desk).endswith("9 Dec 2026 to 16 Dec 2026")
    assert records(desk) == before


def test_a_ticket_that_moved_back_can_be_resolved_like_any_other(desk: Desk) -> None:
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    done(desk, SaveRelease(Release("2026.12", LATER)), by="sue")
    undone(desk)
    done(desk, ProposeWorkaround(ref, "use the list"))
    done(desk, Resolve(ref, "Use the list until then."))
