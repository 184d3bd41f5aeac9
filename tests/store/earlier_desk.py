"""The commands of `desk-0004.db.gz` and `desk-0005.db.gz`, desks of the last versions with four and five migrations.

Each command has its id.
"""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Article, Contact, Organisation, Release, Rotation
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.closure import Reopen
from supportdesk.tickets.process.conversation import Note, RecordCall, Reply, SendArticle
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.importing import ImportRequest
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate
from supportdesk.tickets.process.resolution import (
    PromiseFix,
    ProposeWorkaround,
    RecordContact,
    Resolve,
    Resume,
    Wait,
)
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge, Log
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records.commands import (
    ChangeDay,
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
    SaveRotation,
)
from tests.history import STAFF

MORNING = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)
FIRST, SECOND, THIRD, OLD = "CD-4C00-W", "CD-4C01-T", "CD-4C02-Q", "CD-4C03-N"

RECORDS: tuple[Command, ...] = (
    *(SavePerson(person) for person in STAFF),
    SaveOrganisation(Organisation("acme", "Acme Ltd", "max")),
    SaveContact(Contact("acme.jo", "acme", "Jo Park", super_user=True)),
    SaveRelease(Release("26.4", date(2026, 4, 9))),
    SaveArticle(Article("KB-1", "Printing a logo")),
    SaveRotation(Rotation(("priya", "ann"), datetime(2026, 3, 2, 8, tzinfo=UTC), "Europe/London")),
    ChangeDay("office", date(2026, 4, 15), (), "a move"),
)
"""Given by the program itself, in this order; each id is `record-` and its place."""

LIFE: tuple[tuple[str, Command], ...] = (
    ("sam", Log("critical", "hotline", "acme", "acme.jo", "Everything is down")),
    ("priya", Acknowledge(FIRST)),
    ("priya", Claim(FIRST)),
    ("priya", Reply(FIRST, "We are on it.")),
    ("priya", Note(FIRST, "The disk is full.")),
    ("priya", Resolve(FIRST, "restarted")),
    ("sam", Log("medium", "email", "acme", "acme.jo", "The logo is blurred")),
    ("sam", Log("low", "email", "acme", "acme.jo", "The colours are pale", description="All of them.")),
    ("ann", Assign(SECOND, owner="sam")),
    ("sam", Claim(SECOND)),
    ("sam", RecordCall(SECOND, "Jo asked how long it takes.")),
    ("sam", SendArticle(SECOND, "KB-1")),
    ("sam", Wait(SECOND, "customer", "which printer is it")),
    ("sam", Resume(SECOND)),
    ("sam", ChangeSeverity(SECOND, "high", "wrong at triage")),
    ("sam", HandBack(SECOND, "I go home")),
    ("sam", Undo(SECOND)),
    ("sam", HandOver(SECOND, "ann", "the printer is an old one")),
    ("ann", Escalate(SECOND, reason="it needs the source")),
    ("ann", LinkTicket(SECOND, THIRD)),
    ("ann", ProposeWorkaround(THIRD, "print in black")),
    ("ann", PromiseFix(THIRD, "26.4")),
    ("ann", RecordContact(THIRD, "acme.jo")),
    ("ann", Reopen(FIRST, "it is down again")),
    ("ann", MarkDuplicate(THIRD, SECOND)),
    (
        "ann",
        ImportRequest(
            source="servicenow:INC0000001",
            at=MORNING - timedelta(days=400),
            received_at=MORNING - timedelta(days=400),
            severity="low",
            channel="email",
            organisation="acme",
            contact="acme.jo",
            team="user-support",
            summary="An old one",
            description="",
        ),
    ),
)
"""Who gave which command, one a minute from MORNING on; each id is `life-` and its place."""


PLANNED: tuple[Rotation, ...] = (
    Rotation(("ann", "priya"), datetime(2026, 4, 20, 8, tzinfo=UTC), "Europe/London"),
    Rotation(("priya",), datetime(2026, 5, 4, 8, tzinfo=UTC), "Europe/London"),
    Rotation((), datetime(2026, 5, 4, 8, tzinfo=UTC), "Europe/London"),
)
"""The rotations that Ann set after that at the desk with five migrations, the last of which cancels the one before;
each id is `rota-` and its place.
"""


def unpack(folder: Path, revision: str = "0004") -> Path:
    """Write the desk with a revision of the schema into a folder. Return its path."""
    path = folder / "desk.db"
    path.write_bytes(gzip.decompress((Path(__file__).parent / f"desk-{revision}.db.gz").read_bytes()))
    return path
