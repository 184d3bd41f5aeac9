"""Changes of records that stay: what somebody else did, and what something relies on since."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Role, Rotation
from supportdesk.tickets.process.conversation import SendArticle
from supportdesk.tickets.process.resolution import PromiseFix
from supportdesk.tickets.process.triage import Acknowledge, Log
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import (
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
    SaveRotation,
)
from tests.records.test_undo import SUE, stays, undone
from tests.store.desks import REQUEST, done, logged, refused
from tests.tickets.scenario import MONDAY_NINE


def test_another_person_s_change_is_not_undone(desk: Desk) -> None:
    done(desk, SaveArticle(Article("KB-9", "New")), by="sam")
    assert stays(desk, "ann", of="sam") == "Sam added article KB-9; you can undo only your own changes"
    assert desk.last_record_change("ann") is None


def test_a_record_that_somebody_changed_since_stays(desk: Desk, clock: FixedClock) -> None:
    done(desk, SaveArticle(Article("KB-1", "Printing")), by="ann")
    clock.set(MONDAY_NINE + timedelta(minutes=3))
    done(desk, SaveArticle(Article("KB-1", "Printing, again")), by="sam")
    assert stays(desk, "ann") == (
        "Sam has changed article KB-1 since, on 23 Nov 2026 09:03 GMT; look at it as it is now"
    )


def test_after_ten_minutes_a_change_stays(desk: Desk, clock: FixedClock) -> None:
    done(desk, SaveArticle(Article("KB-9", "New")), by="ann")
    change = desk.last_record_change("ann")
    assert change is not None
    clock.set(MONDAY_NINE + timedelta(minutes=10))
    assert desk.last_record_change("ann") is not None
    clock.set(MONDAY_NINE + timedelta(minutes=10, seconds=1))
    assert desk.last_record_change("ann") is None
    assert refused(desk, UndoRecord(change.seq), by="ann") == (
        "you added article KB-9, 10 min ago; a change can be undone for 10 min"
    )


def test_a_change_is_undone_once(desk: Desk) -> None:
    done(desk, SaveArticle(Article("KB-9", "New")), by="ann")
    change = desk.last_record_change("ann")
    assert change is not None
    done(desk, UndoRecord(change.seq), by="ann")
    assert "undone already" in refused(desk, UndoRecord(change.seq), by="ann")


def test_a_person_who_has_lost_the_role_since_cannot_undo(desk: Desk) -> None:
    done(desk, SavePerson(Person("lu", "Lu", "user-support", (Role.ADMINISTRATOR,))), by="sue")
    done(desk, SavePerson(msgspec.structs.replace(SUE, roles=(Role.SUPERVISOR,))), by="lu")
    assert "only an administrator" in stays(desk)


def test_undo_never_removes_the_last_administrator(desk: Desk) -> None:
    done(desk, SavePerson(Person("lu", "Lu", "user-support", (Role.AGENT,))), by="sue")
    done(desk, SavePerson(Person("lu", "Lu", "user-support", (Role.ADMINISTRATOR,))), by="sue")
    done(desk, SavePerson(msgspec.structs.replace(SUE, roles=(Role.SUPERVISOR,))), by="sue")
    assert "only an administrator" in stays(desk)


@pytest.mark.parametrize(
    ("command", "use", "expected"),
    [
        (
            SaveContact(Contact("lu", "acme", "Lu Wu", super_user=True)),
            Log(**{**REQUEST, "contact": "lu"}),
            "Lu Wu is in use already: by CD-",
        ),
        (
            SaveOrganisation(Organisation("zeta", "Zeta")),
            SaveContact(Contact("zoe", "zeta", "Zoe")),
            "Zeta is in use already: Zoe is a contact of it",
        ),
        (
            SavePerson(Person("lu", "Lu", "technical-support", (Role.ENGINEER,), email="lu@desk.example")),
            SaveRotation(Rotation(("lu",), MONDAY_NINE, "UTC")),
            "Lu is in use already: they are in the rota",
        ),
        (
            SavePerson(Person("lu", "Lu", "account-management", (Role.ACCOUNT_MANAGER,))),
            SaveOrganisation(Organisation("acme", "Acme Ltd", "lu")),
            "Lu is in use already: they are the account manager of Acme Ltd",
        ),
    ],
)
def test_an_added_record_stays_once_it_is_used(
    desk: Desk, command: Command, use: Command, expected: str
) -> None:
    done(desk, command, by="sue")
    change = desk.last_record_change("sue")
    assert change is not None
    done(desk, use, by="sue")
    assert expected in refused(desk, UndoRecord(change.seq), by="sue")


def test_somebody_who_has_worked_stays_on_the_staff(desk: Desk) -> None:
    done(desk, SavePerson(Person("lu", "Lu", "user-support", (Role.AGENT,))), by="sue")
    logged(desk, by="lu")
    assert "they have worked at this desk" in stays(desk)


@pytest.mark.parametrize("was", [None, False])
def test_rule_18_somebody_who_is_paged_stays_on_the_staff(desk: Desk, was: bool | None) -> None:
    zoe = Person("zoe", "Zoe", "technical-support", (Role.ENGINEER,), "+44 20 7946 0111")
    if was is not None:
        done(desk, SavePerson(msgspec.structs.replace(zoe, active=was)), by="sue")
    done(desk, SavePerson(zoe), by="sue")
    done(desk, SaveRotation(Rotation(("zoe",), MONDAY_NINE, "Europe/London")), by="sue")
    ref = logged(desk, severity="critical", channel="hotline")
    undone(desk)
    assert stays(desk) == f"Zoe is paged for {ref} and has not acknowledged"
    done(desk, Acknowledge(ref, paged="zoe"), by="sue")
    assert undone(desk) == ("added Zoe" if was is None else "changed Zoe: active from no to yes")


def test_an_article_that_was_sent_stays(desk: Desk) -> None:
    ref = logged(desk)
    done(desk, SaveArticle(Article("KB-9", "New")), by="ann")
    done(desk, SendArticle(ref, "KB-9"), by="ann")
    assert stays(desk, "ann") == f"article KB-9 is in use already: by {ref}"


def test_a_release_that_was_promised_is_not_removed(desk: Desk) -> None:
    done(desk, SaveRelease(Release("2027.03", date(2027, 3, 3))), by="sue")
    ref = logged(desk, severity="medium")
    done(desk, PromiseFix(ref, "2027.03"))
    assert f"release 2027.03 is in use already: by {ref}" in stays(desk)


def test_a_contact_who_came_with_a_request_is_part_of_it(desk: Desk) -> None:
    done(desk, Log(**{**REQUEST, "contact": "Zoe Zack"}), by="ann")
    assert desk.last_record_change("ann") is None
