"""Undo: the actor reverses their own last command, as a new event; the undone events stay in the ledger.

What was undone counts as never done, for the clocks too: a pause never began, a resumption never ended the pause,
another severity was never set. Time cannot be undone: if a clock was breached since, undo is refused (rule 9). A breach
that the command itself recorded, because a higher severity was late when raised, is undone with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from supportdesk.sla.clocks import ClockKind, State, epoch, state_at
from supportdesk.sla.formatting import amount
from supportdesk.tickets import remedies
from supportdesk.tickets.actors import contact_key
from supportdesk.tickets.command import ANY_STAGE, EVERYBODY, Decision, TicketCommand, rule_for
from supportdesk.tickets.decision_context import AppliedCommand, DecisionContext
from supportdesk.tickets.events import (
    AccountManagerContacted,
    Acknowledged,
    AcknowledgementExtended,
    ArticleLinked,
    Assigned,
    Called,
    Claimed,
    Closed,
    CustomerWrote,
    Escalated,
    Event,
    FixPromised,
    HandedBack,
    HandedOver,
    HoldDayChanged,
    Linked,
    Logged,
    MailPlanned,
    MailUndelivered,
    MailWithheld,
    Noted,
    PageAcknowledged,
    Paged,
    PageShown,
    PageUnsent,
    PolicyMoved,
    Reopened,
    Replied,
    Resolved,
    ResponseConfirmed,
    RetryRequested,
    SendAttempted,
    SeverityChanged,
    StepTaken,
    TextCut,
    TimeCorrected,
    Undone,
    WaitBegan,
    WaitEnded,
    WorkaroundProposed,
)
from supportdesk.tickets.events.phrase import KEYS, Names
from supportdesk.tickets.promises import project_ticket_clock
from supportdesk.tickets.refusal import Refusal, Remedies, Remedy, either
from supportdesk.tickets.ticket import Ticket
from supportdesk.tickets.undo_state import find_previous_values, with_previous_values

UNDO_WINDOW = timedelta(minutes=10)
"""How long a command can be undone: long enough for a slip, too short to rewrite the past."""

CAN_BE_UNDONE: frozenset[type[Event]] = frozenset(
    {
        Acknowledged,
        PageAcknowledged,
        AcknowledgementExtended,
        Assigned,
        Claimed,
        HandedBack,
        HandedOver,
        Called,
        CustomerWrote,
        Noted,
        WaitBegan,
        WaitEnded,
        HoldDayChanged,
        SeverityChanged,
        FixPromised,
        ArticleLinked,
        Escalated,
        MailWithheld,
        Reopened,
        TextCut,
    }
)
"""Events that nobody outside the desk has learnt of. A page that was acknowledged by mistake escalates again."""

_LOGGED_AND_PAGED = Refusal(
    "it cannot be undone, as somebody was paged; ring them",
    either(remedies.CLOSE_AS_WITHDRAWN),
    separator=", then ",
)
_CAME_BY_MAIL = Refusal("what came by mail stays on its ticket", either(remedies.NOTE))
_ALREADY_TOLD = Refusal("the customer has already been told", either(Remedy("reply again", "reply")))
CANNOT_BE_UNDONE: dict[type[Event], Refusal] = {
    Undone: Refusal("it has already been undone; repeat the command if you want it after all"),
    Resolved: Refusal("the customer has already been told that it is resolved", either(remedies.REOPEN)),
    Closed: Refusal("it is closed", either(remedies.REOPEN)),
    Replied: _ALREADY_TOLD,
    WorkaroundProposed: _ALREADY_TOLD,
    AccountManagerContacted: _ALREADY_TOLD,
    ResponseConfirmed: _ALREADY_TOLD,
    SendAttempted: Refusal("a message was sent, and cannot be undone", either(remedies.NOTE)),
    RetryRequested: Refusal("a message is sent again, and cannot be undone", either(remedies.NOTE)),
    PageUnsent: Refusal("a page could not be sent, and that cannot be undone", either(remedies.NOTE)),
    PageShown: Refusal("your page was shown to you, and that cannot be undone", either(remedies.NOTE)),
    StepTaken: Refusal("a step of the escalation was due, and cannot be undone", either(remedies.NOTE)),
    Paged: Refusal("it cannot be undone, as somebody was paged; tell them that it was a mistake"),
    Logged: Refusal("a logged request cannot be removed", either(remedies.CLOSE_AS_WITHDRAWN)),
    MailPlanned: Refusal("the customer is told of it by mail", either(Remedy("reply again", "reply"))),
    MailUndelivered: Refusal(
        "that a mail was not delivered cannot be undone", either(Remedy("reply again", "reply"))
    ),
    Linked: Refusal(
        "the other ticket shows the link too", either(Remedy("say in a note that it is wrong", "note"))
    ),
    TimeCorrected: Refusal("a corrected time cannot be undone", either(remedies.NOTE)),
    PolicyMoved: Refusal("a move to another policy cannot be undone", either(remedies.MOVE_POLICY)),
}
"""Why a command with such an event cannot be undone, the most important reason first."""


@dataclass(frozen=True, slots=True)
class Undo(TicketCommand):
    """Undo your last command on the ticket, within ten minutes."""

    tag = "TakeBack"
    verb = "undo"
    title = "Undo"
    needs = EVERYBODY
    stages = ANY_STAGE


@rule_for(Undo)
def undo(case: DecisionContext, command: Undo) -> Decision:
    """Only the actor's own last command, only while nobody else has acted, and nothing that reached the customer."""
    last = case.last
    if last is None:
        return Refusal("the last change to it is no longer known", either(remedies.NOTE))
    what = describe_events(last.events, case.records)
    if last.actor != case.actor.key:
        name = _name_actor(case, last)
        return Refusal(f"the last change is {name}'s ({what}); you can undo only your own")
    final = _refuse_final_events(last)
    if final is not None:
        return final
    if case.now - last.at > UNDO_WINDOW:
        minutes = int((case.now - last.at).total_seconds()) // 60
        why = f"it was done {amount(60 * minutes)} ago, and undo is possible for 10 min: {what}"
        return Refusal(why, _remedies_instead(last))
    assert last.before is not None, "a command with which a ticket began is Logged, which stays"
    was = find_previous_values(last.before, case.ticket)
    breached = _breached_since(case, last, with_previous_values(case.ticket, was))
    if breached is not None:
        why = f"the {breached} clock has been breached since, and a breach stays (rule 9): {what}"
        return Refusal(why, either(remedies.NOTE))
    return [Undone(what, was)]


