"""The rules of the rota: who may change it for whom, and what must not happen to it.

What is over stays as it was: an override or an absence begins now or later, and ending one leaves its past.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.formatting import full_time
from supportdesk.sla.wall_clock import load_zone
from supportdesk.tickets import remedies
from supportdesk.tickets.decision_context import CaseRecords, DecisionContext
from supportdesk.tickets.documents import Absence, Line, Override, Person, Rotation, Swap, SwapState
from supportdesk.tickets.permissions import name_permitted
from supportdesk.tickets.records.decision import RecordDecision
from supportdesk.tickets.records.events import AbsenceSaved, OverrideSaved, SwapSaved
from supportdesk.tickets.records.rota_commands import (
    AcceptSwap,
    ApproveSwap,
    CloseSwap,
    EndAbsence,
    EndOverride,
    OfferSwap,
    OverrideShifts,
    RecordAbsence,
)
from supportdesk.tickets.records.rota_permissions import (
    refuse_for,
    refuse_on_rota,
    refuse_staff,
    refuse_without_agreement,
)
from supportdesk.tickets.refusal import Refusal, Remedy, either
from supportdesk.tickets.rota.data import with_document
from supportdesk.tickets.rota.deputies import find_circle
from supportdesk.tickets.rota.differences import find_differences
from supportdesk.tickets.rota.gaps import GAP_NOTICE, find_new_gaps
from supportdesk.tickets.rota.layers import find_rotation, with_rotation
from supportdesk.tickets.rota.resolution import DutySpan, LineResolver
from supportdesk.tickets.rota.roles import ROTA_ROLES

D = TypeVar("D", Override, Swap, Absence)
_OPEN = (SwapState.OFFERED, SwapState.ACCEPTED)
_LONGEST_TURN = 366


def refuse_rotation(case: DecisionContext, rotation: Rotation) -> Refusal | None:
    """Return why a rotation with members cannot be set, apart from gaps; None where it can."""
    for member in dict.fromkeys(rotation.members):
        if (refusal := refuse_on_rota(case, member)) is not None:
            return refusal
    if (refusal := _refuse_form(case, rotation)) is not None:
        return refusal
    in_force = find_rotation(case.records.rotations, case.now, rotation.line, rotation.layer)
    if in_force is not None and rotation.starts < in_force.starts:
        # It would never be in force, and would change who was on call in the past (rule 18).
        since = full_time(in_force.starts, in_force.timezone)
        return Refusal(f"the rotation in force began later, on {since}", either(remedies.START_NOW))
    if rotation.layer and in_force is None and rotation.starts < case.now:
        return Refusal("a layer above the base cannot start in the past: who was on call then stays")
    return _refuse_changed_past(case, rotation) if in_force is not None else None


def _refuse_changed_past(case: DecisionContext, rotation: Rotation) -> Refusal | None:
    """Return why a rotation cannot start when it does: others were on call since. None where it changes nothing."""
    after = replace(case.records, rotations=with_rotation(case.records.rotations, rotation))
    changed = next(find_differences(case.records, after, rotation.line, rotation.starts, case.now), None)
    if changed is None:
        return None
    was = f"{case.records.name(changed.was)} was" if changed.was else "nobody was"
    return Refusal(
        f"{was} on call on {full_time(changed.at, rotation.timezone)}, and that stays",
        either(remedies.START_NOW, remedies.OVERRIDE_SINGLE_SHIFT),
    )


def _refuse_form(case: DecisionContext, rotation: Rotation) -> Refusal | None:
    if not 1 <= rotation.every <= _LONGEST_TURN:
        most = f"{_LONGEST_TURN} {rotation.unit}"
        return Refusal(f"a turn lasts 1 to {most}, not {rotation.every}; choose a number in between")
    if rotation.layer < 0:
        return Refusal("there is no layer below the base: give 0 or more")
    if rotation.ends is not None and rotation.ends <= rotation.starts:
        return Refusal("it ends before it starts: give a later end")
    try:
        load_zone(rotation.timezone)
    except CalendarError as error:
        return Refusal(str(error))
    for term in rotation.memberships:
        if term.username not in rotation.members:
            return Refusal(
                f"{case.records.name(term.username)} joins or leaves, but is not a member; add them"
            )
        if term.joins is not None and term.leaves is not None and term.joins >= term.leaves:
            return Refusal(f"{case.records.name(term.username)} leaves before they join; give a later day")
    return None


def refuse_rotation_gap(case: DecisionContext, rotation: Rotation, *, despite_gap: bool) -> Refusal | None:
    """Return why a rotation is not set without confirmation: it leaves a new gap soon. None where it leaves none."""
    after = replace(case.records, rotations=with_rotation(case.records.rotations, rotation))
    return _refuse_gap(case, after, despite_gap=despite_gap)


def override_shifts(case: DecisionContext, command: OverrideShifts) -> RecordDecision:
    """Decide an override (rule 18): its person must be able to be paged."""
    start = command.start or case.now
    refusal = (
        _refuse_times(case, start, command.end)
        or refuse_on_rota(case, command.person)
        or refuse_for(case, command.person)
    )
    if refusal is not None:
        return refusal
    number = _next_number(case.records.overrides)
    override = Override(number, command.line, start, command.end, command.person, case.now, command.reason)
    return _save_override(case, override, despite_gap=command.despite_gap)


def end_override(case: DecisionContext, command: EndOverride) -> RecordDecision:
    """Decide the end of an override: at once, or before it begins."""
    override = _find(case.records.overrides, command.number)
    if override is None or override.start == override.end:
        return Refusal(f"there is no override {command.number}", either(remedies.LOOK_AT_ROTA))
    if (refusal := refuse_for(case, override.person)) is not None:
        return refusal
    if override.end <= case.now:
        return Refusal(f"it ended on {_time(case, override.end)}; nothing is left to end")
    ended = replace(override, end=max(override.start, case.now))
    return _save_override(case, ended, despite_gap=command.despite_gap)


def _save_override(case: DecisionContext, override: Override, *, despite_gap: bool) -> RecordDecision:
    after = replace(case.records, overrides=with_document(case.records.overrides, override))
    known = _find(case.records.overrides, override.number) or override
    if (refusal := refuse_without_agreement(case, after, override.line, known.start, known.end)) is not None:
        return refusal
    return _refuse_gap(case, after, despite_gap=despite_gap) or [OverrideSaved(override)]


def offer_swap(case: DecisionContext, command: OfferSwap) -> RecordDecision:
    """Decide the offer of a shift that has not begun."""
    offered_by = command.offered_by or case.actor.key
    if (refusal := refuse_for(case, offered_by)) is not None:
        return refusal
    if command.colleague is not None:
        if command.colleague == offered_by:
            return Refusal(f"the shift is {case.records.name(offered_by)}'s already; ask somebody else")
        if (refusal := refuse_on_rota(case, command.colleague)) is not None:
            return refusal
    shift = _shift_to_swap(case, command.line, command.at, offered_by)
    if isinstance(shift, Refusal):
        return shift
    start, end = shift
    for other in case.records.swaps:
        if other.state in _OPEN and other.line is command.line and other.start < end and start < other.end:
            return Refusal(f"this shift is offered already; see swap {other.number}")
    number = _next_number(case.records.swaps)
    return [SwapSaved(Swap(number, command.line, offered_by, start, end, asked=command.colleague))]


def accept_swap(case: DecisionContext, command: AcceptSwap) -> RecordDecision:
    """Decide that the actor accepts a swap."""
    swap = _open_swap(case, command.number, SwapState.OFFERED)
    if isinstance(swap, Refusal):
        return swap
    actor = case.actor.key
    if swap.asked not in (None, actor):
        return Refusal(f"it is offered to {case.records.name(swap.asked)} only; ask them")
    if actor == swap.offered_by:
        return Refusal("you offered it yourself; a colleague must accept it")
    if (refusal := refuse_on_rota(case, actor)) is not None:
        return refusal
    in_return = None
    if command.in_return is not None:
        shift = _shift_to_swap(case, swap.line, command.in_return, actor)
        if isinstance(shift, Refusal):
            return shift
        in_return = shift
    return [SwapSaved(replace(swap, state=SwapState.ACCEPTED, taken_by=actor, in_return=in_return))]


def approve_swap(case: DecisionContext, command: ApproveSwap) -> RecordDecision:
    """Decide that a supervisor approves a swap: both shifts must still be as they were."""
    swap = _open_swap(case, command.number, SwapState.ACCEPTED)
    if isinstance(swap, Refusal):
        return swap
    assert swap.taken_by is not None
    actor = case.actor.key
    others = [
        each
        for each in case.records.staff.values()
        if each.active and each.username != actor and not ROTA_ROLES.isdisjoint(each.roles)
    ]
    if actor in (swap.offered_by, swap.taken_by) and others:
        names = name_permitted(ROTA_ROLES, others)
        return Refusal(f"it is your own swap; {names} can approve it")
    if (refusal := refuse_on_rota(case, swap.taken_by)) is not None:
        return refusal
    given = (swap.start, swap.end, swap.offered_by)
    returned = (*swap.in_return, swap.taken_by) if swap.in_return is not None else None
    for start, end, person in filter(None, (given, returned)):
        if _shift_to_swap(case, swap.line, start, person) != (start, end):
            return Refusal(
                f"the shift of {case.records.name(person)} from {_time(case, start)} has changed since;"
                " offer it again"
            )
    approved = replace(swap, state=SwapState.APPROVED, approved_at=case.now, approved_by=actor)
    after = replace(case.records, swaps=with_document(case.records.swaps, approved))
    return _refuse_gap(case, after, despite_gap=command.despite_gap) or [SwapSaved(approved)]


def close_swap(case: DecisionContext, command: CloseSwap) -> RecordDecision:
    """Decide that a swap is withdrawn by the person who offered it, or declined."""
    swap = _find(case.records.swaps, command.number)
    if swap is None or swap.state not in _OPEN:
        return Refusal(f"there is no open swap {command.number}", either(remedies.LOOK_AT_ROTA))
    actor = case.actor.key
    if actor == swap.offered_by:
        return [SwapSaved(replace(swap, state=SwapState.WITHDRAWN))]
    if actor not in (swap.asked, swap.taken_by) and (refusal := refuse_for(case, swap.offered_by)):
        return refusal
    return [SwapSaved(replace(swap, state=SwapState.DECLINED))]


def record_absence(case: DecisionContext, command: RecordAbsence) -> RecordDecision:
    """Decide an absence: deputies chain, but never in a circle."""
    start = command.start or case.now
    refusal = (
        _refuse_times(case, start, command.end)
        or refuse_staff(case, command.person)
        or refuse_for(case, command.person)
    )
    if refusal is not None:
        return refusal
    if command.deputy is not None and (refusal := refuse_on_rota(case, command.deputy)) is not None:
        return refusal
    number = _next_number(case.records.absences)
    absence = Absence(number, command.person, start, command.end, command.deputy, command.reason)
    if circle := find_circle(case.records.absences, absence):
        chain = " for ".join(case.records.name(each) for each in reversed(circle))
        return Refusal(f"nobody would be left to deputise: {chain}; choose another deputy")
    return _save_absence(case, absence, despite_gap=command.despite_gap)


def end_absence(case: DecisionContext, command: EndAbsence) -> RecordDecision:
    """Decide the end of an absence: at once, or before it begins."""
    absence = _find(case.records.absences, command.number)
    if absence is None or absence.start == absence.end:
        return Refusal(f"there is no absence {command.number}", either(remedies.LOOK_AT_ROTA))
    if (refusal := refuse_for(case, absence.person)) is not None:
        return refusal
    if absence.end <= case.now:
        return Refusal(f"it ended on {_time(case, absence.end)}; nothing is left to end")
    ended = replace(absence, end=max(absence.start, case.now))
    return _save_absence(case, ended, despite_gap=command.despite_gap)


def _save_absence(case: DecisionContext, absence: Absence, *, despite_gap: bool) -> RecordDecision:
    after = replace(case.records, absences=with_document(case.records.absences, absence))
    return _refuse_gap(case, after, despite_gap=despite_gap) or [AbsenceSaved(absence)]


def refuse_gap_of_leaver(case: DecisionContext, person: Person) -> Refusal | None:
    """Return why somebody who is on the rota cannot leave without being confirmed; None where no new gap is left."""
    after = replace(case.records, staff={**case.records.staff, person.username: person})
    return _refuse_gap(case, after, despite_gap=False, remedy=remedies.CONFIRM_LEAVING)


def _refuse_gap(
    case: DecisionContext,
    after: CaseRecords,
    *,
    despite_gap: bool,
    remedy: Remedy = remedies.CONFIRM_GAP,
) -> Refusal | None:
    if despite_gap:
        return None
    gaps = find_new_gaps(case.records, after, case.now, case.now + GAP_NOTICE)
    if not gaps:
        return None
    gap = gaps[0]
    line = "" if gap.line is Line.FIRST else f" on the {gap.line} line"
    others = len(gaps) - 1
    more = "" if others == 0 else ", and once more" if others == 1 else f", and {others} more times"
    when = f"from {_time(case, gap.start)} to {_time(case, gap.end)}"
    return Refusal(f"nobody would be on call{line} {when}{more}", either(remedy))


def _refuse_times(case: DecisionContext, start: datetime, end: datetime) -> Refusal | None:
    if end <= start:
        return Refusal("it ends before it starts: give a later end")
    if start < case.now:
        return Refusal(f"{_time(case, start)} has passed, and who was on call then stays; begin now or later")
    return None


def _shift_to_swap(
    case: DecisionContext, line: Line, at: datetime, person: str
) -> tuple[datetime, datetime] | Refusal:
    """Return the start and end of a person's shift at an instant that has not begun; or why there is none."""
    found: DutySpan = LineResolver(case.records, line).whole(at)
    if found.person != person:
        whose = f"{case.records.name(found.person)} is" if found.person else "nobody is"
        return Refusal(
            f"{whose} on call on {_time(case, at)}, not {case.records.name(person)}",
            either(remedies.LOOK_AT_ROTA),
        )
    if found.since is None or found.until is None or found.since <= case.now:
        return Refusal("this shift has begun already", either(remedies.OVERRIDE_SHIFT))
    return found.since, found.until


def _open_swap(case: DecisionContext, number: int, state: SwapState) -> Swap | Refusal:
    swap = _find(case.records.swaps, number)
    if swap is None:
        return Refusal(f"there is no swap {number}", either(remedies.LOOK_AT_ROTA))
    if swap.state is not state:
        needed = "nobody has accepted it yet" if swap.state is SwapState.OFFERED else f"it is {swap.state}"
        return Refusal(
            f"swap {number} cannot be {'accepted' if state is SwapState.OFFERED else 'approved'}: {needed}"
        )
    if swap.start <= case.now:
        return Refusal("this shift has begun already", either(remedies.OVERRIDE_SHIFT))
    return swap


def _find(documents: Sequence[D], number: int) -> D | None:
    return next((each for each in documents if each.number == number), None)


def _next_number(documents: Sequence[Override | Swap | Absence]) -> int:
    return max((each.number for each in documents), default=0) + 1


def _time(case: DecisionContext, at: datetime) -> str:
    return full_time(at, case.policy.timezone)
