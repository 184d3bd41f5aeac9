"""The lines of the intake, and the details of the selected message, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from supportdesk.console.charts.blocks import fit
from supportdesk.console.intake.views import is_voicemail_to_settle
from supportdesk.console.terminal.safe_text import safe, safe_lines
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.text.list_time import list_time
from supportdesk.console.widgets.line_list import MARK, ListLine
from supportdesk.intake.sender import describe_sender
from supportdesk.sla.formatting import at_near_time, date_time, local
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import VOICEMAIL_WAITS, IncomingMessage, MessageState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportdesk.console.intake.original import Original
    from supportdesk.intake.sender import KnownSender

_QUIET, _FAINT, _TEXT, _STRONG = "$quiet", "$faint", "$foreground", "bold $foreground"
_TIME, _STATE, _REF, _GAP = 12, 13, 10, 2
_SENDER, _NARROW_SENDER = 26, 18
_ROOMY = 90
"""The width in cells from which senders have more room."""
_SYMBOLS = {
    MessageState.QUARANTINE: ("due_soon", "$due-soon"),
    MessageState.SET_ASIDE: ("at_risk", "$at-risk"),
    MessageState.TICKET: ("met", _QUIET),
    MessageState.MESSAGE: ("met", _QUIET),
    MessageState.REFUSED: ("refused", _QUIET),
    MessageState.DISMISSED: ("refused", _QUIET),
    **dict.fromkeys(VOICEMAIL_WAITS, ("due_soon", "$due-soon")),
}
"""The symbol and the colour of each state; those of what needs nobody are quiet."""


class IntakeLook(msgspec.Struct, frozen=True):
    """What messages are drawn with: the time zone, the present and the width in cells.

    `name` returns the name of who settled a message, by their key. `unfold_key` is the key that unfolds the text,
    `open_key` the one that opens a voicemail, and `files_key` the one that lists the attachments.
    """

    zone: str
    now: datetime
    width: int
    name: Callable[[str], str]
    unfold_key: str
    open_key: str
    files_key: str


class MessageLines:
    """The lines of messages, each made once for a width and a day: a list may have thousands, and is drawn often."""

    def __init__(self) -> None:
        self._lines: dict[IncomingMessage, ListLine] = {}
        self._made_for: object = None

    def draw(self, messages: Sequence[IncomingMessage], look: IntakeLook) -> list[ListLine]:
        """Return a line for each message; the references have a column where any message has one."""
        with_refs = any(each.ref for each in messages)
        made_for = (look.width, look.zone, local(look.now, look.zone).date(), with_refs)
        known = self._lines if made_for == self._made_for else {}
        self._lines, self._made_for = {}, made_for
        for each in messages:
            line = known.get(each) or ListLine(_line(each, look, with_refs=with_refs), each.key)
            self._lines[each] = line
        return list(self._lines.values())


def _line(message: IncomingMessage, look: IntakeLook, *, with_refs: bool) -> Content:
    style = _QUIET if message.is_settled else _TEXT
    sender = _SENDER if look.width >= _ROOMY else _NARROW_SENDER
    room = look.width - MARK - _TIME - _STATE - sender - 3 * _GAP - (_REF + _GAP) * with_refs
    symbol, colour = _symbol(message.state)
    cells = [
        (list_time(message.received_at, look.zone, look.now), _TIME, _QUIET),
        (f"{symbol} {name_state(message.state)}", _STATE, colour),
        (message.sender_name or message.sender_address or "–", sender, style),
        (_describe_subject(message), max(0, room), style),
        *([(message.ref or "", _REF, style)] if with_refs else []),
    ]
    return Content(" " * _GAP).join(safe(fit(text, width), cell_style) for text, width, cell_style in cells)


def name_state(state: MessageState) -> str:
    """Return what a state is called on the screens."""
    return "no speech" if state is MessageState.EMPTY else state.value


def _describe_subject(message: IncomingMessage) -> str:
    if message.subject or message.voicemail is None:
        return message.subject or "(no subject)"
    return "Missed call" if message.voicemail.is_missed_call else "Voicemail"


def _symbol(state: MessageState) -> tuple[str, str]:
    name, colour = _SYMBOLS.get(state, ("ok", _QUIET))
    return getattr(terminal_symbols(), name), colour


def detail_text(
    message: IncomingMessage,
    original: Original | None,
    sender: KnownSender | None,
    look: IntakeLook,
    *,
    unfolded: bool,
) -> Content:
    """Return what is known of a message, and its text; without its `original`, that it is being read.

    `sender` is who sent it, if they have become a contact since it arrived.
    """
    # Whose address comes first among several proves nothing; how many there are, the original says.
    known = sender if original is not None and not original.has_several_senders else None
    about = _describe_message(message, known, look)
    return Content("\n").join((*about, *_describe_original(original, look, unfolded=unfolded)))


def _describe_message(
    message: IncomingMessage, sender: KnownSender | None, look: IntakeLook
) -> Iterator[Content]:
    symbol, colour = _symbol(message.state)
    yield safe(_describe_subject(message), _STRONG)
    yield Content.assemble(("from ", _QUIET), safe(describe_sender(message), _TEXT))
    received, by = date_time(message.received_at, look.zone), "in the mailbox"
    if message.voicemail is not None:
        by = "by the telephone system"
    yield Content.assemble((f"received {received} {by} ", _QUIET), safe(message.source, _TEXT))
    yield Content.assemble((f"{symbol} {name_state(message.state)}", colour), _what_next(message, look))
    if message.reason:
        yield safe_lines(message.reason, _TEXT)
    if sender is not None:
        customer = sender.organisation.name
        yield safe(f"The sender is a contact of {customer} now: {sender.contact.name}.", _STRONG)
    if (settled := _settled(message, look)) is not None:
        yield safe(settled, _QUIET)


def _describe_original(original: Original | None, look: IntakeLook, *, unfolded: bool) -> Iterator[Content]:
    if original is None:
        yield Content.assemble(("\nreading the message …", _QUIET))
        return
    if original.attachments:
        names = safe(", ".join(original.attachments), _TEXT)
        yield Content.assemble(
            ("attached: ", _QUIET), names, (f"  ({look.files_key} opens or saves them)", _QUIET)
        )
    for remark in original.remarks:
        yield safe(remark, _QUIET)
    if original.fault:
        yield safe_lines(f"\n{original.fault}", _QUIET)
    yield from _texts(original, look, unfolded=unfolded)


def _what_next(message: IncomingMessage, look: IntakeLook) -> Content:
    """Return the ticket of a message, or that it waits, and what opens a voicemail that does."""
    if message.is_settled:
        return safe(f"  {message.ref or ''}", _STRONG)
    opens = f": {look.open_key} plays and settles it" if is_voicemail_to_settle(message) else ""
    return safe(f" · waits for a decision{opens}", _QUIET)


def _texts(original: Original, look: IntakeLook, *, unfolded: bool) -> Iterator[Content]:
    if original.text:
        yield safe_lines(f"\n{original.text}", _TEXT)
    elif not original.fault:
        yield safe_lines("\n(no text)", _QUIET)
    if not original.quoted:
        return
    count = original.quoted.count("\n") + 1
    lines = f"{count} line{'' if count == 1 else 's'} of quoted text"
    signs = terminal_symbols()
    if unfolded:
        yield safe_lines(f"\n{signs.open} {lines} ({look.unfold_key} folds it)", _QUIET)
        yield safe_lines(original.quoted, _QUIET)
    else:
        yield safe_lines(f"\n{signs.folded} {lines} ({look.unfold_key} shows it)", _QUIET)


def _settled(message: IncomingMessage, look: IntakeLook) -> str | None:
    """Return who gave a message its state, where that was a member of staff."""
    if message.decided_at is None or message.decided_by == INTAKE.key:
        return None
    return (
        f"settled by {look.name(message.decided_by)} {at_near_time(message.decided_at, look.zone, look.now)}"
    )
