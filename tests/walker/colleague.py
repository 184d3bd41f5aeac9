"""Somebody at another console: random commands about random tickets and records; many are refused, as in life."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec

from supportdesk.desk import Desk
from supportdesk.desk_api import UnknownTicketError
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.command import Argument, ArgumentType, Command, TicketCommand
from supportdesk.tickets.decide import COMMANDS
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Rotation
from supportdesk.tickets.incoming_message import SETTLED, UNSETTLED, IncomingMessage, MessageState
from supportdesk.tickets.process.triage import Log
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
from supportdesk.tickets.records.incoming_commands import SettleMessage
from supportdesk.tickets.records.rota_commands import RecordAbsence
from supportdesk.tickets.records.shift_commands import AcceptHandover, HandOverShift, WithdrawHandover
from supportdesk.tickets.records.voicemail_commands import MarkHeard, RecordMissedCall
from supportdesk.tickets.reference import make
from supportdesk.tickets.voicemail import Voicemail

TEXTS = (
    "we are on it",
    "[/oops] [@click=app.quit]quit[/]",
    "\x1b[2J\x1b]0;title\x07 bidi \u202e and e\u0301",
    "…",
    "x" * 2_000,
    "two\nlines\n\nand a third",
    "日本語のチケット ☏ 👩‍💻",
)


class Colleague:
    """Changes a desk at random; `random` decides, and `spare` is the operator, who is always left in place."""

    def __init__(self, desk: Desk, random: Random, spare: str) -> None:
        self._desk = desk
        self._random = random
        self._spare = spare

    def act(self) -> None:
        """Give one command. It may be refused."""
        rows = self._desk.queue().rows
        chance = self._random.random()
        if chance < 0.15 or not rows:
            command = self._record()
        elif chance < 0.3:
            command = self._log()
        elif chance < 0.35 and (waiting := self._waiting()):
            command = self._settle(waiting, rows)
        elif chance < 0.37:
            command = self._miss_a_call()
        else:
            command = self._about(rows)
        by = self._random.choice(self._desk.roster().staff).username
        try:
            self._desk.do(command, by=by)
        except UnknownTicketError:
            return

    def _about(self, rows: list[QueueRow]) -> Command:
        of = self._random.choice(
            [each for each in COMMANDS.values() if issubclass(each, TicketCommand) and each.verb]
        )
        ref = self._random.choice(rows).ref
        values: dict[str, Any] = {each.name: self._value(each, rows) for each in of.arguments()}
        made: Command = of(ref, **values)
        return made

    def _log(self) -> Command:
        contact = self._contact()
        policy = self._desk.policy_at(self._desk.now())
        severity = self._random.choice(policy.severities).key
        channel = self._random.choice(policy.channels).key
        return Log(severity, channel, contact.organisation, contact.key, self._text())

    def _waiting(self) -> list[IncomingMessage]:
        return self._desk.incoming_messages(states=tuple(UNSETTLED), limit=20)

    def _miss_a_call(self) -> Command:
        call = IncomingMessage(
            *("", "telephone", MessageState.MISSED_CALL, self._desk.now()),
            sender_address=self._contact().telephone,
            sender_name=self._line(),
            voicemail=Voicemail(is_missed_call=True),
        )
        return RecordMissedCall(call)

    def _settle(self, waiting: list[IncomingMessage], rows: list[QueueRow]) -> Command:
        if self._random.random() < 0.3:
            return MarkHeard(self._random.choice(waiting).key)
        state = self._random.choice(SETTLED).value
        ref = self._random.choice((None, self._random.choice(rows).ref))
        return SettleMessage(self._random.choice(waiting).key, state, ref, self._text())

    def _record(self) -> Command:
        pick, roster = self._random, self._desk.roster()
        number, day = pick.randint(1, 9), self._day()
        person = pick.choice([each for each in roster.staff if each.username != self._spare])
        policy = self._desk.policy_at(self._desk.now())
        records: tuple[Command, ...] = (
            SaveContact(msgspec.structs.replace(self._contact(), name=f"Jo {self._line()}")),
            SaveOrganisation(Organisation(f"firm-{number}", f"Firm {number} {self._line()}")),
            SavePerson(msgspec.structs.replace(person, active=pick.random() < 0.8)),
            SavePerson(Person(f"new-{number}", f"New {number}", person.team, person.roles)),
            SaveRelease(Release(f"9.{number}", day)),
            SaveArticle(Article(f"KB-{900 + number}", self._line(), self._text())),
            SaveRotation(self._rotation(roster.staff)),
            HandOverShift(
                self._text(), pick.choice((None, person.username, pick.choice(roster.staff).username))
            ),
            AcceptHandover(number),
            WithdrawHandover(number),
            RecordAbsence(person.username, None, self._instant(), pick.choice(roster.staff).username),
            ChangeDay(
                policy.calendars[0].key, day, pick.choice(((), (("10:00", "12:00"),))), "the heating broke"
            ),
            InstallPolicy(
                msgspec.structs.replace(policy, version=f"walk-{number}", effective=self._instant())
            ),
        )
        return pick.choice(records)

    def _rotation(self, staff: tuple[Person, ...]) -> Rotation:
        members = tuple(each.username for each in self._random.sample(staff, k=min(3, len(staff))))
        return Rotation(members, self._instant(), "Europe/London")

    def _contact(self) -> Contact:
        callers = self._desk.find_callers(self._random.choice("aeiou"), 8)
        found = [each.contact for each in callers]
        return self._random.choice(found) if found else Contact("walker.x", "acme", "X")

    def _value(self, argument: Argument, rows: list[QueueRow]) -> Any:
        pick, roster = self._random, self._desk.roster()
        policy = self._desk.policy_at(self._desk.now())
        if argument.choices:
            return pick.choice(argument.choices)
        if not argument.required and pick.random() < 0.3:
            return argument.default
        found: Mapping[ArgumentType, Callable[[], Any]] = {
            ArgumentType.FLAG: lambda: pick.random() < 0.5,
            ArgumentType.INSTANT: self._instant,
            ArgumentType.FUTURE_INSTANT: self._instant,
            ArgumentType.DAY: self._day,
            ArgumentType.TICKET: lambda: pick.choice(["…", make(5_000), pick.choice(rows).ref]),
            ArgumentType.SEVERITY: lambda: pick.choice(policy.severities).key,
            ArgumentType.CHANNEL: lambda: pick.choice(policy.channels).key,
            ArgumentType.TEAM: lambda: pick.choice(policy.teams).key,
            ArgumentType.ESCALATION_TARGET: lambda: pick.choice(roster.staff).username,
            ArgumentType.PERSON: lambda: pick.choice(roster.staff).username,
            ArgumentType.POLICY: lambda: pick.choice(list(self._desk.policies)),
            ArgumentType.RELEASE: lambda: pick.choice(roster.releases).key if roster.releases else "9.1",
            ArgumentType.CONTACT: lambda: self._contact().key,
            ArgumentType.ARTICLE: lambda: pick.choice(
                [each.key for each in self._desk.find_articles("", 20)] or ["KB-1"]
            ),
        }
        return found.get(argument.value_type, self._text)()

    def _text(self) -> str:
        return self._random.choice(TEXTS)

    def _line(self) -> str:
        return " ".join(self._text().split())[:40]

    def _instant(self) -> datetime:
        return self._desk.now() + timedelta(hours=self._random.choice((-72, -1, 0, 1, 24, 24 * 30)))

    def _day(self) -> Any:
        return self._instant().date()
