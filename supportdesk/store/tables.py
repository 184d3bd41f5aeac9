"""The tables of the shared database.

Everything can be rebuilt from `ledger`, except `attachments` (the originals of cut texts and of messages that arrived,
and the files of replies), `commands` (which commands were carried out), `erased_events` (what erasures attest) and some
columns of `deliveries` and `page_links` (docs/decisions/0009). Instants are whole UTC epoch seconds; documents and
states are JSON texts, read and written by msgspec.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class EventNumber(BigInteger):
    """The number of an event; a backend may create columns of another type for it."""


number = EventNumber()

digest = String(64)
"""A SHA-256 in hexadecimal."""

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", number, nullable=False),
    Column("hash", digest, nullable=False),
    Column("next_ticket", Integer, nullable=False),
    Column("records_seq", number, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    comment="One row, taken late by every writer and held to the commit, so that events come out in commit order.",
)

CLOSED = text("event = 'closed'")
"""The condition for closures, as literal SQL: a database uses a partial index only if it sees the value.

An index with `where` in its `info` is partial, in the way of each backend.
"""

SENT = text(
    "event IN ('paged', 'assigned', 'handed over', 'step taken', 'swap saved', 'override saved', 'absence saved',"
    " 'notice sent', 'notice ended', 'handover saved', 'rotation kept', 'record undone')"
)
"""The condition for events that may send something to somebody, as literal SQL for the same reason."""

WROTE = text("event = 'customer wrote'")
"""The condition for what customers wrote, which may be sent to somebody as well."""

UNDELIVERED = text("event = 'mail undelivered'")
"""The condition for mail that did not reach a customer, of which somebody is told as well."""

MAIL_TO_CUSTOMERS = text("kind = 'mail'")
"""The condition for messages to customers."""

WAITING, FAILED = text("state = 'waiting'"), text("state = 'failed'")
"""The conditions for deliveries that wait, and for those that failed."""

MAIL_ALARM = text(
    """state <> replace(state, '"undelivered":"', '') AND state = replace(state, '"undelivered":""', '')"""
)
"""The condition for tickets whose contact a mail did not reach, which only the state says.

