"""The script of one demo ticket: its commands, with the time and the actor of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import ClassVar

import msgspec
from msgspec.structs import replace

from supportdesk.demo.business_time import RelativeCalendar
from supportdesk.demo.records import DemoRecords
from supportdesk.demo.stories import Stories, Story, fill_story
from supportdesk.sla.policy import Policy, Rung
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import (
    Absence,
    Contact,
    Handover,
    Override,
    Person,
    Release,
    Rotation,
    Swap,
)
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.rota.duty import duty

Refs = Mapping[int, str]
"""References by the number of the script that logged them."""

_TYPING = timedelta(minutes=4)
_OWN_SHARE = 0.12


class ScriptStep(msgspec.Struct, frozen=True):
    """A command that `by` gives at `at`. `logs` is the script's number if the command logs its ticket.

    For such a command, `is_silent` says that nobody acknowledges the ticket's pages, and `is_late` that its first step
    is recorded late.
    """

    at: datetime
    by: str
    command: Callable[[Refs], Command]
    logs: int | None = None
    is_silent: bool = False
    is_late: bool = False


class DemoContext(msgspec.Struct, frozen=True):
    """The setting of all scripts: the records, the stories, the policy and the present instant."""

    records: DemoRecords
    stories: Stories
    policy: Policy
    now: datetime
    colleagues: tuple[Person, ...] = ()
    """Members of staff of the desk before the demo."""

    def hours(self, calendar: str) -> RelativeCalendar:
        """Return a calendar of the policy, relative to now."""
        return RelativeCalendar(self.policy.calendar(calendar), self.now)

    def duty(self, at: datetime) -> str:
        """Return the username of the engineer on call at an instant."""
        on_call = duty(self, at).on_call
        assert on_call is not None, "the rotation begins before the demonstration"
        return on_call.username

    @property
    def staff(self) -> Mapping[str, Person]:
        """The demo's staff by username."""
        return {person.username: person for person in self.records.staff}

    @property
    def rotations(self) -> tuple[Rotation, ...]:
        """The demo's rotations, as its records hold them."""
        return self.records.rotations

    overrides: ClassVar[tuple[Override, ...]] = ()
    swaps: ClassVar[tuple[Swap, ...]] = ()
    absences: ClassVar[tuple[Absence, ...]] = ()
    handovers: ClassVar[tuple[Handover, ...]] = ()
    """The rota of the demonstration has no exceptions."""

    def find_methods(self) -> frozenset[str]:
        """Return none: nobody sends from a demo."""
        return frozenset()

    def ladder_at(self, at: datetime) -> tuple[Rung, ...]:
        """The rungs of the policy."""
        return self.policy.ladder


