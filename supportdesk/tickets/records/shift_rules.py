"""The rules by which a shift is handed over."""

from __future__ import annotations

from msgspec.structs import replace

from supportdesk.sla.formatting import full_time
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Handover
from supportdesk.tickets.permissions import is_supervisor
from supportdesk.tickets.records.decision import RecordDecision
from supportdesk.tickets.records.events import HandoverSaved
from supportdesk.tickets.records.rota_permissions import refuse_staff
from supportdesk.tickets.records.shift_commands import AcceptHandover, HandOverShift, WithdrawHandover
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.working_shift import find_working_shift


def hand_over_shift(case: DecisionContext, command: HandOverShift) -> RecordDecision:
    """Decide the handover of the actor's own shift; their open one is replaced."""
    actor = case.actor.key
    if not command.note.strip():
        return Refusal("say where things stand; the person who takes over reads this first")
    if command.to == actor:
        return Refusal(
            "you cannot hand the shift over to yourself; choose a colleague, or nobody in particular"
        )
    if command.to is not None and (refusal := refuse_staff(case, command.to)) is not None:
        return refusal
    records = case.records
    shift = find_working_shift(records, case.policy, records.handovers, actor, case.now)
    known = next((each for each in records.handovers if each.given_by == actor and each.is_open), None)
    numbers = [each.number for each in records.handovers]
    number = known.number if known is not None else max(numbers, default=0) + 1
    handover = Handover(
        number, actor, shift.start, shift.end, case.now, command.note, line=shift.line, asked=command.to
    )
    return [HandoverSaved(handover)]


def accept_handover(case: DecisionContext, command: AcceptHandover) -> RecordDecision:
    """Decide that the actor takes over: only the person asked does, if there is one."""
    handover = _open_handover(case, command.number)
    if isinstance(handover, Refusal):
        return handover
    actor = case.actor.key
    if handover.given_by == actor:
        return Refusal("it is your own handover; the person who takes over accepts it")
    if handover.asked not in (None, actor):
        return Refusal(f"it is for {case.records.name(handover.asked)}; ask them to accept it")
    return [HandoverSaved(replace(handover, accepted_by=actor, accepted_at=case.now))]


def withdraw_handover(case: DecisionContext, command: WithdrawHandover) -> RecordDecision:
    """Decide that a handover is withdrawn: by the person who gave it, or by a supervisor."""
    handover = _open_handover(case, command.number)
    if isinstance(handover, Refusal):
        return handover
    if handover.given_by != case.actor.key and not is_supervisor(case.actor):
        giver = case.records.name(handover.given_by)
        return Refusal(f"it is {giver}'s handover; only they or a supervisor can withdraw it")
    return [HandoverSaved(replace(handover, withdrawn=True))]


def _open_handover(case: DecisionContext, number: int) -> Handover | Refusal:
    """Return the handover with a number if nobody has accepted it and it was not withdrawn; else why not."""
    handover = next((each for each in case.records.handovers if each.number == number), None)
    if handover is None or handover.withdrawn:
        return Refusal(f"there is no open handover {number}; it was withdrawn, or never given")
    if handover.accepted_at is not None:
        at = full_time(handover.accepted_at, case.policy.timezone)
        return Refusal(
            f"{case.records.name(handover.accepted_by)} accepted it on {at}; nothing is left to do"
        )
    return handover
