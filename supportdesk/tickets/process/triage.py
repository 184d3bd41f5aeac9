"""Triage: a request is logged with a reference and checked against the policy; none is rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.sla.formatting import at_near_time
from supportdesk.sla.policy import Policy
from supportdesk.tickets import remedies
from supportdesk.tickets.actors import INTAKE
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
from supportdesk.tickets.events import Acknowledged, AcknowledgementExtended, Logged, TicketEvent
from supportdesk.tickets.permissions import is_supervisor, name_supervisors
from supportdesk.tickets.policy_keys import refuse_unknown_key
from supportdesk.tickets.process.out_of_policy import find_reasons_out_of_policy
from supportdesk.tickets.process.paging import (
    ACKNOWLEDGE,
    acknowledge_own_page,
    acknowledge_page_of,
    page_on_call,
    paged_people,
    refuse_page_of_others,
)
from supportdesk.tickets.reach import find_contact_details_fault
from supportdesk.tickets.refusal import Refusal, either
from supportdesk.tickets.ticket import Stage

OLDEST_ARRIVAL = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Log(Command):
    """Log a request and give it a reference."""

    tag = "Log"
    verb = "log"
    title = "Log a request"
    needs = EVERYBODY
    open_to_services = frozenset({INTAKE.key})

    severity: str = argument("how severe it is", value_type=ArgumentType.SEVERITY)
    channel: str = argument("how it reached us", value_type=ArgumentType.CHANNEL)
    organisation: str = argument("the customer", value_type=ArgumentType.ORGANISATION)
    contact: str = argument("who requests it", value_type=ArgumentType.CONTACT)
    summary: str = argument("what is wrong, in one line")
    description: str = argument("everything that is known", value_type=ArgumentType.TEXT, default="")
    received_at: datetime | None = argument(
        "when it arrived on its channel, if not now", value_type=ArgumentType.INSTANT, default=None
    )
    new_organisation: bool = argument(
        "add a customer that is not known yet", value_type=ArgumentType.FLAG, default=False
    )
    new_contact: bool = argument(
        "add a new contact, even if the customer has one of that name",
        value_type=ArgumentType.FLAG,
        default=False,
        later=True,
    )
    contact_telephone: str = argument(
        "the telephone number of a new contact", value_type=ArgumentType.TELEPHONE, default=""
    )
    contact_email: str = argument(
        "the email address of a new contact", value_type=ArgumentType.EMAIL, default=""
    )
    overruled: str = argument(
        "why the severity differs from the answers to the policy's questions", default=""
    )
    team: str = argument(
        "the team that it goes to, if not that of its severity",
        value_type=ArgumentType.TEAM,
        default="",
        is_asked=False,
        later=True,
    )


@dataclass(frozen=True, slots=True)
class Acknowledge(TicketCommand):
    """Confirm that you have checked the request or that a page has reached you; with a reason, for longer."""

    tag = "Acknowledge"
    verb = ACKNOWLEDGE
    title = "Acknowledge or extend"
    needs = EVERYBODY

    paged: str = argument(
        "whose page you acknowledge, if not your own",
        value_type=ArgumentType.PERSON,
        default="",
        is_asked=False,
        later=True,
    )
    reason: str = argument(
        "why the acknowledgement that was given must be valid for longer",
        default="",
        is_asked=False,
        later=True,
    )


@rule_for(Log)
def log(case: DecisionContext, command: Log) -> Decision:
    """Log the request as a ticket. A new customer or contact has already been added, as not registered."""
    policy, records = case.policy, case.records
    received_at = (command.received_at or case.now).replace(microsecond=0)
    refusal = (
        _refuse_unknown(case, command) or _refuse_arrival(case, received_at) or _refuse_reach(policy, command)
    )
    if refusal is not None:
        return refusal
    severity = policy.severity(command.severity)
    contact = records.contacts[command.contact]
    events: list[TicketEvent] = [
        Logged(
            policy=policy.version,
            received_at=received_at,
            channel=command.channel,
            severity=command.severity,
            summary=command.summary,
            description=command.description,
            organisation=command.organisation,
            contact=command.contact,
            team=command.team or severity.team,
            out_of_policy=find_reasons_out_of_policy(
                policy, command.severity, command.channel, contact, received_at
            ),
            overruled=command.overruled,
        )
    ]
    if severity.pages:
        events.append(page_on_call(case, f"{severity.name} logged"))
    return events


def _refuse_unknown(case: DecisionContext, command: Log) -> Refusal | None:
    policy, records = case.policy, case.records
    unknown = refuse_unknown_key(
        policy, severity=command.severity, channel=command.channel, team=command.team or None
    )
    if unknown is not None:
        return unknown
    severity = policy.severity(command.severity)
    if severity.pages and command.team not in ("", severity.team):
        return Refusal(
            f"a {severity.name} goes to {policy.team(severity.team).name}, who are paged; name no other team"
        )
    if not command.summary.strip():
        return Refusal("a summary is needed: one line that says what is wrong")
    if command.organisation not in records.organisations:
        return Refusal(f"there is no customer {command.organisation!r}", either(remedies.ADD_CUSTOMER))
    contact = records.contacts.get(command.contact)
    if contact is None or contact.organisation != command.organisation:
        return Refusal(f"{command.contact!r} is not a contact of that customer", either(remedies.ADD_CONTACT))
    return None


def _refuse_reach(policy: Policy, command: Log) -> Refusal | None:
    fault = find_contact_details_fault(policy, command.contact_telephone, command.contact_email)
    return Refusal(fault) if fault is not None else None


def _refuse_arrival(case: DecisionContext, received_at: datetime) -> Refusal | None:
    if received_at > case.now:
        return Refusal("it cannot have arrived in the future; check the time and its zone")
    if case.now - received_at > OLDEST_ARRIVAL:
        return Refusal("it arrived over a year ago; check the date (older histories are imported)")
    return None


def end_triage(case: DecisionContext) -> list[TicketEvent]:
    """Return the end of triage, which is the first work of a person on the ticket; nothing where it has ended."""
    return [Acknowledged()] if case.ticket.stage is Stage.TRIAGE else []


@rule_for(Acknowledge)
def acknowledge(case: DecisionContext, command: Acknowledge) -> Decision:
    """End triage and the actor's own open page; somebody else's only if the command names them (rule 17).

    With a reason, extend what was acknowledged already.
    """
    if command.reason:
        return _extend(case, command)
    if command.paged:
        acknowledged = acknowledge_page_of(case, command.paged)
        if isinstance(acknowledged, Refusal):
            return acknowledged
        return [acknowledged, *end_triage(case)]
    mine = acknowledge_own_page(case)
    if case.ticket.page_open and not mine:
        return refuse_page_of_others(case)
    return [*mine, *end_triage(case)] or Refusal(_describe_acknowledgement(case))


def _extend(case: DecisionContext, command: Acknowledge) -> Decision:
    """Return the extension, by the person who acknowledged, the owner or a supervisor."""
    ticket, page = case.ticket, case.ticket.page
    others = paged_people(case)
    if others and case.actor.key not in others:
        return refuse_page_of_others(case)
    if ticket.page_open or page is None or page.acknowledged_by is None:
        what = "the page is not acknowledged yet" if ticket.page_open else "nobody acknowledged a page for it"
        return Refusal(f"{what}, so there is nothing to extend; acknowledge without a reason")
    if not command.reason.strip():
        return Refusal("say why; the timeline shows the reason")
    if case.actor.key not in (page.acknowledged_by, ticket.owner) and not is_supervisor(case.actor):
        name = case.records.name(page.acknowledged_by)
        return Refusal(f"only {name}, the owner or {name_supervisors(case)} can extend it; call them")
    return [AcknowledgementExtended(command.reason)]


def _describe_acknowledgement(case: DecisionContext) -> str:
    page = case.ticket.page
    if page is None or page.acknowledged_by is None or page.acknowledged_at is None:
        return "already acknowledged"
    at = at_near_time(page.acknowledged_at, case.policy.timezone, case.now)
    return f"already acknowledged by {case.records.name(page.acknowledged_by)} {at}"