class TicketScript:
    """Writes one ticket's script. Hours are open hours of the severity's calendar, from receipt on."""

    def __init__(self, context: DemoContext, number: int, story: Story, random: Random) -> None:
        self.context = context
        self.number = number
        self.severity = story.severity
        self.random = random
        self.steps: list[ScriptStep] = []
        self.clock = context.hours(context.policy.severity(story.severity).response.calendar)
        self.contact = random.choice(context.records.contacts)
        self.texts = fill_story(context.stories, story, self.contact.name, random)
        self.owner = self.member(context.policy.severity(story.severity).team)
        self.received = context.now
        self.channel = ""
        self.promised: Release | None = None
        self.is_silent = False
        """Whether nobody acknowledges its pages."""
        self.is_late = False
        """Whether its first step is recorded late."""

    @property
    def response_hours(self) -> float:
        """The target of the response clock, in open hours."""
        return self.context.policy.severity(self.severity).response.seconds / 3600

    @property
    def resolution_hours(self) -> float:
        """The target of the resolution clock, in open hours; 0 where the severity promises no time."""
        amount = self.context.policy.severity(self.severity).resolution
        return amount.seconds / 3600 if amount else 0.0

    def member(self, team: str) -> str:
        """Choose a member of a team who holds no rung; sometimes the operator."""
        me = self.context.records.me
        if team != "account-management" and self.random.random() < _OWN_SHARE:
            return me.username
        return self.random.choice(
            [each for each in self.context.records.team(team) if each != me and not each.rungs]
        ).username

    def holder(self, rung: str) -> str:
        """Return who holds a rung of the ladder."""
        staff = self.context.records.staff
        members = {each.username for each in staff}
        before = (each for each in self.context.colleagues if each.active and each.username not in members)
        return next(person.username for person in (*before, *staff) if rung in person.rungs)

    def mine(self) -> None:
        """Make the operator the owner."""
        self.owner = self.context.records.me.username

    def agent(self) -> str:
        """Return who logs the request: User Support, but the on-call engineer a Critical by telephone or at night."""
        office = self.context.policy.calendar("office")
        if self.severity == "critical" and not (self.channel == "email" and office.is_open(self.received)):
            return self.context.duty(self.received)
        agents = [each for each in self.context.records.team("user-support") if not each.rungs]
        return self.random.choice(agents).username

    def arrive(self, at: datetime, channel: str = "", *, asks: str = "") -> None:
        """Receive the request by `channel` (by default one that the policy asks for) and log it soon after.

        `asks` is `super user` or `other` where the kind of contact matters.
        """
        self.received = at
        self.channel = channel or self.random.choice(self._channels(at))
        rings = self.context.policy.channel(self.channel).open_to == "super users"
        wanted = asks or ("super user" if rings else "")
        self._choose_contact(wanted)
        logged = self.clock.calendar.next_open(at)
        logged = min(self.context.now, logged + min(_TYPING, max(self.context.now - logged, timedelta()) / 8))
        log = Log(
            severity=self.severity,
            channel=self.channel,
            organisation=self.contact.organisation,
            contact=self.contact.key,
            summary=self.texts.say(self.texts.story.summary),
            description=self.texts.say(self.texts.story.description),
            received_at=at,
        )
        self.steps.append(
            ScriptStep(
                logged,
                self.agent(),
                lambda refs: log,
                logs=self.number,
                is_silent=self.is_silent,
                is_late=self.is_late,
            )
        )

    def arrive_ago(self, hours: float, channel: str = "", *, asks: str = "") -> None:
        """Receive the request `hours` open hours before now."""
        self.arrive(self.clock.ago(hours), channel, asks=asks)

    def _channels(self, at: datetime) -> list[str]:
        policy = self.context.policy
        asked_for = policy.severity(self.severity).channels
        fitting = [key for key in asked_for if policy.calendar(policy.channel(key).calendar).is_open(at)]
        return [key for key in fitting if key != "voicemail" or "phone" not in fitting]

    def _choose_contact(self, wanted: str) -> None:
        if not wanted:
            return
        people = [
            each for each in self.context.records.contacts if each.super_user is (wanted == "super user")
        ]
        if self.contact not in people:
            self._set_contact(self.random.choice(people))

    def _set_contact(self, contact: Contact) -> None:
        self.contact = contact
        places = {**self.texts.places, "name": contact.name.split(maxsplit=1)[0]}
        self.texts = replace(self.texts, places=places)

    def after(self, hours: float) -> datetime:
        """Return the instant `hours` open hours after receipt, at most now."""
        return self.clock.after(self.received, hours)

    def do(self, at: datetime, by: str, command: Callable[[str], Command]) -> None:
        """Add a step; `command` is called with this ticket's reference."""
        number = self.number
        self.steps.append(ScriptStep(at, by, lambda refs: command(refs[number])))

    def do_with(self, at: datetime, by: str, other: int, command: Callable[[str, str], Command]) -> None:
        """Add a step; `command` is called with the references of this ticket and of script `other`."""
        number = self.number
        self.steps.append(ScriptStep(at, by, lambda refs: command(refs[number], refs[other])))
