"""The rota as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from supportdesk.cli.param_types import utc
from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData, name_of
from supportdesk.tickets.rota.duty import duty
from supportdesk.tickets.rota.gaps import RotaGap, find_gaps
from supportdesk.tickets.rota.layers import lines_in_use
from supportdesk.tickets.rota.timeline import Shift, timeline

if TYPE_CHECKING:
    from supportdesk.cli.json_output import Json


def rota_to_json(data: RotaData, at: datetime, start: datetime, end: datetime) -> Json:
    """Return who is on call at an instant, the shifts and gaps between two others, and everything that was recorded:

    at, on_call [{line, person, name, telephone, email, began, ends, reason, instead_of}], shifts [{line, person, name,
    start, end, reason, instead_of}], gaps [{line, start, end, cause, person}], rotations, overrides, swaps, absences.
    `person` and `name` are null where nobody is on call.
    """
    return {
        "at": utc(at),
        "on_call": [_duty(data, at, line) for line in lines_in_use(data.rotations)],
        "shifts": [shift_to_json(data, shift) for shift in timeline(data, start, end)],
        "gaps": [gap_to_json(gap) for gap in find_gaps(data, start, end)],
        "rotations": [msgspec.to_builtins(each) for each in data.rotations],
        "overrides": [msgspec.to_builtins(each) for each in data.overrides],
        "swaps": [msgspec.to_builtins(each) for each in data.swaps],
        "absences": [msgspec.to_builtins(each) for each in data.absences],
    }


def shift_to_json(data: RotaData, shift: Shift) -> Json:
    """Return a shift as it stands in the list of `rota_to_json`."""
    return {
        "line": shift.line.value,
        "person": shift.person,
        "name": name_of(data, shift.person),
        "start": utc(shift.start),
        "end": utc(shift.end),
        "reason": shift.reason.value,
        "instead_of": shift.instead_of or None,
    }


def gap_to_json(gap: RotaGap) -> Json:
    """Return a gap as it stands in the list of `rota_to_json`."""
    return {
        "line": gap.line.value,
        "start": utc(gap.start),
        "end": utc(gap.end),
        "cause": gap.cause.value,
        "person": gap.person or None,
    }


def _duty(data: RotaData, at: datetime, line: Line) -> Json:
    found = duty(data, at, line)
    person = found.on_call
    return {
        "line": line.value,
        "person": person.username if person else None,
        "name": person.name if person else None,
        "telephone": person.telephone if person else None,
        "email": person.email if person else None,
        "began": utc(found.began) if found.began is not None else None,
        "ends": utc(found.ends) if found.ends is not None else None,
        "reason": found.reason.value if person else None,
        "instead_of": found.instead_of or None,
    }
