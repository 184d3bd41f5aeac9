"""Reads what mail goes to customers, and finds it by its identity, which is in what others send back."""

from __future__ import annotations

from sqlalchemy import Connection, select

from supportdesk.store import payloads, tables
from supportdesk.store.outbox_models import SentMail
from supportdesk.tickets.events import MailPlanned
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL

_messages, _deliveries, _ledger = tables.messages.c, tables.deliveries.c, tables.ledger.c
_FIND = (
    select(_deliveries.id, _messages.ref, _messages.text, _messages.person, _deliveries.state)
    .join(tables.messages, _messages.id == _deliveries.message)
    .where(_deliveries.method == CUSTOMER_MAIL)
)


def find_sent_mail(connection: Connection, message_id: str) -> SentMail | None:
    """Return the mail with a Message-ID, with or without `<>`; None where it is none of this desk's.

    The identity before the @ is enough: the domain is that of an address, which may have changed since.
    """
    identity = message_id.strip().strip("<>").partition("@")[0]
    row = connection.execute(_FIND.where(_deliveries.id == identity)).one_or_none()
    if row is None or row.ref is None:
        return None
    return SentMail(row.id, row.ref, row.text, row.person, row.state)


def read_planned_mail(connection: Connection, seq: int) -> MailPlanned:
    """Return the event with which a mail was planned, by its number."""
    payload = connection.execute(select(_ledger.payload).where(_ledger.seq == seq)).scalar_one()
    event = payloads.decode(payload)
    assert isinstance(event, MailPlanned), "a mail is made by its plan only"
    return event
