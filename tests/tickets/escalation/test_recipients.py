"""Whom a rung reaches at a moment, and why it reaches nobody."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from supportdesk.sla.ladder import EscalationRung
from supportdesk.tickets.documents import Line
from supportdesk.tickets.process.assignment import Claim
from tests.tickets.escalation.watched import FULL, REF, ROTA, Watched, watched


def reached(desk: Watched, *to: str, each: bool = False) -> tuple[list[str], list[str]]:
    """Return the usernames of the people whom a rung reaches, and why it does not reach others."""
    found = desk.resolve(EscalationRung("x", "arrival", "notify", to, each=each))
    return [person.username for person in found.people], list(found.missing)


@pytest.mark.parametrize(
    ("recipient", "people"),
    [
        ("on-call", ["priya"]),
        ("team", ["ann", "hal", "sam", "sue"]),
        ("supervisors", ["dora", "hal", "sue"]),
        ("account-manager", ["max"]),
        ("support-manager", ["sue"]),
        ("director", ["dora"]),
    ],
)
def test_each_recipient_stands_for_these_people(recipient: str, people: list[str]) -> None:
    desk = watched("high")
    assert reached(desk, recipient, each=True) == (people, [])
    assert reached(desk, recipient) == (people[:1], [])


def test_the_owner_is_who_has_the_ticket_at_the_moment() -> None:
    desk = watched("high")
    assert reached(desk, "owner") == ([], ["it has no owner"])
    desk.do(Claim(REF), by="sam")
    assert reached(desk, "owner") == (["sam"], [])
    left = replace(FULL.staff["sam"], active=False)
    desk.scenario.with_records(staff={**FULL.staff, "sam": left})
    assert reached(desk, "owner") == ([], ["its owner has left"])


def test_a_rung_goes_to_the_first_who_can_be_found_or_to_each_of_them_once() -> None:
    desk = watched("high")
    assert reached(desk, "owner", "support-manager", "supervisors") == (["sue"], ["it has no owner"])
    people, missing = reached(desk, "owner", "support-manager", "supervisors", each=True)
    assert (people, missing) == (["sue", "dora", "hal"], ["it has no owner"])


def test_it_says_why_a_rung_reaches_nobody() -> None:
    desk = watched("high")
    desk.scenario.with_records(staff={}, rotations=())
    recipients = ("on-call", "second-on-call", "team", "supervisors", "account-manager", "head-of-support")
    assert reached(desk, *recipients) == (
        [],
        [
            "nobody is on call",
            "nobody is second on call",
            "nobody is in User Support",
            "there is no supervisor",
            "the customer has no account manager",
            "nobody is Head of Support",
        ],
    )


def test_the_second_on_call_is_the_person_on_the_second_line_and_never_the_last_resort() -> None:
    desk = watched()
    second = replace(ROTA[0], line=Line.SECOND, members=("sam",))
    desk.scenario.with_records(rotations=(*ROTA, second))
    assert reached(desk, "on-call", "second-on-call", each=True) == (["priya", "sam"], [])
    desk.scenario.with_records(rotations=ROTA)
    assert reached(desk, "second-on-call") == ([], ["nobody is second on call"])
