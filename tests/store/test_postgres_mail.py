"""On a server with logins of their own, each part of the program does to mail to customers what it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

import pytest
from msgspec.structs import replace

from supportdesk.desk import Desk
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.events import MailUndelivered, RetryRequested
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.retry import RetryDelivery
from supportdesk.tickets.process.sending import RecordBounce
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import InstallPolicy, SaveContact
from supportdesk.tickets.refusal import Refusal
from tests.databases import POSTGRES, use
from tests.store.desk_with_logins import EVERYBODY, attempt, desk_with_logins, opened_by
from tests.store.desks import REQUEST, done, events, logged, verified
from tests.store.mailing import JO, accept_all, claim_mail, mailing_policy, report_mail
from tests.store.test_postgres_incoming import ACTORS, tried
from tests.store.test_postgres_roles import GUARD, event_row, insertion
from tests.tickets.scenario import RECORDS

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that mails its customers, whose staff have logins; opened by the owner of its tables."""
    with use(POSTGRES), desk_with_logins(tmp_path_factory.mktemp("mail")) as desk:
        done(desk, InstallPolicy(mailing_policy()), by="adam")
        done(desk, SaveContact(JO))
        done(desk, SaveContact(replace(RECORDS.contacts["kim"], email="kim@acme.example")))
        yield desk


def test_the_intake_plans_receipts_the_watcher_sends_and_the_intake_records_what_comes_back(
    desk: Desk,
) -> None:
    with (
        closing(opened_by(desk, "desk_intake")) as intake,
        closing(opened_by(desk, "desk_watcher")) as watcher,
    ):
        ref = done(intake, Log(**{**REQUEST, "channel": "email"}), by=INTAKE.key).ref
        assert ref is not None
        done(intake, Log(**{**REQUEST, "channel": "email", "summary": "Another"}), by=INTAKE.key)
        accept_all(watcher)
        assert attempt(desk, "ann", Reply(ref, "Which file?")) == ""
        [mail] = claim_mail(watcher)
        report_mail(watcher, mail.id, "delivered")
        done(intake, RecordBounce(mail.id, "550 no such user"), by=INTAKE.key)
    found = events(desk, ref)
    assert [found.count(each) for each in ("mail planned", "clock stopped", "mail undelivered")] == [2, 1, 1]
    assert verified(desk).is_intact


@pytest.mark.parametrize("login", EVERYBODY)
def test_only_the_watcher_and_the_intake_say_that_mail_did_not_arrive(desk: Desk, login: str) -> None:
    row = event_row(desk, ACTORS.get(login, login), MailUndelivered("ab" * 16, "reply", "jo", "Jo Park"))
    allowed = login in ("desk_watcher", "desk_intake", "adam")
    assert tried(desk, login, *insertion(row)) == ("" if allowed else GUARD)


@pytest.mark.parametrize("login", EVERYBODY)
def test_staff_ask_for_a_message_to_be_sent_again_and_neither_customers_nor_the_intake_do(
    desk: Desk, login: str
) -> None:
    row = event_row(desk, ACTORS.get(login, login), RetryRequested("ab" * 16, "mail", "customer mail"))
    allowed = login not in ("desk_intake", "desk_portal")
    assert tried(desk, login, *insertion(row)) == ("" if allowed else GUARD)


def failed_mail(desk: Desk) -> str:
    """The identity of a mail that could not be delivered, to somebody to whom nothing else is sent."""
    logged(desk, contact="kim")
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, "not delivered", "550 no", permanent=True)
    return mail.id


def test_an_agent_sends_a_mail_again_with_a_login_of_their_own(desk: Desk) -> None:
    mail = failed_mail(desk)
    assert attempt(desk, "ann", RetryDelivery(mail)) == ""
    assert [each.id for each in claim_mail(desk)] == [mail]
    report_mail(desk, mail, "delivered")
    assert "was delivered" in attempt(desk, "ann", RetryDelivery(mail))
    assert verified(desk).is_intact


def test_what_arrived_while_a_retry_waited_for_its_ticket_is_not_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, lock = failed_mail(desk), UnitOfWork.lock

    def lock_later(unit: UnitOfWork, refs: Iterable[str]) -> object:
        monkeypatch.setattr(UnitOfWork, "lock", lock)
        with closing(opened_by(desk, "postgres")) as another:
            done(another, RetryDelivery(mail))
            assert [each.id for each in claim_mail(another)] == [mail]
            report_mail(another, mail, "delivered")
        return lock(unit, refs)

    monkeypatch.setattr(UnitOfWork, "lock", lock_later)
    outcome = desk.do(RetryDelivery(mail), by="ann")
    assert isinstance(outcome, Refusal)
    assert "was delivered" in outcome.reason
    assert claim_mail(desk) == []
    assert verified(desk).is_intact
