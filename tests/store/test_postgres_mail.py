"""On a server with logins of their own, each part of the program does to mail to customers what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.events import MailUndelivered
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.sending import RecordBounce
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import InstallPolicy, SaveContact
from tests.databases import POSTGRES, use
from tests.store.desk_with_logins import EVERYBODY, attempt, desk_with_logins, opened_by
from tests.store.desks import REQUEST, done, events, verified
from tests.store.mailing import JO, accept_all, claim_mail, mailing_policy, report_mail
from tests.store.test_postgres_incoming import ACTORS, tried
from tests.store.test_postgres_roles import GUARD, event_row, insertion

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that mails its customers, whose staff have logins; opened by the owner of its tables."""
    with use(POSTGRES), desk_with_logins(tmp_path_factory.mktemp("mail")) as desk:
        done(desk, InstallPolicy(mailing_policy()), by="adam")
        done(desk, SaveContact(JO))
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
