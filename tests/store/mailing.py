"""What tests of mail to customers share: a desk that sends every kind of it, and what is done with what waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from supportdesk.clock import Clock, FixedClock
from supportdesk.desk import Desk
from supportdesk.sla.mail_kind import MailKind
from supportdesk.sla.policy import Policy
from supportdesk.store.outbox_models import OutgoingMessage
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.tickets.records.commands import InstallPolicy, SaveContact
from tests.store.desks import done, furnished_desk
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum

JO = replace(RECORDS.contacts["jo"], email="jo@acme.example")


def mailing_policy(*kinds: MailKind) -> Policy:
    """The built-in policy with mail to customers: of these kinds, or all."""
    return replace(
        claritum(),
        version="2",
        effective=datetime(2026, 1, 1, tzinfo=UTC),
        mails=kinds or tuple(MailKind),
    )


@contextmanager
def mailing_desk(folder: Path, clock: Clock | None = None, *kinds: MailKind) -> Iterator[Desk]:
    """A desk that mails its customers, of whom Jo has an address, and Kim none."""
    with furnished_desk(folder, clock or FixedClock(MONDAY_NINE)) as desk:
        done(desk, InstallPolicy(mailing_policy(*kinds)), by="sue")
        done(desk, SaveContact(JO))
        yield desk


def mails(desk: Desk) -> list[tuple[str, str, str]]:
    """What waits to be mailed: the kind, the name and the address."""
    return [
        (each.text, each.person_name, each.target)
        for each in desk.outbox()
        if each.method == CUSTOMER_MAIL and each.due_at is not None
    ]


def claim_mail(desk: Desk, holder: str = "here") -> list[OutgoingMessage]:
    """Claim what waits to be mailed: one to each address at a time."""
    shipments = desk.claim_shipments(holder, {CUSTOMER_MAIL: (0, 50)})
    assert all(not each.bundled for each in shipments)
    return [each.first for each in shipments]


def report_mail(desk: Desk, mail: str, outcome: str, detail: str = "", *, permanent: bool = False) -> None:
    done(desk, RecordAttempt(mail, outcome, detail, permanent=permanent), by=WATCHER.key)


def accept_all(desk: Desk) -> None:
    """Have the mail server accept all that waits."""
    while claimed := claim_mail(desk):
        for each in claimed:
            report_mail(desk, each.id, "delivered", "250 queued")


def sentences(desk: Desk, ref: str) -> list[str]:
    """The lines of a ticket's timeline that say something of mail."""
    return [
        each.sentence
        for each in desk.ticket(ref).timeline
        if "mail" in each.event or "attempted" in each.event
    ]
