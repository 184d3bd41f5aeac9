"""Undo: the actor reverses their own last command, as a new event; the undone events stay on the ledger.

What was undone counts as never done, on the clocks too: a pause as never begun, a resumption as a pause that went on,
another severity as never set. Time cannot be undone: where a clock was breached since, undo is refused (rule 9).
A breach that the command itself recorded, because a higher severity was late when raised, goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from supportdesk.sla.clocks import Kind, State, epoch, state_at
from supportdesk.tickets import remedies
from supportdesk.tickets.command import (
    ANY_STAGE,
    EVERYBODY,
    Decision,
    Refusal,
    Remedies,
    Remedy,
    TicketCommand,
    either,
    rule_for,
)
from supportdesk.tickets.decision_context import AppliedCommand, DecisionContext
from supportdesk.tickets.events import (
    AccountManagerContacted,
    Acknowledged,
    ArticleLinked,
    Assigned,
    Called,
    Claimed,
    Closed,
    Escalated,
    Event,
    FixPromised,
    HandedBack,
    HandedOver,
    Linked,
    Logged,
    Noted,
    PageAcknowledged,
    Paged,
    PolicyMoved,
    Reopened,
    Replied,
    Resolved,
    SeverityChanged,
    TextCut,
    TimeCorrected,
    Undone,
    WaitBegan,
    WaitEnded,
    WorkaroundProposed,
)
from supportdesk.tickets.promises import project_ticket_clock
from supportdesk.tickets.ticket import Ticket
from supportdesk.tickets.undo_state import find_previous_values, restore

UNDO_WINDOW = timedelta(minutes=10)
"""How long a command can be undone: long enough for a slip, too short to rewrite the past."""

CAN_BE_UNDONE: frozenset[type[Event]] = frozenset(
    {
        Acknowledged,
        PageAcknowledged,
        Assigned,
        Claimed,
        HandedBack,
        HandedOver,
        Called,
        Noted,
        WaitBegan,
        WaitEnded,
        SeverityChanged,
        FixPromised,
        ArticleLinked,
        Escalated,
        Reopened,
        TextCut,
    }
)
"""Events of which nobody outside the desk has heard. A page that was acknowledged by mistake climbs on."""

_ALREADY_TOLD = Refusal("the customer has already been told", either(Remedy("reply again", "reply")))
CANNOT_BE_UNDONE: dict[type[Event], Refusal] = {
    Undone: Refusal("it has already been undone; repeat the command if you want it after all"),
    Resolved: Refusal("the customer has already been told that it is resolved", either(remedies.REOPEN)),
    Closed: Refusal("it is closed", either(remedies.REOPEN)),
    Replied: _ALREADY_TOLD,
    WorkaroundProposed: _ALREADY_TOLD,
    AccountManagerContacted: _ALREADY_TOLD,
    Paged: Refusal("somebody has already been paged; tell them that it was a mistake"),
    Logged: Refusal("a logged request cannot be removed", either(remedies.CLOSE_AS_WITHDRAWN)),
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
    """Only the actor's own last command, only while nobody else has acted, and never what reached the customer."""
    act = case.last
    if act is None:
        return Refusal("the last change to it is no longer known", either(remedies.NOTE))
    if act.actor != case.actor.username:
        last = f"{case.directory.name(act.actor)} made the last change: {describe_events(act.events)}"
        return Refusal(f"{last}; you can only undo your own")
    stays = _refuse_final_events(act)
    if stays is not None:
        return stays
    if case.now - act.at > UNDO_WINDOW:
        minutes = int((case.now - act.at).total_seconds()) // 60
        why = f"it was done {minutes} min ago, and undo is possible for 10 min: {describe_events(act.events)}"
        return Refusal(why, _remedies_instead(act))
    assert act.before is not None, "an act with which a ticket began is Logged, which stays"
    was = find_previous_values(act.before, case.ticket)
    broken = _breached_since(case, act, restore(case.ticket, was))
    if broken is not None:
        why = f"the {broken} clock has been breached since, and a breach stays (rule 9): {describe_events(act.events)}"
        return Refusal(why, either(remedies.NOTE))
    return [Undone(describe_events(act.events), was)]


def describe_events(events: Iterable[Event]) -> str:
    """Return the sentences of the timeline for `events`; those with a person's words are only named by their tag."""
    sentences = (
        str(event.__struct_config__.tag) if event.personal else event.sentence()
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
    SeverityChanged: remedies.CHANGE_SEVERITY,
    FixPromised: remedies.PROMISE_ANOTHER_FIX,
    Escalated: remedies.ASSIGN,
    Reopened: remedies.RESOLVE,
}


def _remedies_instead(act: AppliedCommand) -> Remedies:
    """Return the command that corrects what can no longer be undone; a note where there is none."""
    ways = [_INSTEAD[kind] for kind in map(type, act.events) if kind in _INSTEAD]
    return either(*(ways[-1:] or [remedies.NOTE]))


def _refuse_final_events(act: AppliedCommand) -> Refusal | None:
    kinds = {type(event) for event in act.events}
    if kinds <= CAN_BE_UNDONE:
        return None
    reasons = (reason for kind, reason in CANNOT_BE_UNDONE.items() if kind in kinds)
    return next(
        reasons,
        Refusal(
            f"it came with a change to a record and cannot be undone here: {describe_events(act.events)}",
            either(remedies.NOTE),
        ),
    )


def _breached_since(case: DecisionContext, act: AppliedCommand, restored: Ticket) -> Kind | None:
    """Return the clock that time has breached since the act and that would be in time if the act were undone."""
    now, done = epoch(case.now), epoch(act.at)
    for kind in Kind:
        was, would_be = (
            project_ticket_clock(case.policy, case.ticket, kind),
            project_ticket_clock(case.policy, restored, kind),
        )
        if state_at(was, now) is not State.BREACHED or state_at(would_be, now) is State.BREACHED:
            continue
        if was.breached_at is not None and was.breached_at > done:
            return kind
    return None
