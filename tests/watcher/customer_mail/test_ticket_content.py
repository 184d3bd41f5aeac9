"""What a mail about a ticket says of it, and that nothing is in it which staff wrote for each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.sla.mail_kind import MailKind
from supportdesk.sla.policy import Hours, Policy, find_critical_number
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.resolution import PromiseFix, Resolve, Wait
from supportdesk.watcher.customer_mail.compose import compose
from supportdesk.watcher.customer_mail.content import MailContent
from supportdesk.watcher.customer_mail.opening import count_working_days, find_open_hours
from supportdesk.watcher.customer_mail.ticket_content import find_told, make_content
from tests.store.desks import done, furnished_desk, logged
from tests.tickets.scenario import MONDAY_NINE, claritum
from tests.watcher.customer_mail.samples import OFFICE, envelope_of

SECRET = "the-customer-must-not-see-this"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on a Monday at nine."""
    with furnished_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        yield desk


def content_about(desk: Desk, ref: str, kind: MailKind) -> MailContent:
    view = desk.ticket(ref)
    text, author = find_told(kind, view) or ("", "")
    return make_content(kind, view, desk.policies[view.row.policy], desk.now(), text=text, author_name=author)


def test_a_receipt_has_the_clocks_of_the_ticket_and_the_hours_in_which_they_run(desk: Desk) -> None:
    content = content_about(desk, logged(desk, severity="high"), MailKind.RECEIPT)
    assert content.response_due == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert content.resolution_due == datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    assert content.open_hours == OFFICE
    assert not content.round_the_clock
    assert content.closes_after_days == 5


def test_a_critical_counts_round_the_clock(desk: Desk) -> None:
    content = content_about(desk, logged(desk, severity="critical", channel="hotline"), MailKind.RECEIPT)
    assert content.round_the_clock
    assert content.open_hours is None


def test_a_clock_that_is_met_or_paused_is_not_promised_any_more(desk: Desk) -> None:
    ref = logged(desk, severity="high")
    done(desk, Reply(ref, text="Which printer is it?"))
    assert content_about(desk, ref, MailKind.REPLY).response_due is None
    done(desk, Wait(ref, on="customer", reason="the name of the printer"))
    content = content_about(desk, ref, MailKind.WAITING)
    assert content.resolution_due is None
    assert content.text == "the name of the printer"


def test_each_kind_is_there_once_it_applies(desk: Desk) -> None:
    ref = logged(desk, severity="medium")
    steps: list[tuple[MailKind, Command]] = [
        (MailKind.REPLY, Reply(ref, text="We look at it.")),
        (MailKind.FIX, PromiseFix(ref, release="2026.12")),
        (MailKind.WAITING, Wait(ref, on="customer", reason="a log file")),
    ]
    for kind, command in steps:
        assert find_told(kind, desk.ticket(ref)) is None, kind
        done(desk, command)
        assert find_told(kind, desk.ticket(ref)) is not None, kind
    assert find_told(MailKind.RECEIPT, desk.ticket(ref)) == ("", "")
    assert find_told(MailKind.REPLY, desk.ticket(ref)) == ("We look at it.", "Ann")


def test_no_mail_contains_what_staff_wrote_for_each_other(desk: Desk) -> None:
    ref = logged(desk, severity="high")
    for command in (
        Note(ref, text=SECRET),
        Wait(ref, on="third party", reason=SECRET),
        Reply(ref, text="It works again."),
        Note(ref, text=SECRET),
        Resolve(ref, text="The printer was replaced."),
        Note(ref, text=SECRET),
        Close(ref, text=SECRET),
        Note(ref, text=SECRET),
    ):
        done(desk, command)
        for kind in MailKind:
            assert SECRET.encode() not in compose(content_about(desk, ref, kind), envelope_of())


def test_the_number_for_a_critical_is_that_of_its_channel() -> None:
    policy = claritum()
    assert find_critical_number(policy) == ""
    assert find_critical_number(_numbered(policy)) == "+44 20 7946 0000"


def _numbered(policy: Policy) -> Policy:
    channels = tuple(
        replace(each, number="+44 20 7946 0000") if each.key == "hotline" else each
        for each in policy.channels
    )
    return replace(policy, channels=channels)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({}, None),
        ({"mon": "08:00-18:00"}, [(0, 0)]),
        (
            dict.fromkeys(("mon", "tue", "wed", "thu"), "08:00-12:00 13:00-17:00") | {"fri": "08:00-12:00"},
            [(0, 3), (4, 4)],
        ),
        ({"mon": "22:00-06:00", "wed": "22:00-06:00"}, [(0, 0), (2, 2)]),
    ],
)
def test_days_in_a_row_with_the_same_hours_are_said_together(
    days: dict[str, str], found: list[tuple[int, int]] | None
) -> None:
    hours = find_open_hours(_hours(days))
    assert (hours and [(each.first, each.last) for each in hours.days]) == found


def test_working_days_are_counted_where_all_are_equally_long() -> None:
    five = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-18:00")
    assert count_working_days(_hours(five), 50 * 3600) == 5
    assert count_working_days(_hours(five), 55 * 3600) is None
    assert count_working_days(_hours(five | {"fri": "08:00-12:00"}), 50 * 3600) is None
    assert count_working_days(_hours({"mon": "22:00-06:00"}), 16 * 3600) == 2
    assert count_working_days(Hours("a", "always", always=True), 50 * 3600) is None


def _hours(days: dict[str, str]) -> Hours:
    spans = {name: tuple((span[:5], span[6:]) for span in text.split()) for name, text in days.items()}
    return Hours("office", "office hours", hours=spans)