def _name_actor(case: DecisionContext, last: AppliedCommand) -> str:
    """Return the name of who gave the last command; that of a contact is in the event of what they wrote."""
    is_contact = contact_key(last.actor) is not None
    written = (each.name for each in last.events if is_contact and isinstance(each, CustomerWrote))
    return next(written, case.records.name(last.actor))


def describe_events(events: Iterable[Event], names: Names = KEYS) -> str:
    """Return the timeline sentences of events; those with a person's words are only named by their tag."""
    sentences = (
        str(event.__struct_config__.tag) if event.personal else event.sentence(names)
        for event in events
        if not isinstance(event, TextCut)
    )
    return "; ".join(sentences)


_INSTEAD: dict[type[Event], Remedy] = {
    Claimed: remedies.HAND_BACK,
    Assigned: remedies.ASSIGN,
    HandedBack: remedies.CLAIM,
    HandedOver: remedies.HAND_OVER,
    WaitBegan: remedies.RESUME,
    WaitEnded: remedies.HOLD,
    HoldDayChanged: remedies.HOLD,
    SeverityChanged: remedies.CHANGE_SEVERITY,
    FixPromised: remedies.PROMISE_ANOTHER_FIX,
    Escalated: remedies.ASSIGN,
    Reopened: remedies.RESOLVE,
}


def _remedies_instead(last: AppliedCommand) -> Remedies:
    """Return the command that corrects what can no longer be undone; a note where there is none."""
    ways = [_INSTEAD[event_type] for event_type in map(type, last.events) if event_type in _INSTEAD]
    return either(*(ways[-1:] or [remedies.NOTE]))


def _refuse_final_events(last: AppliedCommand) -> Refusal | None:
    event_types = {type(event) for event in last.events}
    if any(isinstance(event, CustomerWrote) and event.mail for event in last.events):
        return _CAME_BY_MAIL
    if {Logged, Paged} <= event_types:
        return _LOGGED_AND_PAGED
    if event_types <= CAN_BE_UNDONE:
        return None
    reasons = (reason for event_type, reason in CANNOT_BE_UNDONE.items() if event_type in event_types)
    return next(
        reasons,
        Refusal(
            f"it came with a change to a record and cannot be undone here: {describe_events(last.events)}",
            either(remedies.NOTE),
        ),
    )


def _breached_since(case: DecisionContext, last: AppliedCommand, restored: Ticket) -> ClockKind | None:
    """Return the clock that has been breached since the command, and would not be if it were undone."""
    now, done = epoch(case.now), epoch(last.at)
    for kind in ClockKind:
        was, would_be = (
            project_ticket_clock(case.policy, case.ticket, kind),
            project_ticket_clock(case.policy, restored, kind),
        )
        if state_at(was, now) is not State.BREACHED or state_at(would_be, now) is State.BREACHED:
            continue
        if was.breached_at is not None and was.breached_at > done:
            return kind
    return None
