"""Each member of staff does their work with a login of their own, and nothing else, whatever their program allows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.documents import Contact, Organisation, Person, Role
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.importing import ImportRequest, ImportState
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.resolution import Resolve, Wait
from supportdesk.tickets.process.severity import WRONG_AT_TRIAGE, ChangeSeverity
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import (
    EraseContact,
    InstallPolicy,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRotation,
)
from supportdesk.tickets.refusal import Refusal
from tests.databases import POSTGRES, SQLITE, use
from tests.store.desk_with_logins import LOGINS, attempt, desk_with_logins, opened_by
from tests.store.desks import database_of, done, furnished_desk, logged, uri_of, verified
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose staff have logins; opened by the owner of its tables."""
    with use(POSTGRES), desk_with_logins(tmp_path_factory.mktemp("roles")) as desk:
        yield desk


def test_a_ticket_is_taken_from_its_owner_by_a_supervisor_only(desk: Desk) -> None:
    ref = logged(desk)
    assert attempt(desk, "sam", Claim(ref)) == ""
    for login in ("ann", "priya", "adam"):
        assert attempt(desk, login, Assign(ref, "ann"))
        assert attempt(desk, login, HandBack(ref, "they are away"))
    assert attempt(desk, "sue", Assign(ref, "ann")) == ""
    assert verified(desk).is_intact


def test_the_states_of_another_systems_ticket_are_imported_whatever_their_owner(desk: Desk) -> None:
    ours = logged(desk)
    assert attempt(desk, "sam", Claim(ours)) == ""
    request = ImportRequest(
        "elsewhere:1", MONDAY_NINE, MONDAY_NINE, "high", "phone", "acme", "jo", "user-support", "It is slow"
    )
    imported = done(desk, request, by="sue").ref
    assert imported is not None

    def state(ref: str, severity: str, owner: str) -> ImportState:
        return ImportState(ref, MONDAY_NINE, severity, "resolution", "user-support", owner)

    for login, owner, severity in (("sue", "sam", "high"), ("adam", "ann", "medium"), ("sue", "sam", "high")):
        assert attempt(desk, login, state(imported, severity, owner)) == ""
        assert desk.ticket(imported).ticket.owner == owner
    assert "may do this" in attempt(desk, "priya", state(imported, "high", "priya"))
    assert "or a supervisor (" in attempt(desk, "adam", Assign(imported, "ann"))
    assert "was logged here" in attempt(desk, "adam", state(ours, "high", "adam"))
    assert verified(desk).is_intact


