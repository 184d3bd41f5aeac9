"""The rota at a desk: its changes are in the ledger, can be undone, and are seen by every surface."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Line, Rotation, SwapState, TurnUnit
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import (
    AcknowledgeNotice,
    SavePerson,
    SaveRotation,
    SendNotice,
    WithdrawNotice,
)
from supportdesk.tickets.records.rota_commands import (
    AcceptSwap,
    ApproveSwap,
    EndOverride,
    OfferSwap,
    OverrideShifts,
    RecordAbsence,
)
from tests.databases import address_at
from tests.store.desks import done, furnished_desk, logged, refused, verified
from tests.tickets.scenario import MONDAY_NINE, RECORDS

DAY = timedelta(days=1)
NEXT_MONDAY = MONDAY_NINE.replace(hour=8) + 7 * DAY
OVERRIDE = OverrideShifts(Line.FIRST, MONDAY_NINE, MONDAY_NINE + DAY, "sam", "cover")
AWAY = RecordAbsence("dora", MONDAY_NINE, MONDAY_NINE + DAY, "ann")
COMMANDS: tuple[tuple[str, Command], ...] = (
    ("sue", OVERRIDE),
    ("dora", AWAY),
    ("priya", OfferSwap(Line.FIRST, NEXT_MONDAY)),
    ("dora", AcceptSwap(1, in_return=NEXT_MONDAY + 7 * DAY)),
    ("sue", ApproveSwap(1)),
    (
        "sue",
        SaveRotation(
            Rotation(
                ("dev",), NEXT_MONDAY, "Europe/London", Line.SECOND, 1, TurnUnit.DAYS, 2, NEXT_MONDAY + DAY
            )
        ),
    ),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with furnished_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        yield desk


def on_call(desk: Desk) -> str | None:
    person = desk.roster().duty.on_call
    return person.username if person is not None else None


def clock_of(desk: Desk) -> FixedClock:
    clock = desk._clock
    assert isinstance(clock, FixedClock)
    return clock


def set_clock(desk: Desk, days: float) -> None:
    clock_of(desk).set(MONDAY_NINE + days * DAY)


def test_a_page_goes_to_the_person_whose_shift_it_is_by_the_timeline(desk: Desk) -> None:
    assert on_call(desk) == "dora"
    done(desk, OVERRIDE, by="sue")
    assert on_call(desk) == "sam"
    done(desk, RecordAbsence("sam", MONDAY_NINE, MONDAY_NINE + DAY / 2, "ann"), by="sam")
    ref = logged(desk, severity="critical", channel="hotline")
    assert desk.ticket(ref).row.paged == ("ann",)
    assert verified(desk).is_intact


def test_everything_is_in_the_ledger_and_another_process_reads_it(desk: Desk, tmp_path: Path) -> None:
    for by, command in COMMANDS:
        done(desk, command, by=by)
    other = Desk.open(address_at(tmp_path / "desk.db"), FixedClock(MONDAY_NINE))
    one, two = desk.roster().reference_data, other.roster().reference_data
    other.close()
    assert (one.rotations, one.overrides, one.swaps, one.absences) == (
        two.rotations,
        two.overrides,
        two.swaps,
        two.absences,
    )
    assert [len(each) for each in (two.rotations, two.overrides, two.swaps, two.absences)] == [2, 1, 1, 1]
    assert two.swaps[0].state is SwapState.APPROVED
    changed = desk.changes(0).records
    assert changed is not None
    assert changed >= {"override", "swap", "absence", "rotation"}
    assert verified(desk).is_intact


@pytest.mark.parametrize(("by", "command"), COMMANDS[:3], ids=lambda each: type(each).__name__)
def test_a_change_to_the_rota_is_undone_by_the_person_who_made_it(
    desk: Desk, by: str, command: Command
) -> None:
    before = desk.roster().reference_data
    done(desk, command, by=by)
    change = desk.last_record_change(by)
    assert change is not None
    assert change.description.startswith("added ")
    assert "you can undo only your own changes" in refused(desk, UndoRecord(change.seq), by="max")
    done(desk, UndoRecord(change.seq), by=by)
    after = desk.roster().reference_data
    assert (after.overrides, after.swaps, after.absences) == (before.overrides, before.swaps, before.absences)
    assert verified(desk).is_intact


def test_undoing_a_later_step_restores_the_one_before_it(desk: Desk) -> None:
    for by, command in COMMANDS[2:5]:
        done(desk, command, by=by)
    change = desk.last_record_change("sue")
    assert change is not None
    assert change.description.startswith("changed swap 1: state from accepted to approved")
    assert "has changed swap 1 since" in refused(desk, UndoRecord(change.seq - 1), by="dora")
    done(desk, UndoRecord(change.seq), by="sue")
    assert desk.roster().reference_data.swaps[0].state is SwapState.ACCEPTED
    assert verified(desk).is_intact


def test_an_ended_override_keeps_its_past_and_its_number_is_not_given_again(desk: Desk) -> None:
    done(desk, OVERRIDE, by="sue")
    set_clock(desk, 0.5)
    done(desk, EndOverride(1), by="sue")
    done(desk, OverrideShifts(Line.FIRST, MONDAY_NINE + DAY, MONDAY_NINE + 2 * DAY, "sam"), by="sue")
    found = desk.roster().reference_data.overrides
    assert [(each.number, each.end - MONDAY_NINE) for each in found] == [(1, DAY / 2), (2, 2 * DAY)]


def test_somebody_on_the_rota_stays_on_the_staff(desk: Desk) -> None:
    new = RECORDS.staff["sam"]
    tom = SavePerson(type(new)("tom", "Tom", new.team, new.roles, email="tom@desk.example"))
    done(desk, tom, by="sue")
    change = desk.last_record_change("sue")
    assert change is not None
    done(desk, RecordAbsence("sam", MONDAY_NINE, MONDAY_NINE + DAY, "tom"), by="sam")
    assert "Tom is in use already: they are in the rota" in refused(desk, UndoRecord(change.seq), by="sue")


def test_the_past_shows_the_rota_as_it_was_then(desk: Desk, tmp_path: Path) -> None:
    logged(desk)
    set_clock(desk, 1)
    done(desk, OverrideShifts(Line.FIRST, MONDAY_NINE + DAY, MONDAY_NINE + 3 * DAY, "sam"), by="sue")
    set_clock(desk, 2)
    done(desk, EndOverride(1), by="sue")
    for days, expected in ((0.5, "dora"), (1.5, "sam"), (2, "dora")):
        at = MONDAY_NINE + days * DAY
        past = PastDesk.open(
            address_at(tmp_path / "desk.db"), at, present=clock_of(desk), monotonic=lambda: 0.0
        )
        person = past.roster().duty.on_call
        assert person is not None
        assert person.username == expected
        past.close()


def test_the_pages_of_a_time_are_the_same_in_the_present_and_in_the_past(desk: Desk, tmp_path: Path) -> None:
    first = logged(desk, severity="critical", channel="hotline")
    set_clock(desk, 1)
    logged(desk, severity="critical", channel="hotline")
    set_clock(desk, 2)
    past = PastDesk.open(
        address_at(tmp_path / "desk.db"), MONDAY_NINE + 2 * DAY, present=clock_of(desk), monotonic=lambda: 0.0
    )
    for since, until, count in ((0, 3, 2), (0, 1, 1), (0.5, 3, 1), (1.5, 3, 0)):
        asked = MONDAY_NINE + since * DAY, MONDAY_NINE + until * DAY
        assert past.pages_sent(*asked) == desk.pages_sent(*asked)
        assert len(desk.pages_sent(*asked)) == count
    past.close()
    (page, _) = desk.pages_sent(MONDAY_NINE, MONDAY_NINE + 3 * DAY)
    assert (page.ref, page.person, page.at) == (first, "dora", MONDAY_NINE)


def told(desk: Desk) -> dict[str, str]:
    """What waits in the outbox of a desk about no ticket, by person."""
    return {each.person: each.text for each in desk.outbox() if each.ref is None}


@pytest.fixture
def addressed(desk: Desk) -> Desk:
    """A desk whose staff all have an email address."""
    for each in desk.roster().staff:
        person = replace(each, email=f"{each.username}@desk.example")
        done(desk, SavePerson(person), by="sue")
    return desk


def test_rule_26_whose_next_shift_changes_is_told_in_the_same_transaction_but_not_of_their_own_change(
    addressed: Desk,
) -> None:
    desk = addressed
    assert told(desk) == {}
    done(desk, OverrideShifts(Line.FIRST, NEXT_MONDAY, NEXT_MONDAY + DAY, "sam"), by="sue")
    assert told(desk) == {
        "priya": "Your next shift on call is Tue 1 Dec 08:00 GMT to Mon 7 Dec 08:00 GMT."
        " It was Mon 30 Nov 08:00 GMT to Mon 7 Dec 08:00 GMT.",
        "sam": "Your next shift on call is Mon 30 Nov 08:00 GMT to Tue 1 Dec 08:00 GMT (override for Priya)."
        " You had none.",
    }
    change = desk.last_record_change("sue")
    assert change is not None
    assert change.description == "added override 1"
    done(desk, UndoRecord(change.seq), by="sue")
    texts = [each.text for each in desk.outbox() if each.person == "sam"]
    assert any(text.startswith("You have no shift on call any more.") for text in texts)
    done(desk, RecordAbsence("priya", NEXT_MONDAY, NEXT_MONDAY + DAY, "ann"), by="priya")
    assert "ann" in told(desk)
    assert len([each for each in desk.outbox() if each.person == "priya"]) == 2
    assert verified(desk).is_intact


def test_those_who_take_over_from_a_leaver_and_nobody_after_a_new_telephone_number_are_told(
    addressed: Desk,
) -> None:
    desk = addressed
    dora = desk.roster().reference_data.staff["dora"]
    done(desk, SavePerson(replace(dora, telephone="+44 20 7946 0999")), by="sue")
    assert told(desk) == {}
    done(desk, RecordAbsence("dora", MONDAY_NINE, MONDAY_NINE + DAY, "sam"), by="dora")
    sam = desk.roster().reference_data.staff["sam"]
    done(desk, SavePerson(replace(sam, active=False), unreachable=True), by="sue")
    assert set(told(desk)) == {"sam"}
    assert verified(desk).is_intact


def test_a_page_about_no_ticket_is_acknowledged_by_one_of_its_people_and_withdrawn_when_its_cause_is_gone(
    addressed: Desk,
) -> None:
    desk = addressed
    for key in ("gap one", "gap two"):
        done(desk, SendNotice(("sue", "dora"), "page", "A gap", key), by="watcher")
    done(desk, SendNotice(("ann",), "notice", "News", "week"), by="watcher")
    assert "already" in refused(desk, SendNotice(("sue",), "page", "A gap", "gap one"), by="watcher")
    assert "it was sent to Sue or Dora" in refused(desk, AcknowledgeNotice("gap one"), by="ann")
    done(desk, AcknowledgeNotice("gap one"), by="sue")
    assert "Sue acknowledged it already, on Mon 23 Nov" in refused(
        desk, AcknowledgeNotice("gap one"), by="dora"
    )
    assert len(desk.outbox()) == 3
    done(desk, WithdrawNotice("gap two"), by="watcher")
    assert "it is acknowledged or withdrawn already" in refused(desk, AcknowledgeNotice("gap two"), by="dora")
    assert "withdrawn already" in refused(desk, WithdrawNotice("gap one"), by="watcher")
    assert "no page 'week'" in refused(desk, AcknowledgeNotice("week"), by="ann")
    assert [each.text for each in desk.outbox()] == ["News"]
    assert desk.last_record_change("sue") is not None
    assert verified(desk).is_intact
