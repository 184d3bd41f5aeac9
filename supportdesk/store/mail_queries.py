"""Reads what mail goes to customers, and finds it by its identity, which is in what others send back."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy import Connection, select

from supportdesk.sla.mail_kind import MailKind
from supportdesk.store import payloads, record_tables, tables
from supportdesk.store.mail_bounces import has_alarm
from supportdesk.store.outbox_models import SentFiles, SentMail, ThreadMail
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.documents import MAIL, Article
from supportdesk.tickets.events import FixDateMoved, FixPromised, MailPlanned, Replied
from supportdesk.tickets.incoming_message import ON_TICKET
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.delivery import DeliveryState

_messages, _deliveries, _ledger = tables.messages.c, tables.deliveries.c, tables.ledger.c
_PROMISES = tuple(str(each.__struct_config__.tag) for each in (FixPromised, FixDateMoved))
_REPLIED = str(Replied.__struct_config__.tag)
_incoming = tables.incoming_messages.c
_FIND = (
    select(
        _deliveries.id,
        _messages.seq,
        _messages.at,
        _messages.ref,
        _messages.text,
        _messages.person,
        _deliveries.state,
    )
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
    sent = SentMail(
        row.id,
        row.seq,
        row.at,
        row.ref,
        row.text,
        row.person,
        row.state,
        is_undelivered=has_alarm(connection, row.ref, row.id),
    )
    if sent.kind == MailKind.REPLY:
        return _with_enclosures(connection, sent)
    return _with_previous_fix(connection, sent) if sent.kind == MailKind.FIX else sent


def load_attached(connection: Connection, digest: str) -> bytes | None:
    """Return the content of a file that goes with a reply; None once it was erased."""
    stored = tables.attachments.c
    content: bytes | None = connection.execute(select(stored.content).where(stored.digest == digest)).scalar()
    return content


def load_sent_files(connection: Connection, data: ReferenceData, ref: str) -> list[SentFiles]:
    """Return the files that went with the replies on a ticket, the oldest first."""
    replies = select(_ledger.seq, _ledger.at, _ledger.actor, _ledger.payload).where(
        _ledger.ref == ref, _ledger.event == _REPLIED
    )
    found = []
    for row in connection.execute(replies.order_by(_ledger.seq)):
        event = payloads.decode(row.payload)
        if isinstance(event, Replied) and event.attachments:
            found.append(SentFiles(row.seq, row.at, data.name(row.actor), event.attachments))
    return found


def _with_enclosures(connection: Connection, mail: SentMail) -> SentMail:
    """Return a reply with its files and its article, which are in the event of the same command."""
    of_plan = select(_ledger.command_id).where(_ledger.seq == mail.seq).scalar_subquery()
    query = select(_ledger.payload).where(
        _ledger.ref == mail.ref, _ledger.event == _REPLIED, _ledger.command_id == of_plan
    )
    events = [payloads.decode(payload) for payload in connection.execute(query).scalars()]
    replies = [each for each in events if isinstance(each, Replied)]
    files = tuple(file for each in replies for file in each.attachments)
    article = next((_load_article(connection, each) for each in replies if each.article), None)
    return replace(mail, attachments=files, article=article)


def _load_article(connection: Connection, reply: Replied) -> Article | None:
    """Return an article as it was when it was sent; as it is now for a reply that an older program wrote."""
    if reply.article_title:
        return Article(reply.article, reply.article_title, reply.article_text)
    return record_tables.load(connection, Article, {reply.article}).get(reply.article)


def _with_previous_fix(connection: Connection, mail: SentMail) -> SentMail:
    """Return a mail about a fix with the promise before the one that it is about."""
    query = (
        select(_ledger.payload)
        .where(_ledger.ref == mail.ref, _ledger.seq < mail.seq, _ledger.event.in_(_PROMISES))
        .order_by(_ledger.seq.desc())
        .limit(2)
    )
    promises = [payloads.decode(payload) for payload in connection.execute(query).scalars()]
    match promises:
        case [FixDateMoved() as moved, *_]:
            return replace(mail, previous_day=moved.was, previous_release=moved.release)
        case [_, FixPromised() | FixDateMoved() as before]:
            return replace(mail, previous_day=before.day, previous_release=before.release)
        case _:
            return mail


def load_mail_thread(connection: Connection, mail: SentMail) -> list[ThreadMail]:
    """Return the mail about a ticket that a mail of ours follows, the oldest first: what customers sent, and ours."""
    ours = (
        select(_deliveries.id, _messages.at)
        .join(tables.messages, _messages.id == _deliveries.message)
        .where(
            _messages.ref == mail.ref,
            _messages.kind == MAIL,
            _messages.seq < mail.seq,
            _deliveries.state == DeliveryState.DELIVERED.value,
        )
    )
    theirs = select(_incoming.message_id, _incoming.received_at).where(
        _incoming.ref == mail.ref,
        _incoming.message_id != "",
        _incoming.state.in_([each.value for each in ON_TICKET]),
        _incoming.received_at <= mail.at,
    )
    found = [(at, ThreadMail(identity, is_ours=True)) for identity, at in connection.execute(ours)]
    found += [(at, ThreadMail(identity, is_ours=False)) for identity, at in connection.execute(theirs)]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def read_planned_mail(connection: Connection, seq: int) -> MailPlanned:
    """Return the event with which a mail was planned, by its number."""
    payload = connection.execute(select(_ledger.payload).where(_ledger.seq == seq)).scalar_one()
    event = payloads.decode(payload)
    assert isinstance(event, MailPlanned), "a mail is made by its plan only"
    return event
