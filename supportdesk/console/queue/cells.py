"""The text and the style of each column of a ticket's row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from supportdesk.console.queue.clock_cells import CLOCK_NAMES, URGENT_STATES
from supportdesk.console.text.names import fitting_name
from supportdesk.sla.clocks import ClockKind, State
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import QueueRow


class Cell(NamedTuple):
    """What the cell of a column is made from. `word` is the label of the state, `style_name` the name of its style.

    `age` is the time since the ticket was received, as text, and `dash` the symbol for no owner. `width` is that of the
    column, in cells. `clock_is_hidden`: the clock has no column of its own. `paging_is_named`: the row says elsewhere
    that somebody is paged.
    """

    row: QueueRow
    policy: Policy
    state: State
    word: str
    style_name: str
    age: str
    dash: str
    clock_is_hidden: bool
    width: int
    paging_is_named: bool = False


NOBODY_PAGED = "nobody paged:"
"""The text before the summary of a ticket whose page found nobody (rule 18)."""

PAGING = "paging "
"""The word before who is paged; a narrow row has it in the owner's column."""
PAGING_ROOM = 24
"""The width of the summary from which the word is before it."""
ACKNOWLEDGED = "acknowledged"
"""The word before the summary while an acknowledgement stops the escalation."""
ACKNOWLEDGED_ROOM = 30
"""The width of the summary from which it also says by whom."""

StyledText = tuple[str, str]
"""A text and the name of its style."""


def _clock(cell: Cell) -> StyledText:
    return CLOCK_NAMES[cell.row.lead.kind] if cell.row.is_open else "", "quiet"


def _state(cell: Cell) -> StyledText:
    """Return the state; if the clock has no column, `resp` before it marks the response clock: `resp at risk`."""
    style_name = cell.style_name if cell.state in URGENT_STATES else "faint"
    if not cell.clock_is_hidden:
        return cell.word, style_name
    clock, _ = _clock(cell)
    if not cell.word:
        return clock, "quiet"
    is_response = clock == CLOCK_NAMES[ClockKind.RESPONSE]
    return f"resp {cell.word}" if is_response else cell.word, style_name


def _owner(cell: Cell) -> StyledText:
    if cell.row.nobody_paged:
        return "nobody", "breached"
    if cell.row.is_paging and not cell.paging_is_named:
        return "paging", "at-risk"
    if not cell.row.owner_name:
        return cell.dash, "faint"
    return fitting_name(cell.row.owner_name, cell.width), "quiet"


def _team(cell: Cell) -> StyledText:
    known = {team.key: team.name for team in cell.policy.teams}
    return known.get(cell.row.team, cell.row.team), "quiet"


def _severity(cell: Cell) -> StyledText:
    known = {severity.key: severity.name for severity in cell.policy.severities}
    return known.get(cell.row.severity, cell.row.severity), "quiet"


CELLS: Mapping[str, Callable[[Cell], StyledText]] = {
    "clock": _clock,
    "state": _state,
    "reference": lambda cell: (cell.row.ref, "quiet"),
    "organisation": lambda cell: (cell.row.organisation, "quiet"),
    "owner": _owner,
    "contact": lambda cell: (cell.row.contact, "quiet"),
    "team": _team,
    "age": lambda cell: (cell.age, "quiet"),
    "severity": _severity,
    "channel": lambda cell: (cell.row.channel, "quiet"),
    "stage": lambda cell: (cell.row.stage, "quiet"),
}
"""The functions that return the cells, by the column's name; the summary is drawn by the painter."""
