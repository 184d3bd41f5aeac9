"""The script of one ticket: which commands are given in its life, when, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from supportdesk.demo.business_time import Hours
from supportdesk.demo.people import Cast
from supportdesk.demo.stories import Stories, Story, tell
from supportdesk.sla.policy import Policy, Rung
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Contact, Person, Release, Rotation
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.rota import duty

Refs = Mapping[int, str]
"""The references given so far, by the number of the script."""

_TYPING = timedelta(minutes=4)
_OWN_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Step:
    """A command that `by` gives at a moment. `logs` is the script's number where it is the one that logs its ticket."""

    at: datetime
    by: str
    command: Callable[[Refs], Command]
    logs: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What every script is written in: the cast, the stories, the policy, and the moment that it all leads up to."""

    cast: Cast
    stories: Stories
    policy: Policy
    now: datetime
    colleagues: tuple[Person, ...] = ()
    """Who was on the staff of the desk before the cast."""

    def hours(self, calendar: str) -> Hours:
        """A calendar of the policy, seen from now."""
        return Hours(self.policy.calendar(calendar), self.now)

    def duty(self, at: datetime) -> str:
        """Who was on call at a moment."""
        on_call = duty(self, at).on_call
        assert on_call is not None, "the rotation begins before the demonstration"
        return on_call.username

    @property
    def staff(self) -> Mapping[str, Person]:
        """The cast by username."""
        return {person.username: person for person in self.cast.staff}

    @property
    def rotations(self) -> tuple[Rotation, ...]:
        """The rotation of the cast."""
        return (self.cast.rotation,)

    def ladder_at(self, at: datetime) -> tuple[Rung, ...]:
        """The rungs of the policy."""
        return self.policy.ladder


class Script:
    """One ticket's script while it is written. Hours are open hours of the severity's calendar, from arrival on."""

    def __init__(self, world: World, number: int, story: Story, random: Random) -> None:
        self.world = world
        self.number = number
        self.severity = story.severity
        self.random = random
        self.steps: list[Step] = []
        self.clock = world.hours(world.policy.severity(story.severity).response.calendar)
        self.contact = random.choice(world.cast.contacts)
        self.telling = tell(world.stories, story, self.contact.name, random)
        self.owner = self.member(world.policy.severity(story.severity).team)
        self.received = world.now
        self.channel = ""
        self.promised: Release | None = None

    @property
    def response_hours(self) -> float:
        """The target of the response clock."""
        return self.world.policy.severity(self.severity).response.seconds / 3600

    @property
    def resolution_hours(self) -> float:
        """The target of the resolution clock; 0 where the promise is a deed without a time."""
        amount = self.world.policy.severity(self.severity).resolution
        return amount.seconds / 3600 if amount else 0.0

    def member(self, team: str) -> str:
        """Somebody of a team who leads nobody; now and then whoever runs the demonstration."""
        me = self.world.cast.me
        if team != "account-management" and self.random.random() < _OWN_SHARE:
            return me.username
        return self.random.choice(
            [mate for mate in self.world.cast.team(team) if mate != me and not mate.rungs]
        ).username

    def holder(self, rung: str) -> str:
        """Who holds a rung of the ladder."""
        cast = self.world.cast.staff
        players = {player.username for player in cast}
        before = (each for each in self.world.colleagues if each.active and each.username not in players)
        return next(person.username for person in (*before, *cast) if rung in person.rungs)

    def mine(self) -> None:
        """Gives the ticket to whoever runs the demonstration."""
        self.owner = self.world.cast.me.username

    def agent(self) -> str:
        """Who takes requests in: the on-call engineer those of the Critical line, User Support the others."""
        if self.severity == "critical":
            return self.world.duty(self.received)
        mates = [mate for mate in self.world.cast.team("user-support") if not mate.rungs]
        return self.random.choice(mates).username

    def arrive(self, at: datetime, channel: str = "", *, asks: str = "") -> None:
        """The request arrives by `channel` (by default one that the policy asks for) and is logged soon after.

        `asks` is `super user` or `other` where it matters who does.
        """
        self.received = at
        self.channel = channel or self.random.choice(self._channels(at))
        rings = self.world.policy.channel(self.channel).open_to == "super users"
        wanted = asks or ("super user" if rings else "")
        self._ask_of(wanted)
        logged = self.clock.calendar.next_open(at)
        logged = min(self.world.now, logged + min(_TYPING, max(self.world.now - logged, timedelta()) / 8))
        log = Log(
            severity=self.severity,
            channel=self.channel,
            organisation=self.contact.organisation,
            contact=self.contact.key,
            summary=self.telling.say(self.telling.story.summary),
            description=self.telling.say(self.telling.story.description),
            received_at=at,
        )
        self.steps.append(Step(logged, self.agent(), lambda refs: log, logs=self.number))

    def arrive_ago(self, hours: float, channel: str = "", *, asks: str = "") -> None:
        """The request arrived so many open hours before now."""
        self.arrive(self.clock.ago(hours), channel, asks=asks)

    def _channels(self, at: datetime) -> list[str]:
        policy = self.world.policy
        asked_for = policy.severity(self.severity).channels
        fitting = [key for key in asked_for if policy.calendar(policy.channel(key).calendar).is_open(at)]
        return [key for key in fitting if key != "voicemail" or "phone" not in fitting]

    def _ask_of(self, wanted: str) -> None:
        if not wanted:
            return
        people = [each for each in self.world.cast.contacts if each.super_user is (wanted == "super user")]
        if self.contact not in people:
            self._asked_by(self.random.choice(people))

    def _asked_by(self, contact: Contact) -> None:
        self.contact = contact
        places = {**self.telling.places, "name": contact.name.split(maxsplit=1)[0]}
        self.telling = replace(self.telling, places=places)

    def after(self, hours: float) -> datetime:
        """So many open hours after arrival."""
        return self.clock.after(self.received, hours)

    def do(self, at: datetime, by: str, command: Callable[[str], Command]) -> None:
        """Somebody gives a command about this ticket; `command` is given its reference."""
        number = self.number
        self.steps.append(Step(at, by, lambda refs: command(refs[number])))

    def do_with(self, at: datetime, by: str, other: int, command: Callable[[str, str], Command]) -> None:
        """Somebody gives a command about this ticket and the one of another script."""
        number = self.number
        self.steps.append(Step(at, by, lambda refs: command(refs[number], refs[other])))
