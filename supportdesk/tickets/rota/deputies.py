"""Deputies chain; a circle of them is refused before it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from supportdesk.tickets.documents import Absence


def absence_at(absences: Sequence[Absence], person: str, at: datetime) -> Absence | None:
    """Return the absence of a person at an instant: of several, the one with the highest number; None without one."""
    found = [each for each in absences if each.person == person and each.start <= at < each.end]
    return max(found, key=lambda each: each.number, default=None)


def find_circle(absences: Sequence[Absence], added: Absence) -> tuple[str, ...]:
    """Return the usernames of a circle of deputies that an absence would close; empty where it closes none."""
    after = (*(each for each in absences if each.number != added.number), added)
    starts = {each.start for each in after if added.start <= each.start < added.end}
    for at in sorted({added.start, *starts}):
        chain: list[str] = [added.person]
        while (absence := absence_at(after, chain[-1], at)) is not None and absence.deputy is not None:
            if absence.deputy in chain:
                return (*chain[chain.index(absence.deputy) :], absence.deputy)
            chain.append(absence.deputy)
    return ()
