"""A desk with people around it, and a random working life for it: whatever people may try, at any time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import Applied
from supportdesk.resources import data_path
from supportdesk.sla.policy_file import load_policy
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Role, Rotation
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate
from supportdesk.tickets.process.resolution import (
    LinkArticle,
    PromiseFix,
    ProposeWorkaround,
    RecordContact,
    Resolve,
    Resume,
    Wait,
)
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge, Log
from supportdesk.tickets.records.commands import (
    ChangeDay,
    InstallPolicy,
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
    SaveRotation,
)
from tests import databases

BEGINNING = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
"""A Monday; the clocks of London change on the Sunday after it."""

SEVERITIES = ("critical", "high", "medium", "low", "change")
STAFF = (
    Person(
        "ann", "Ann Lee", "user-support", (Role.SUPERVISOR, Role.ADMINISTRATOR), rungs=("support-manager",)
    ),
    Person("sam", "Sam Fox", "user-support", (Role.AGENT,)),
    Person("priya", "Priya Nair", "technical-support", (Role.ENGINEER,), telephone="+44 20 7946 0001"),
    Person("dev", "Dev Rao", "development", (Role.ENGINEER,)),
    Person("max", "Max Ude", "account-management", (Role.ACCOUNT_MANAGER,), rungs=("director",)),
)


def opened(path: Path, clock: FixedClock) -> Desk:
    """A new desk with five people, two customers, a release, an article and a rota."""
    return Desk.open(databases.copy_of(_fill, path, clock.now()), clock)


def _fill(address: str, now: datetime) -> None:
    """Make the desk of a moment."""
    desk = Desk.create(address, FixedClock(now))
    records: list[Command] = [
        InstallPolicy(load_policy(data_path("policies/claritum.toml"))),
        *(SavePerson(replace(person, email=f"{person.username}@desk.example")) for person in STAFF),
        SaveOrganisation(Organisation("acme", "Acme Ltd", "max")),
        SaveOrganisation(Organisation("umbra", "Umbra plc")),
        SaveContact(Contact("acme.jo", "acme", "Jo Park", super_user=True)),
        SaveContact(Contact("umbra.kim", "umbra", "Kim Lo")),
        SaveRelease(Release("26.4", date(2026, 4, 9))),
        SaveArticle(Article("KB-1", "Printing a logo")),
        SaveRotation(Rotation(("priya", "ann"), datetime(2026, 3, 2, 8, tzinfo=UTC), "Europe/London")),
    ]
    for record in records:
        outcome = desk.do(record, by=SYSTEM.key)
        assert isinstance(outcome, Applied), outcome
    desk.close()


class Life:
    """What a desk goes through, one random command after another; many are refused, as in life."""

    def __init__(self, desk: Desk, clock: FixedClock, seed: int) -> None:
        self.desk = desk
        self.clock = clock
        self.refs: list[str] = []
        self._random = Random(seed)

    def go_on(self) -> None:
        """Some time passes and somebody does something."""
        pause = self._random.choice((0, 1, 90, 1_800, 7_200, 40_000))
        self.clock.set(self.clock.now() + timedelta(seconds=pause))
        if self._random.random() < 0.08:
            outcome = self.desk.do(self._record(), by="ann")
        else:
            by = self._random.choice(("ann", "ann", "sam", "priya", "dev", "max"))
            outcome = self.desk.do(self._about_tickets(), by=by)
        if isinstance(outcome, Applied) and outcome.ref and outcome.ref not in self.refs:
            self.refs.append(outcome.ref)

    def _record(self) -> Command:
        day = self.clock.now().date() + timedelta(days=self._random.randint(-3, 6))
        return self._random.choice(
            (
                SaveRelease(Release("26.4", day)),
                SaveRelease(Release(f"26.{self._random.randint(5, 9)}", day)),
                SaveOrganisation(
                    Organisation("acme", self._random.choice(("Acme Ltd", "Acme Group")), "max")
                ),
                ChangeDay(
                    "office", day, self._random.choice(((), (("10:00", "12:00"),))), "the heating broke"
                ),
            )
        )

    def _about_tickets(self) -> Command:
        if len(self.refs) < 3 or self._random.random() < 0.1:
            return self._log()
        ref, other = self._random.choice(self.refs), self._random.choice(self.refs)
        return self._random.choice(
            (
                Acknowledge(ref),
                Claim(ref),
                Assign(ref, owner=self._random.choice(STAFF).username),
                HandBack(ref, "off tomorrow"),
                Reply(ref, "we are on it"),
                Reply(ref, "what do you see?", "telephone"),
                Note(ref, "looked at the log"),
                *[Wait(ref, self._random.choice(("customer", "third party", "release")))] * 2,
                Resume(ref, "it came"),
                ProposeWorkaround(ref, "use the other form"),
                PromiseFix(ref, self._random.choice(("26.4", "26.5", "26.6"))),
                LinkArticle(ref, "KB-1"),
                RecordContact(ref, "a workshop"),
                ChangeSeverity(
                    ref,
                    self._random.choice(SEVERITIES),
                    "more is known",
                    self._random.choice(("impact changed", "wrong at triage")),
                ),
                Escalate(ref, "no progress", self._random.choice(("functional", "hierarchical"))),
                *[Resolve(ref, "it works again")] * 3,
                Reopen(ref, "it does not"),
                Close(ref, self._random.choice(("confirmed", "no answer", "withdrawn")), "fine"),
                LinkTicket(ref, other),
                MarkDuplicate(ref, other),
            )
        )

    def _log(self) -> Log:
        organisation, contact = self._random.choice((("acme", "acme.jo"), ("umbra", "umbra.kim")))
        return Log(
            severity=self._random.choice(SEVERITIES),
            channel=self._random.choice(("hotline", "phone", "portal", "email")),
            organisation=organisation,
            contact=contact,
            summary=f"Request {len(self.refs)}",
            received_at=self.clock.now() - timedelta(minutes=self._random.choice((0, 5, 300))),
        )
