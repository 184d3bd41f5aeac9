"""Draws the lines of the group of voicemails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from rich.cells import cell_len
from textual.content import Content

from supportdesk.console.charts.blocks import fit
from supportdesk.console.queue.clock_cells import age
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.voicemail.text import describe_caller, describe_length, describe_state
from supportdesk.tickets.incoming_message import NOT_HEARD

if TYPE_CHECKING:
    from datetime import datetime

    from supportdesk.console.voicemail.reader import WaitingList

_AGE, _STATE, _LENGTH, _GAP = 6, 11, 6, "  "
_CURSOR = "on $cursor-ground"


class GroupLook(msgspec.Struct, frozen=True):
    """What the group is drawn with: its width in cells, the present, and whether it has the focus."""

    width: int
    now: datetime
    has_focus: bool


def draw_heading(waiting: WaitingList) -> Content:
    """Return the name of the group, with how many nobody has heard, and how many others wait."""
    title = "VOICEMAIL, NOT HEARD YET" if waiting.not_heard else "VOICEMAIL, TO DECIDE"
    others = waiting.count - waiting.not_heard if waiting.not_heard else 0
    return Content.assemble(
        (f" {title}  ", "bold $foreground"),
        (f"{waiting.not_heard or waiting.count:,}", "$quiet"),
        (f" · {others:,} more to decide" if others else "", "$faint"),
    )


def draw_row(waiting: WaitingList, place: int, look: GroupLook, *, cursor: bool) -> Content:
    """Return the line of a voicemail: its age, state, caller and length."""
    message, signs = waiting.messages[place], terminal_symbols()
    symbol, word = describe_state(message, signs)
    since = age(int((look.now - message.received_at).total_seconds()))
    style = "bold $foreground" if message.state in NOT_HEARD else "$quiet"
    left = f"{symbol} {since.rjust(_AGE)}{_GAP}{word.ljust(_STATE)}{_GAP}"
    right = f"{describe_length(message).rjust(_LENGTH)} "
    room = look.width - 1 - cell_len(left) - len(right)
    caller = fit(describe_caller(message, waiting.callers.get(message.key)), max(0, room))
    mark = signs.cursor if cursor and look.has_focus else " "
    row = Content.assemble((mark, "$accent"), (left, style), safe(caller, "$foreground"), (right, "$quiet"))
    return row.stylize(_CURSOR) if cursor and look.has_focus else row


def draw_rest(above: int, below: int) -> Content:
    """Return the line that says how many voicemails are not shown, above the rows and below them."""
    if not above:
        return Content.styled(f"   and {below:,} more", "$quiet")
    rest = f", {below:,} more below" if below else ""
    return Content.styled(f"   {above:,} more above{rest}", "$quiet")
