"""Records on an open desk, and the tickets that change with them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.sla.clocks import ClockKind, State, epoch
from supportdesk.sla.policy import Policy
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Role
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.resolution import PromiseFix
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import (
    ChangeDay,
    InstallPolicy,
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
)
from tests.databases import address_at
from tests.store.desks import REQUEST, done, events, furnished_desk, logged, refused
from tests.tickets.scenario import MONDAY_NINE, claritum

TUESDAY = date(2026, 11, 24)


def due(desk: Desk, ref: str) -> datetime | None:
    """When the resolution is due."""
    at = desk.ticket(ref).row.resolution.due
    return datetime.fromtimestamp(at, UTC) if at is not None else None


def version(number: str, **changes: Any) -> Policy:
    return msgspec.structs.replace(claritum(), version=number, **changes)


def test_a_customer_who_is_renamed_has_the_new_name_in_the_queue_at_once(desk: Desk) -> None:
    ref, since = logged(desk), desk.queue().seq
    done(desk, SaveOrganisation(Organisation("acme", "Acme plc", "max")))
    done(desk, SaveContact(Contact("jo", "acme", "Jo Parker", super_user=True)))
    changed = desk.changes(since).rows
    assert [(row.ref, row.organisation, row.contact) for row in changed] == [(ref, "Acme plc", "Jo Parker")]
    since = desk.queue().seq
    done(desk, SaveOrganisation(Organisation("acme", "Acme plc", "sue")))
    assert desk.changes(since).rows == []


def test_a_member_of_staff_who_is_renamed_has_the_new_name_in_the_queue_at_once(desk: Desk) -> None:
    ref = logged(desk)
    done(desk, Claim(ref), by="sam")
    done(desk, SavePerson(Person("sam", "Sam Okoro", "user-support", (Role.AGENT,))), by="sue")
    assert desk.queue().rows[0].owner_name == "Sam Okoro"
    assert desk.ticket(ref).timeline[-1].name == "Sam Okoro"


def test_changes_name_the_kinds_of_records_that_changed(desk: Desk) -> None:
    ref, since = logged(desk), desk.queue().seq
    assert desk.changes(since).records == frozenset()
    done(desk, Note(ref, "looking"))
    assert desk.changes(since).records == frozenset()
    done(desk, SavePerson(Person("sam", "Sam Okoro", "user-support", (Role.AGENT,))), by="sue")
    done(desk, ChangeDay("office", TUESDAY, (), "storm"), by="sue")
    changes = desk.changes(since)
    assert changes.records == frozenset({"person", "day"})
    assert [row.ref for row in changes.rows] == [ref]


def test_only_an_administrator_saves_staff(desk: Desk) -> None:
    assert "only an administrator (Sue)" in refused(desk, SavePerson(Person("x", "X", "user-support", ())))


def test_every_promise_on_a_release_that_moves_moves_with_it(desk: Desk) -> None:
    promised, other = logged(desk, severity="medium"), logged(desk, severity="medium")
    done(desk, PromiseFix(promised, "2026.12"))
    done(desk, PromiseFix(other, "2027.01"))
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 16))), by="sue")
    assert events(desk, promised)[-1] == "fix date moved"
    assert desk.ticket(promised).row.resolution.due == epoch(datetime(2026, 12, 16, 23, 59, 59, tzinfo=UTC))
    assert events(desk, other)[-1] == "fix promised"


def test_a_release_that_ships_fulfils_the_promises_on_it(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    clock.set(MONDAY_NINE + timedelta(days=10))
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 9), shipped_at=clock.now())), by="sue")
    assert events(desk, ref)[-2:] == ["fix shipped", "clock stopped"]
    assert desk.ticket(ref).row.resolution.verdict is State.MET


def test_a_release_cannot_have_shipped_tomorrow_nor_at_a_time_without_zone(
    desk: Desk, clock: FixedClock
) -> None:
    tomorrow = Release("2026.12", date(2026, 12, 9), shipped_at=clock.now() + timedelta(days=1))
    assert "later than now, 23 Nov 2026 09:00 GMT; check" in refused(desk, SaveRelease(tomorrow), by="sue")
    nowhere = Release("2026.12", date(2026, 12, 9), shipped_at=datetime(2026, 11, 23, 9))  # noqa: DTZ001
    assert "shipped_at needs a time zone" in refused(desk, SaveRelease(nowhere), by="sue")


@pytest.mark.parametrize(
    "release",
    [
        Release("2026.12", MONDAY_NINE.date() - timedelta(days=1)),
        Release("2026.12", date(2025, 12, 29)),
        Release("2027.02", MONDAY_NINE.date() - timedelta(days=1)),
    ],
)
def test_rule_05_a_planned_day_in_the_past_is_refused(desk: Desk, release: Release) -> None:
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    before = desk.ticket(ref)
    reason = refused(desk, SaveRelease(release), by="sue")
    assert reason == (
        f"{release.day:%d %b %Y} is in the past and {release.key} has not shipped: give today or a later day, "
        f"or {'plan it for today and then ' * (release.key != '2026.12')}record when it shipped"
    )
    assert desk.ticket(ref) == before


def test_rule_05_a_release_may_be_planned_for_today(desk: Desk) -> None:
    done(desk, SaveRelease(Release("2026.12", MONDAY_NINE.date())), by="sue")


def test_rule_05_today_is_over_when_the_policy_s_own_zone_says_so(desk: Desk, clock: FixedClock) -> None:
    done(desk, InstallPolicy(version("2", timezone="Pacific/Auckland", effective=MONDAY_NINE)), by="sue")
    clock.set(MONDAY_NINE.replace(hour=12))
    today = SaveRelease(Release("2026.12", MONDAY_NINE.date()))
    assert "is in the past" in refused(desk, today, by="sue")


def test_rule_05_an_overdue_release_can_still_be_shipped_or_moved_on(desk: Desk, clock: FixedClock) -> None:
    clock.set(datetime(2026, 12, 11, 9, tzinfo=UTC))
    done(desk, SaveRelease(Release("2026.12", date(2026, 12, 16))), by="sue")
    clock.set(datetime(2027, 1, 22, 9, tzinfo=UTC))
    shipped = Release("2027.01", date(2027, 1, 20), shipped_at=datetime(2027, 1, 20, 15, tzinfo=UTC))
    done(desk, SaveRelease(shipped), by="sue")


def test_rule_05_a_release_that_moves_there_and_back_breaches_nothing(desk: Desk, clock: FixedClock) -> None:
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2026.12"))
    first = desk.ticket(ref).row.resolution
    for day in (date(2027, 3, 1), MONDAY_NINE.date(), date(2026, 12, 9)):
        done(desk, SaveRelease(Release("2026.12", day)), by="sue")
    assert desk.ticket(ref).row.resolution == first


def test_rule_08_a_raised_ticket_is_due_by_its_new_target_when_the_next_day_is_closed(
    desk: Desk, clock: FixedClock
) -> None:
    ref = logged(desk, severity="medium")
    clock.set(datetime(2026, 11, 24, 18, 30, tzinfo=UTC))
    done(desk, ChangeSeverity(ref, "high", "they cannot ship"))
    done(desk, ChangeDay("office", date(2026, 11, 25), (), "burst pipe"), by="sue")
    response = desk.ticket(ref).row.response
    assert response.due == epoch(datetime(2026, 11, 26, 11, tzinfo=UTC))
    assert desk.ticket(ref).timeline[-2].sentence == (
        "response due time moved from 25 Nov 2026 11:00 GMT to 26 Nov 2026 11:00 GMT: burst pipe"
    )


def test_an_unknown_contact_is_added_with_the_request_as_unregistered(desk: Desk) -> None:
    asked = Log(
        **{**REQUEST, "contact": "Zoë Ørsted"}, contact_telephone="+44 20 7946 0999", contact_email="z@acme"
    )
    ref = done(desk, asked).ref
    assert ref is not None
    view = desk.ticket(ref)
    assert view.contact == Contact(
        "acme.zoe-orsted",
        "acme",
        "Zoë Ørsted",
        telephone="+44 20 7946 0999",
        email="z@acme",
        registered=False,
    )
    assert "the contact is not registered" in view.ticket.out_of_policy
    again = logged(desk, contact="ZOË ØRSTED")
    assert desk.ticket(again).contact.key == "acme.zoe-orsted"


def test_an_unknown_customer_is_added_with_the_request_on_demand(desk: Desk) -> None:
    newcomer = {**REQUEST, "organisation": "Umbra & Söhne", "contact": "Lee"}
    assert "there is no customer 'Umbra & Söhne'" in refused(desk, Log(**newcomer))
    ref = done(desk, Log(**newcomer, new_organisation=True)).ref
    assert ref is not None
    assert desk.ticket(ref).organisation == Organisation("umbra-sohne", "Umbra & Söhne")
    again = Log(**{**newcomer, "organisation": "UMBRA & SO\u0308HNE"}, new_organisation=True)
    assert "the organisation UMBRA & SÖHNE already exists (umbra-sohne)" in refused(desk, again)


def test_customers_whose_names_give_the_same_key_get_different_ones(desk: Desk) -> None:
    refs = [
        logged(desk, organisation=name, contact="Lee", new_organisation=True)
        for name in ("A B", "A-B", "ab", "日本")
    ]
    keys = [desk.ticket(ref).organisation.key for ref in refs]
    assert keys == ["a-b", "a-b-2", "ab", "customer"]


@pytest.mark.parametrize("missing", [{"contact": " "}, {"organisation": "", "new_organisation": True}])
def test_a_newcomer_needs_a_name(desk: Desk, missing: dict[str, Any]) -> None:
    assert "name" in refused(desk, Log(**{**REQUEST, **missing}))


def test_nobody_on_the_staff_has_the_name_of_the_program(desk: Desk) -> None:
    impostor = SavePerson(Person(SYSTEM.key, "Mallory", "user-support", (Role.AGENT,)))
    assert "the program itself" in refused(desk, impostor, by="sue")


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (SaveOrganisation(Organisation("", "Acme")), "key"),
        (SaveOrganisation(Organisation("acme", " ")), "name"),
        (SaveContact(Contact("jo", "acme", "")), "name"),
        (SaveArticle(Article("KB-9", "\x1b")), "title"),
    ],
)
def test_a_record_needs_a_name(desk: Desk, command: Command, what: str) -> None:
    assert f"the {what} is empty" in refused(desk, command)


def test_records_are_sanitized_too(desk: Desk) -> None:
    done(desk, SaveArticle(Article("KB-7", "How\x1b[31m to\nprint", "one\r\ntwo\x00")))
    (article,) = [each for each in desk.find_articles("") if each.key == "KB-7"]
    assert article == Article("KB-7", "How to print", "one\ntwo")


def test_another_open_desk_sees_a_saved_record_at_once(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as mine:
        yours = Desk.open(address_at(tmp_path / "desk.db"), FixedClock(MONDAY_NINE))
        done(mine, ChangeDay("office", TUESDAY, (), "storm"), by="sue")
        done(mine, SavePerson(Person("new", "Newcomer", "user-support", (Role.AGENT,))), by="sue")
        assert due(yours, logged(yours, by="new")) == datetime(2026, 11, 26, 13, tzinfo=UTC)
        assert yours.person("new") == Person("new", "Newcomer", "user-support", (Role.AGENT,))
        assert "Thu 26 Nov" in yours.explain("CD-4C00-W", ClockKind.RESOLUTION).verdict
        yours.close()


def test_consequences_of_a_record_are_never_dated_before_a_tickets_last_change(
    desk: Desk, clock: FixedClock
) -> None:
    ref = logged(desk)
    clock.set(MONDAY_NINE + timedelta(hours=3))
    done(desk, Note(ref, "before"))
    clock.set(MONDAY_NINE)
    done(desk, ChangeDay("office", TUESDAY, (), "storm"), by="sue")
    timeline = desk.ticket(ref).timeline
    assert [entry.at for entry in timeline] == sorted(entry.at for entry in timeline)
