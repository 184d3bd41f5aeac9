"""Assignment: the ticket goes to a team, and an owner accepts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from supportdesk.tickets.case import Case
from supportdesk.tickets.command import EVERYBODY, Decision, Of, Refusal, TicketCommand, argument, decides
from supportdesk.tickets.events import (
    Acknowledged,
    Assigned,
    Claimed,
    HandedBack,
    HandedOver,
    TicketEvent,
)
from supportdesk.tickets.people import Person
from supportdesk.tickets.permissions import is_supervisor, supervisor
from supportdesk.tickets.process.paging import page_person
from supportdesk.tickets.process.triage import noticing
from supportdesk.tickets.ticket import Stage, Ticket


@dataclass(frozen=True, slots=True)
class Assign(TicketCommand):
    """Give the ticket to a team, or to a person who then accepts it."""

    verb = "assign"
    title = "Assign"
    needs = EVERYBODY

    owner: str = argument("who is to own it", of=Of.PERSON, default="")
    team: str = argument("the team, if not the owner's own", of=Of.TEAM, default="")
    note: str = argument("what they should know", default="")


@dataclass(frozen=True, slots=True)
class Claim(TicketCommand):
    """Take the ticket: you own it from now on."""

    verb = "claim"
    title = "Claim"
    needs = EVERYBODY


@dataclass(frozen=True, slots=True)
class HandBack(TicketCommand):
    """Give the ticket back to its team."""

    verb = "handback"
    title = "Hand back"
    needs = EVERYBODY

    reason: str = argument("why, and what the next owner should know")


@dataclass(frozen=True, slots=True)
class HandOver(TicketCommand):
    """Hand the ticket over to a colleague, who then accepts it."""

    verb = "handover"
    title = "Hand over"
    needs = EVERYBODY

    to: str = argument("who takes over", of=Of.PERSON)
    note: str = argument("where it stands and what comes next", of=Of.TEXT)


def accepting(case: Case) -> list[TicketEvent]:
    """What begins with the first work on a ticket: triage is over, its page has reached somebody, it has an owner.

    A colleague's help does not take a ticket from its owner.
    """
    ticket, events = case.ticket, noticing(case)
    if ticket.owner is None or (ticket.owner == case.actor.username and not ticket.accepted):
        events.append(Claimed(case.actor.username, case.actor.team))
    return events


@decides(Assign)
def assign(case: Case, command: Assign) -> Decision:
    """Anyone may give out a ticket that nobody has accepted; one that is owned, its owner or a supervisor."""
    ticket = case.ticket
    teams = [team.key for team in case.policy.teams]
    owner = _on_staff(case, command.owner) if command.owner else None
    if isinstance(owner, Refusal):
        return owner
    team = command.team or (owner.team if owner else "")
    if not team:
        return Refusal("say to whom: an owner, a team, or both")
    if team not in teams:
        return Refusal(f"there is no team {team!r}; the policy has {', '.join(teams)}")
    if (refusal := _not_theirs_to_give(case)) is not None:
        return refusal
    if (ticket.team, ticket.owner) == (team, command.owner or None):
        return Refusal("it is assigned like that already")
    begun: list[TicketEvent] = [Acknowledged()] if ticket.stage is Stage.TRIAGE else []
    return [*begun, Assigned(team, command.owner or None, command.note)]


@decides(HandOver)
def hand_over(case: Case, command: HandOver) -> Decision:
    """As an assignment, with a note; nothing that wakes people falls between two of them.

    Whoever hands it over has seen its page. Where the severity pages, the new owner is paged until they accept.
    """
    person = _on_staff(case, command.to)
    if isinstance(person, Refusal):
        return person
    if person.username == case.actor.username:
        return Refusal("that is you; claim it, or name a colleague")
    if case.ticket.owner == person.username:
        return Refusal(f"{person.name} has it already")
    if (refusal := _not_theirs_to_give(case)) is not None:
        return refusal
    if not command.note.strip():
        return Refusal("say where it stands; whoever takes over reads this first")
    handed = [*noticing(case), HandedOver(person.team, person.username, person.name, command.note)]
    severity = case.policy.severity(case.ticket.severity)
    if severity.pages:
        handed.append(page_person(person, f"{severity.name} handed over by {case.actor.name}"))
    return handed


def _on_staff(case: Case, username: str) -> Person | Refusal:
    person = case.directory.staff.get(username)
    if person is None or not person.active:
        return Refusal(f"{username!r} is not on the staff; choose somebody who is")
    return person


def _not_theirs_to_give(case: Case) -> Refusal | None:
    ticket = case.ticket
    if ticket.accepted and ticket.owner != case.actor.username and not is_supervisor(case.actor):
        return Refusal(f"{owned(case)}; giving it to somebody else takes them or {supervisor(case)}")
    return None


@decides(Claim)
def claim(case: Case, command: Claim) -> Decision:
    """The first to claim has it; one offered to somebody else who has not accepted may still be taken."""
    ticket = case.ticket
    if ticket.accepted and ticket.owner == case.actor.username:
        return Refusal("it is yours already")
    if ticket.accepted:
        if is_supervisor(case.actor):
            return Refusal(f"{owned(case)}; ask them to hand it back, or assign it to yourself")
        return Refusal(f"{owned(case)}; ask them to hand it back, or {supervisor(case)} to reassign it")
    return [*noticing(case), Claimed(case.actor.username, case.actor.team)]


@decides(HandBack)
def hand_back(case: Case, command: HandBack) -> Decision:
    """Only its owner, or a supervisor for them."""
    ticket = case.ticket
    if ticket.owner is None:
        return Refusal("nobody owns it; there is nothing to hand back")
    if ticket.owner != case.actor.username and not is_supervisor(case.actor):
        return Refusal(f"{owned(case)}; handing it back takes them or {supervisor(case)}")
    if not command.reason.strip():
        return Refusal("say why, so that the next owner knows")
    return [HandedBack(command.reason)]


def owned(case: Case) -> str:
    """Who has the ticket and for how long, as a clause: `Ann Lee took it 1 s ago`."""
    ticket = case.ticket
    assert ticket.owner is not None
    verb = "took it" if ticket.accepted else "was given it"
    return f"{case.directory.name(ticket.owner)} {verb} {_ago(ticket, case.now)}"


def _ago(ticket: Ticket, now: datetime) -> str:
    seconds = int((now - (ticket.owned_since or now)).total_seconds())
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} s ago"