An index of them is always up to date; a column would be left as it is by programs that do not know it. No text of a
customer meets it: quotation marks in a text are escaped.
"""

ledger = Table(
    "ledger",
    metadata,
    Column("seq", number, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),
    Column("ref", Text),
    Column("version", Integer),
    Column("actor", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("payload", Text, comment="JSON; NULL once erased"),
    Column("salt", Text, comment="What is digested before the payload; NULL once erased"),
    Column("payload_digest", digest, nullable=False),
    Column("previous", digest, nullable=False),
    Column("hash", digest, nullable=False),
    Column("command_id", Text, nullable=False),
    UniqueConstraint("ref", "version"),
    Index("ix_ledger_closed", "at", "ref", info={"where": CLOSED}),
    Index("ix_ledger_sent", "at", info={"where": SENT}),
    Index("ix_ledger_wrote", "at", info={"where": WROTE}),
    Index("ix_ledger_undelivered", "at", info={"where": UNDELIVERED}),
)

commands = Table(
    "commands",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", digest, nullable=False),
    Column("ref", Text),
    Column("seq", number, nullable=False),
)

erased_events = Table(
    "erased_events",
    metadata,
    Column("erasure", number, primary_key=True, autoincrement=False, comment="The event of the erasure"),
    Column("seq", number, primary_key=True, autoincrement=False, comment="The event that it wrote again"),
    Column("hash", digest, nullable=False),
    Column("digest", digest, nullable=False),
    comment="What erasures attest of the events that they wrote again. Number 0: traces are still to be removed.",
)

attachments = Table(
    "attachments",
    metadata,
    Column("digest", digest, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)


def _record_table(name: str, *columns: Column[Any] | Index) -> Table:
    """Return the table of a type of record: its key, the searched columns, the document and the last event."""
    return Table(
        name,
        metadata,
        Column("key", Text, primary_key=True),
        *(each for each in columns if isinstance(each, Column)),
        Column("document", Text, nullable=False),
        Column("changed_seq", number, nullable=False),
        *(each for each in columns if isinstance(each, Index)),
    )


organisations = _record_table("organisations", Column("name", Text, nullable=False))

contacts = _record_table(
    "contacts",
    Column("organisation", ForeignKey(organisations.c.key), nullable=False, index=True),
    Column("name", Text, nullable=False),
)

staff = _record_table("staff", Column("name", Text, nullable=False))

releases = _record_table("releases", Column("day", Date, nullable=False))

articles = _record_table("articles", Column("title", Text, nullable=False))

rotations = _record_table("rotations")

overrides = _record_table("overrides")

swaps = _record_table("swaps")

absences = _record_table("absences")

handovers = _record_table("handovers")

notices = _record_table("notices")

policies = _record_table("policies", Column("effective", BigInteger, nullable=False))

changed_days = _record_table(
    "changed_days",
    Column("calendar", Text, nullable=False),
    Column("day", Date, nullable=False),
)

incoming_messages = _record_table(
    "incoming_messages",
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("content_digest", digest, nullable=False),
    Column("ref", Text),
    Column("contact", Text),
    Index(None, "received_at", "key"),
    Index(None, "state", "received_at", "key"),
    Index(None, "source", "received_at", "key"),
    Index(None, "source", "state", "received_at", "key"),
    Index(None, "message_id"),
    Index(None, "content_digest"),
    Index(None, "ref"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_seq", number, nullable=False, index=True),
    Column("in_queue", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("severity", Text, nullable=False),
    Column("severity_rank", Integer, nullable=False),
    Column("urgency", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("stage", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("organisation", ForeignKey(organisations.c.key), nullable=False, index=True),
    Column("organisation_name", Text, nullable=False),
    Column("contact", ForeignKey(contacts.c.key), nullable=False, index=True),
    Column("contact_name", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("owner", Text, index=True),
    Column("owner_name", Text, nullable=False),
    Column("waiting", Text, nullable=False),
    Column("out_of_policy", Boolean, nullable=False),
    Column("page_open", Boolean, nullable=False),
    Column("paged", Text),
    Column("paged_since", BigInteger, comment="When the last open page was sent"),
    Column("rung", Integer, nullable=False),
    Column("policy", Text, nullable=False),
    Column("promised_release", Text, index=True),
    Column(
        "watch_due", BigInteger, index=True, comment="When the watcher has something to do; NULL for never"
    ),
    Column("response", Text, nullable=False),
    Column("resolution", Text, nullable=False),
    Column("state", Text, nullable=False),
    Index("ix_tickets_queue", "in_queue", "severity_rank", "urgency", "received_at", "ref"),
    Index("ix_tickets_undelivered", "ref", info={"where": MAIL_ALARM}),
)

escalation_steps = Table(
    "escalation_steps",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("cycle", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("action", Text, nullable=False),
    Column("people", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("seq", number, nullable=False),
    comment="Who inserts a step has fired it. Steps of the desk as a whole have an empty reference.",
)

messages = Table(
    "messages",
    metadata,
    Column("id", digest, primary_key=True),
    Column("seq", number, nullable=False, comment="The event that made it"),
    Column("ref", Text, index=True, comment="NULL for a message about no ticket"),
    Column("person", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("hand_off_due", BigInteger, index=True, comment="By when a page must be sent; NULL once it was"),
    Index("ix_messages_mail", "person", "at", info={"where": MAIL_TO_CUSTOMERS}),
    comment="What people are informed of outside the desk; written with the event that causes it.",
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", digest, primary_key=True),
    Column("message", ForeignKey(messages.c.id), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", BigInteger, comment="NULL once it waits no longer"),
    Column("held", Text, nullable=False, comment="Why it is held back until then; empty where it is not"),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", BigInteger),
    Column("bundled", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    Column("claimed_by", Text, comment="Who is sending it"),
    Column("claimed_until", BigInteger, comment="When somebody else may send it"),
    Index("ix_deliveries_due", "method", "due_at"),
    Index("ix_deliveries_sent", "method", "target", "tried_at"),
    Index("ix_deliveries_waiting", "due_at", info={"where": WAITING}),
    Index("ix_deliveries_failed", "tried_at", info={"where": FAILED}),
    comment="One message on its way to one address. Its id is the idempotency key of every attempt.",
)

page_links = Table(
    "page_links",
    metadata,
    Column("digest", digest, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("paged_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "expires_at"),
    comment="The links by which pages are acknowledged; the secret part of a link is nowhere.",
)
