"""A gap in the rota in a sentence."""

from __future__ import annotations

from supportdesk.sla.formatting import full_time
from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData, describe_lack, name_of
from supportdesk.tickets.rota.gaps import NEVER, GapCause, RotaGap

ON_LINE = {Line.FIRST: "", Line.SECOND: " on the second line"}
"""What follows `on call`; the first line needs no name."""


def uncovered_sentence(data: RotaData, gap: RotaGap, zone: str) -> str:
    """Return when and why a line has nobody on call who can be reached, without a full stop."""
    end = f"to {full_time(gap.end, zone)}" if gap.end != NEVER else "on"
    when = f"from {full_time(gap.start, zone)} {end}"
    if gap.cause is GapCause.NO_ADDRESS:
        name = name_of(data, gap.person)
        return f"{name} is on call{ON_LINE[gap.line]} {when}, but has {describe_lack(data.find_methods())}"
    return f"Nobody is on call{ON_LINE[gap.line]} {when}{cause_text(data, gap)}"


def cause_text(data: RotaData, gap: RotaGap) -> str:
    """Return why nobody is on call, to follow a sentence: `, as Ann Lee has left`; empty where nobody should be."""
    if gap.person not in data.staff:
        return ""
    name = data.staff[gap.person].name
    return f", as {name} has left" if gap.cause is GapCause.LEFT else f", as {name} is away without a deputy"
