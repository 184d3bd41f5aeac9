"""The rota in sentences, as several commands print it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from supportdesk.cli.output import count_noun
from supportdesk.sla.formatting import full_time
from supportdesk.tickets.documents import Absence, Line, Override, Rotation, Swap, TurnUnit
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.duty import LOOK_AHEAD, Duty
from supportdesk.tickets.rota.gap_text import ON_LINE
from supportdesk.tickets.rota.resolution import Reason

MOST_GAPS = 3
"""How many gaps in the rota are described, each in a sentence; the others are counted."""


def on_call_sentence(on_duty: Duty, zone: str) -> str:
    """Return a sentence with who is on call now, or who is paged instead."""
    person, rung = on_duty.person, on_duty.rung
    reach = f" on {person.telephone}" if person is not None and person.telephone else ""
    until = f" until {full_time(on_duty.ends, zone)}" if on_duty.ends is not None else ""
    if person is not None and rung is None:
        return f"{person.name} is on call{until}{reach}."
    page = (
        f"goes to {person.name}, {rung.name}{reach}" if person is not None and rung else "would reach nobody"
    )
    return f"Nobody is on call now. A page {page}{until}."


def duty_line(data: RotaData, on_duty: Duty, line: Line, zone: str) -> str:
    """Return who has the duty on a line and why: `First line: Sam Fox until ... (swap, instead of Ann Lee)`."""
    until = f" until {full_time(on_duty.ends, zone)}" if on_duty.ends is not None else ""
    person = on_duty.on_call
    who = f"{person.name}{until}" if person is not None else f"nobody{until}"
    reason = reason_text(data, on_duty.reason, on_duty.instead_of) if person is not None else ""
    return f"{line.value.capitalize()} line: {who}{f' ({reason})' if reason else ''}."


def reason_text(data: RotaData, reason: Reason, instead_of: str) -> str:
    """Return why a shift is somebody's, and instead of whom; an empty text for a turn of a rotation."""
    if reason is Reason.ROTATION:
        return ""
    whose = f" for {display_name(data, instead_of)}" if instead_of and reason is Reason.DEPUTY else ""
    if instead_of and reason is not Reason.DEPUTY:
        whose = f", instead of {display_name(data, instead_of)}"
    return f"{reason}{whose}"


def gap_sentences(data: RotaData, gaps: Sequence[Duty], zone: str, now: datetime) -> Iterator[str]:
    """Yield when nobody will be on call: the first `MOST_GAPS` of these gaps, and then how many follow.

    Where somebody leaves a rotation by days, each of their turns is a gap.
    """
    yield from (_gap_sentence(data, gap, zone, now) for gap in gaps[:MOST_GAPS])
    more = len(gaps) - MOST_GAPS
    if more > 0:
        weeks = LOOK_AHEAD.days // 7
        yield (
            f"Nobody is on call at {count_noun(more, 'more time')} in the next {weeks} weeks, which"
            f" `supportdesk rota gaps --weeks {weeks}` lists"
        )


def _gap_sentence(data: RotaData, gap: Duty, zone: str, now: datetime) -> str:
    """Return when nobody will be on call, why, and where a page goes, without a full stop.

    A gap that has begun is one from now: who has left may have been on call until this minute.
    """
    later = gap.began is not None and gap.began > now
    began = f" from {full_time(gap.began, zone)}" if gap.began is not None and later else " from now"
    ends = f" to {full_time(gap.ends, zone)}" if gap.ends is not None else " on"
    why = ""
    if gap.left in data.staff:
        name = data.staff[gap.left].name
        why = f", as {name} is away without a deputy" if gap.away else f", as {name} has left"
    paged = (
        f"a page goes to {gap.person.name}, {gap.rung.name}"
        if gap.person and gap.rung
        else "a page reaches nobody"
    )
    return f"Nobody is on call{began}{ends}{why}; {paged}"


def rotation_sentence(data: RotaData, rotation: Rotation, zone: str) -> str:
    """Return when a planned rotation starts and who takes turns."""
    names = ", ".join(display_name(data, username) for username in rotation.members)
    where = ON_LINE[rotation.line] + (f", layer {rotation.layer}" if rotation.layer else "")
    turn = ""
    if (rotation.every, rotation.unit) != (1, TurnUnit.WEEKS):
        unit = rotation.unit.value if rotation.every != 1 else rotation.unit.value.removesuffix("s")
        turn = f" for {rotation.every} {unit} each"
    ends = f", until {full_time(rotation.ends, zone)}" if rotation.ends is not None else ""
    return f"From {full_time(rotation.starts, zone)}{where} in turn{turn}: {names}{ends}."


def override_sentence(data: RotaData, override: Override, zone: str) -> str:
    """Return who is on call by an override, from when to when."""
    when = f"from {full_time(override.start, zone)} to {full_time(override.end, zone)}"
    reason = f": {override.reason}" if override.reason else ""
    name = display_name(data, override.person)
    return f"Override {override.number}: {name} is on call{ON_LINE[override.line]} {when}{reason}."


def swap_sentence(data: RotaData, swap: Swap, zone: str) -> str:
    """Return what is swapped, and how far the swap has come."""
    when = f"{full_time(swap.start, zone)} to {full_time(swap.end, zone)}"
    text = f"Swap {swap.number} is {swap.state}: {display_name(data, swap.offered_by)}{ON_LINE[swap.line]}, {when}"
    if swap.taken_by is not None:
        text = f"{text}; taken by {display_name(data, swap.taken_by)}"
    elif swap.asked is not None:
        text = f"{text}; offered to {display_name(data, swap.asked)}"
    if swap.in_return is not None:
        start, end = swap.in_return
        text = f"{text} in return for {full_time(start, zone)} to {full_time(end, zone)}"
    return f"{text}."


def absence_sentence(data: RotaData, absence: Absence, zone: str) -> str:
    """Return who is away from when to when, and who deputises."""
    when = f"from {full_time(absence.start, zone)} to {full_time(absence.end, zone)}"
    deputy = display_name(data, absence.deputy) if absence.deputy is not None else "nobody"
    reason = f" ({absence.reason})" if absence.reason else ""
    name = display_name(data, absence.person)
    return f"Absence {absence.number}: {name} is away {when}{reason}; {deputy} deputises."


def display_name(data: RotaData, username: str) -> str:
    """Return the name of a member of staff, and whether they have left; the username if they are unknown."""
    person = data.staff.get(username)
    if person is None:
        return username
    return person.name if person.active else f"{person.name} (has left)"