def test_the_database_refuses_what_a_changed_program_would_allow(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules are taken out of the program; those of the database stay."""
    ref, late = logged(desk), logged(desk, severity="critical", channel="hotline")
    assert attempt(desk, "sam", Claim(ref)) == ""
    everything = lambda *_: None  # noqa: E731
    monkeypatch.setattr("supportdesk.tickets.permissions._refuse", everything)
    monkeypatch.setattr("supportdesk.tickets.process.assignment._refuse_reassigning", everything)
    monkeypatch.setattr("supportdesk.tickets.process.severity.is_supervisor", lambda actor: True)
    assert "only a supervisor can take it away" in attempt(desk, "ann", Assign(ref, "ann"))
    assert "permission denied for table staff" in attempt(
        desk, "ann", SavePerson(Person("ann", "Ann Lee", "user-support", (Role.ADMINISTRATOR,)))
    )
    assert "permission denied for table policies" in attempt(
        desk, "sue", InstallPolicy(msgspec.structs.replace(claritum(), version="9"))
    )
    assert "permission denied for table rotations" in attempt(
        desk, "priya", SaveRotation(RECORDS.rotations[0])
    )
    assert "cannot write in the name of sue" in attempt(desk, "ann", Note(ref, "hello"), by="sue")
    assert "cannot write in the name of watcher" in attempt(desk, "ann", Note(ref, "hello"), by=WATCHER.key)
    with closing(
        Desk.open(
            uri_of(database_of(desk)).replace("//postgres@", "//ann@"),
            FixedClock(MONDAY_NINE.replace(hour=17)),
        )
    ) as own:
        lower = ChangeSeverity(late, "medium", because=WRONG_AT_TRIAGE, reason="it is one user")
        outcome = own.do(lower, by="ann")
    assert isinstance(outcome, Refusal)
    assert "only a supervisor can lower it now" in outcome.reason
    assert verified(desk).is_intact


def test_each_role_does_its_work_with_its_own_login(desk: Desk) -> None:
    ref = logged(desk)
    assert attempt(desk, "ann", Claim(ref)) == ""
    assert attempt(desk, "ann", Note(ref, "the usual thing")) == ""
    assert attempt(desk, "priya", Note(ref, "looking")) == ""
    assert attempt(desk, "ann", SaveOrganisation(Organisation("bravo", "Bravo Ltd"))) == ""
    assert attempt(desk, "sue", SaveRotation(RECORDS.rotations[0])) == ""
    newcomer = Person("eve", "Eve Hart", "user-support", (Role.AGENT,))
    assert attempt(desk, "adam", SavePerson(newcomer)) == ""
    with closing(opened_by(desk, "ann")) as own:
        assert isinstance(own.do(Note(ref, "again"), by="ann", command_id="twice"), Applied)
        again = own.do(Note(ref, "again"), by="ann", command_id="twice")
        assert isinstance(again, Applied)
        assert again.repeated
    assert verified(desk).is_intact


def test_with_their_logins_the_intake_and_the_portal_take_in_what_customers_write(desk: Desk) -> None:
    resolved = logged(desk)
    done(desk, Resolve(resolved, "Restarted."), by="sam")
    assert attempt(desk, "desk_intake", AddCustomerMessage(resolved, "It is back."), "contact jo") == ""
    on_hold = logged(desk)
    done(desk, Reply(on_hold, "Which version is it?"), by="sam")
    done(desk, Wait(on_hold), by="sam")
    assert attempt(desk, "desk_portal", AddCustomerMessage(on_hold, "Version 7."), "contact kim") == ""
    assert attempt(desk, "desk_intake", AddCustomerMessage(on_hold, "x" * TEXT_LIMIT + "y"), "intake") == ""
    critical = Log("critical", "email", "acme", "Pat Doe", "Everything is down", new_contact=True)
    assert attempt(desk, "desk_intake", critical, "intake") == ""
    other = next(row.ref for row in desk.queue().rows if row.contact == "Pat Doe")
    assert attempt(desk, "desk_intake", LinkTicket(other, on_hold), "intake") == ""
    assert 'may not write "linked"' in attempt(desk, "desk_intake", LinkTicket(resolved, on_hold), "intake")
    message = AddCustomerMessage(on_hold, "Version 7.")
    assert "cannot write in the name of intake" in attempt(desk, "desk_portal", message, "intake")
    assert "cannot write in the name of contact jo" in attempt(desk, "ann", message, "contact jo")
    assert desk.ticket(resolved).row.stage == "resolution"
    assert desk.ticket(on_hold).row.waiting == ""
    assert verified(desk).is_intact


def test_a_login_without_the_watchers_role_does_not_watch(desk: Desk) -> None:
    for login, may in (("ann", False), ("desk_watcher", True)):
        with closing(opened_by(desk, login)) as own:
            assert own._database.heartbeat().is_writable() is may


def test_a_file_has_no_logins(tmp_path: Path) -> None:
    with (
        use(SQLITE),
        furnished_desk(tmp_path) as own,
        pytest.raises(DeskUnavailableError, match="knows no logins"),
    ):
        database_of(own).apply_grants([])


@pytest.mark.parametrize("login", LOGINS)
def test_who_is_to_erase_is_said_beforehand_and_the_owner_can(desk: Desk, login: str) -> None:
    key = f"acme.{login}-to-erase"
    done(desk, SaveContact(Contact(key, "acme", "Zoe Zack"), new=True), by="sue")
    with closing(opened_by(desk, login)) as own:
        preview = own.preview_erasure(key, by=login)
    told = attempt(desk, login, EraseContact(key))
    assert isinstance(preview, Refusal)
    assert preview.reason == told
    if login in ("sue", "adam"):
        assert "an erasure changes the ledger, which only 'postgres' can, who owns the tables" in told
        assert f"`supportdesk --as {login} erase {key}`" in told
    else:
        assert "only an administrator or a supervisor" in told
    done(desk, EraseContact(key), by="sue")
    with closing(opened_by(desk, login)) as own, pytest.raises(DeskUnavailableError, match="erase --finish"):
        own.remove_traces()
    desk.remove_traces()
    assert verified(desk).findings == ()
