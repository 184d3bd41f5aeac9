"""The status of clocks, and the due times of a ticket, as short sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from supportdesk.console.text.clock_text import clock_status, promise_speech, promise_text
from supportdesk.desk_api import Applied
from supportdesk.sla.clocks import ClockKind, State
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.fake_desk import claritum
from tests.console.fixtures.morning import NOW, OPERATOR, at, empty_desk, morning_desk
from tests.console.harness.dialog import Seat


@pytest.mark.parametrize(
    ("about", "kind", "told"),
    [
        ("Checkout hangs", ClockKind.RESPONSE, "met"),
        ("Checkout hangs", ClockKind.RESOLUTION, "0:13:00 over, due 09:29 GMT"),
        ("Stock levels", ClockKind.RESPONSE, "1:33 left, due 11:15 GMT"),
        ("Invoice totals", ClockKind.RESOLUTION, "23:24 left, on hold"),
        ("Two reports", ClockKind.RESOLUTION, "no target time"),
        ("Wrong total", ClockKind.RESOLUTION, "fix promised, due 9 Dec 23:59 GMT"),
    ],
)
def test_the_status_of_a_clock_is_a_short_text(about: str, kind: ClockKind, told: str) -> None:
    seat = Seat(morning_desk())
    row = seat.view(about).row
    clock = row.response if kind is ClockKind.RESPONSE else row.resolution
    assert clock_status(clock, seat.desk.policy, NOW) == told


def test_a_clock_outside_its_hours_says_when_they_begin() -> None:
    seat = Seat(morning_desk())
    clock = seat.view("Export stops").row.resolution
    told = clock_status(clock, seat.desk.policy, at(24, "20:00"))
    assert told == "5:20 left, due Wed 13:20 GMT, out of hours until Wed 08:00 GMT"


@pytest.mark.parametrize(
    ("severity", "told"),
    [
        ("critical", "Respond by 10:42 GMT, resolve by 17:42 GMT"),
        ("high", "Respond by 12:42 GMT, resolve by Thu 13:42 GMT"),
        (
            "change",
            "Respond by Thu 13:42 GMT. The account manager contacts the customer to discuss the next steps.",
        ),
    ],
)
def test_the_due_times_or_the_policys_sentence_are_shown(severity: str, told: str) -> None:
    assert promise_text(claritum(), severity, NOW, NOW) == told


@pytest.mark.parametrize(
    ("severity", "said"),
    [
        ("critical", "We will respond by 10:42 today, and resolve it by 17:42 today (GMT)."),
        ("high", "We will respond by 12:42 today, and resolve it by 13:42 on Thursday (GMT)."),
        (
            "medium",
            f"We will respond by 13:42 on Thursday (GMT). {claritum().severity('medium').promise}",
        ),
    ],
)
def test_the_due_times_of_a_logged_ticket_are_worded_for_reading_out(severity: str, said: str) -> None:
    assert promise_speech(logged(severity), claritum(), NOW) == said


def test_the_due_times_read_out_are_those_of_the_ledger() -> None:
    assert promise_speech(logged("high"), claritum(), NOW + timedelta(minutes=7)) == (
        "We will respond by 12:42 today, and resolve it by 13:42 on Thursday (GMT)."
    )


@pytest.mark.parametrize(
    ("severity", "said"),
    [
        ("high", "We have responded, and will resolve it by 13:42 on Thursday (GMT)."),
        ("medium", f"We have responded. {claritum().severity('medium').promise}"),
    ],
)
def test_a_given_response_replaces_its_due_time(severity: str, said: str) -> None:
    row = logged(severity)
    answered = structs.replace(row, response=structs.replace(row.response, verdict=State.MET))
    assert promise_speech(answered, claritum(), NOW) == said


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(hours=3), "We will respond by 12:42 today, and resolve it by 13:42 on Thursday (GMT)."),
        (
            timedelta(hours=4),
            "We should have responded by 12:42 today, and will resolve it by 13:42 on Thursday (GMT).",
        ),
        (
            timedelta(days=3),
            "We should have responded by 12:42 on 24 November, and resolved it by 13:42 on 26 November (GMT).",
        ),
    ],
)
def test_a_due_time_in_the_past_is_worded_as_past(later: timedelta, said: str) -> None:
    assert promise_speech(logged("high"), claritum(), NOW + later) == said


def test_an_overdue_resolution_is_worded_as_overdue() -> None:
    row = logged("high")
    answered = structs.replace(row, response=structs.replace(row.response, verdict=State.MET))
    assert promise_speech(answered, claritum(), NOW + timedelta(days=3)) == (
        "We have responded, and should have resolved it by 13:42 on 26 November (GMT)."
    )


def test_due_times_across_a_clock_change_name_both_zones() -> None:
    night = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    assert promise_speech(logged("critical", night), claritum(), night) == (
        "We will respond by 01:30 today (BST), and resolve it by 07:30 today (GMT)."
    )


def logged(severity: str, moment: datetime = NOW) -> QueueRow:
    """Return the row of a ticket that is received at `moment`."""
    desk = morning_desk() if moment == NOW else empty_desk()
    desk.clock.set(moment)
    outcome = desk.do(Log(severity, "email", "acme", "jo", "Labels print twice"), by=OPERATOR)
    assert isinstance(outcome, Applied), outcome
    assert outcome.ref is not None
    return desk.row(outcome.ref)
