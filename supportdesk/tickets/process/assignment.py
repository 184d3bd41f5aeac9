"""Assignment: the ticket goes to a team, and an owner accepts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from supportdesk.tickets import remedies
from supportdesk.tickets.command import (
    EVERYBODY,
    ArgumentType,
    Command,
    Decision,
    TicketCommand,
    argument,
    rule_for,
)
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Person
from supportdesk.tickets.events import (
    Assigned,
    Claimed,
    HandedBack,
    HandedOver,
    Noted,
    TicketEvent,
)
from supportdesk.tickets.permissions import is_supervisor, name_supervisors
from supportdesk.tickets.policy_keys import refuse_unknown_key
from supportdesk.tickets.process.paging import (
    acknowledge_own_page,
    page_person,
    paged_people,
    refuse_taking_lowered,
)
from supportdesk.tickets.process.team_refusals import refuse_claim, refuse_giving_up, refuse_moving
from supportdesk.tickets.process.teams import may_claim
from supportdesk.tickets.process.triage import end_triage
from supportdesk.tickets.refusal import Refusal, Remedy, either
from supportdesk.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Assign(TicketCommand):
    """Assign the ticket to a team, or to a person who then accepts it."""

    tag = "Assign"
    verb = "assign"
    title = "Assign"
    needs = EVERYBODY

    owner: str = argument("the new owner", value_type=ArgumentType.PERSON, default="")
    team: str = argument("the team, if not the owner's own", value_type=ArgumentType.TEAM, default="")
    note: str = argument("what the new owner or team should know", default="")


@dataclass(frozen=True, slots=True)
class Claim(TicketCommand):
    """Claim the ticket: you own it from now on."""

    tag = "Claim"
    verb = "claim"
    title = "Claim"
    needs = EVERYBODY


@dataclass(frozen=True, slots=True)
class HandBack(TicketCommand):
    """Hand the ticket back to its team."""

    tag = "HandBack"
    verb = "handback"
    title = "Hand back"
    needs = EVERYBODY

    reason: str = argument("why, and what the next owner should know")


@dataclass(frozen=True, slots=True)
class HandOver(TicketCommand):
    """Hand the ticket over to a colleague, who then accepts it."""

    tag = "HandOver"
    verb = "handover"
    title = "Hand over"
    needs = EVERYBODY

    to: str = argument("who takes over", value_type=ArgumentType.PERSON)
    note: str = argument("where it stands and what comes next", value_type=ArgumentType.TEXT)


def find_receiver(command: Command) -> str:
    """Return the username of the person to whom a command gives a ticket; an empty text for other commands."""
    match command:
        case Assign():
            return command.owner
        case HandOver():
            return command.to
    return ""


def claim_if_unowned(case: DecisionContext, *, replying: bool = False) -> list[TicketEvent]:
    """Return the events of the first work on a ticket: triage ends, and the actor claims it if it is unassigned.

    Work by a colleague does not take a ticket from its owner, nor one whose severity pages from its team. The actor's
    own page counts as acknowledged if they claim the ticket or are `replying` to the customer (rule 17).
    """
    ticket = case.ticket
    may_take = ticket.owner is None and may_claim(case) and refuse_taking_lowered(case) is None
    claims = may_take or (ticket.owner == case.actor.key and not ticket.accepted)
    answered = acknowledge_own_page(case) if claims or replying else []
    return [*answered, *end_triage(case), *([make_claim(case)] if claims else [])]


def make_claim(case: DecisionContext) -> Claimed:
    """Return the actor's claim, with both teams where it moves the ticket to another one. Only staff may claim."""
    ticket_team, own_team = case.ticket.team, case.actor.team
    assert own_team is not None, "only a member of a team owns a ticket"
    moved = (
        None
        if ticket_team == own_team
        else (case.policy.team(ticket_team).name, case.policy.team(own_team).name)
    )
    return Claimed(case.actor.key, own_team, moved=moved)


@rule_for(Assign)
def assign(case: DecisionContext, command: Assign) -> Decision:
    """Anybody may assign a ticket that nobody has accepted; otherwise only its owner or a supervisor."""
    ticket = case.ticket
    owner = _find_staff(case, command.owner) if command.owner else None
    if isinstance(owner, Refusal):
        return owner
    team = command.team or (owner.team if owner else "")
    if not team:
        return Refusal("say who gets it: an owner, a team, or both")
    if (refusal := refuse_unknown_key(case.policy, team=team)) is not None:
        return refusal
    if (refusal := _refuse_reassigning(case) or refuse_moving(case, team, owner)) is not None:
        return refusal
    if owner is not None and owner.username == case.actor.key and owner.team == team:
        return _assign_to_actor(case, command)
    if owner is None and ticket.owner is not None and (refusal := refuse_giving_up(case)) is not None:
        return refusal
    if (ticket.team, ticket.owner) == (team, command.owner or None):
        return Refusal("it is already assigned like that; choose another owner or team")
    return [*end_triage(case), Assigned(team, command.owner or None, command.note)]


def _assign_to_actor(case: DecisionContext, command: Assign) -> Decision:
    """An assignment to the actor is a claim; their note is an internal one."""
    if case.ticket.accepted and case.ticket.owner == case.actor.key:
        return Refusal("you already own it", either(remedies.HAND_OVER, remedies.HAND_BACK))
    noted = [Noted(command.note)] if command.note.strip() else []
    return [*acknowledge_own_page(case), *end_triage(case), make_claim(case), *noted]


@rule_for(HandOver)
def hand_over(case: DecisionContext, command: HandOver) -> Decision:
    """Assign the ticket with a note; a page is never lost between two owners.

    If the severity pages, the new owner is paged until they accept. No other page is acknowledged by it (rule 17):
    other people who are paged stay so, and only the actor's own page is passed on.
    """
    person = _find_staff(case, command.to)
    if isinstance(person, Refusal):
        return person
    if person.username == case.actor.key:
        return Refusal(
            "you cannot hand it over to yourself", either(remedies.CLAIM, Remedy("choose a colleague"))
        )
    if case.ticket.owner == person.username:
        return Refusal(f"{person.name} already owns it; choose somebody else")
    if (refusal := _refuse_reassigning(case) or refuse_moving(case, person.team, person)) is not None:
        return refusal
    if not command.note.strip():
        return Refusal("say where it stands; the new owner reads this first")
    handed = [*end_triage(case), HandedOver(person.team, person.username, person.name, command.note)]
    severity = case.policy.severity(case.ticket.severity)
    if severity.pages and person.username not in paged_people(case):
        handed.append(page_person(case, person, f"{severity.name} handed over by {case.actor.name}"))
    return handed


def _find_staff(case: DecisionContext, username: str) -> Person | Refusal:
    person = case.records.staff.get(username)
    if person is None or not person.active:
        return Refusal(f"{username!r} is not on the staff; choose somebody who is")
    return person


def _refuse_reassigning(case: DecisionContext) -> Refusal | None:
    ticket = case.ticket
    if ticket.accepted and ticket.owner != case.actor.key and not is_supervisor(case.actor):
        return Refusal(f"{describe_owner(case)}; only they or {name_supervisors(case)} can reassign it")
    return None


@rule_for(Claim)
def claim(case: DecisionContext, command: Claim) -> Decision:
    """The first claim counts; a ticket assigned to somebody who has not accepted it may still be claimed.

    If the severity pages, only its teams claim (rule 17).
    """
    ticket = case.ticket
    if ticket.accepted and ticket.owner == case.actor.key:
        return Refusal("you already own it", either(remedies.HAND_OVER, remedies.HAND_BACK))
    if ticket.accepted:
        if is_supervisor(case.actor):
            return Refusal(
                describe_owner(case), either(remedies.ASK_TO_HAND_BACK, remedies.ASSIGN_TO_YOURSELF)
            )
        return Refusal(
            describe_owner(case),
            either(remedies.ASK_TO_HAND_BACK, Remedy(f"ask {name_supervisors(case)} to assign it", "assign")),
        )
    if (refusal := refuse_claim(case)) is not None:
        return refusal
    return [*acknowledge_own_page(case), *end_triage(case), make_claim(case)]


@rule_for(HandBack)
def hand_back(case: DecisionContext, command: HandBack) -> Decision:
    """Only the owner may hand it back, or a supervisor for them."""
    ticket = case.ticket
    if ticket.owner is None:
        return Refusal(
            "it is unassigned, so there is nothing to hand back", either(remedies.CLAIM, remedies.ASSIGN)
        )
    if ticket.owner != case.actor.key and not is_supervisor(case.actor):
        return Refusal(f"{describe_owner(case)}; only they or {name_supervisors(case)} can hand it back")
    if not command.reason.strip():
        return Refusal("say why, so that the next owner knows")
    return refuse_giving_up(case) or [HandedBack(command.reason)]


def describe_owner(case: DecisionContext) -> str:
    """Return a clause with the owner and since when: `Ann Lee claimed it 1 s ago`."""
    ticket = case.ticket
    assert ticket.owner is not None
    verb = "claimed it" if ticket.accepted else "was given it"
    return f"{case.records.name(ticket.owner)} {verb} {_format_age(ticket, case.now)}"


def _format_age(ticket: Ticket, now: datetime) -> str:
    seconds = int((now - (ticket.owned_since or now)).total_seconds())
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} s ago"
