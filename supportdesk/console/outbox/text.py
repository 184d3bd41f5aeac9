"""The lines of the outbox, and the details of the selected delivery, as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from supportdesk.console.charts.blocks import fit
from supportdesk.console.terminal.safe_text import safe, safe_lines
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.text.list_time import LIST_TIME, list_time
from supportdesk.console.widgets.line_list import MARK, ListLine
from supportdesk.sla.clocks import instant
from supportdesk.sla.formatting import at_near_time, date_time, sentence
from supportdesk.tickets.documents import MAIL
from supportdesk.tickets.events.mail import describe_mail
from supportdesk.tickets.outbox.entry import AttemptOutcome, Fate, ListedDelivery
from supportdesk.tickets.outbox.entry_text import describe_fate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportdesk.tickets.outbox.entry import DeliveryAttempt

_QUIET, _TEXT, _STRONG = "$quiet", "$foreground", "bold $foreground"
_FATE, _REF, _GAP = 15, 10, 2
_WHAT, _METHOD = 20, 13
_ROOMY = 110
"""The width in cells from which the method has a column."""
_SYMBOLS = {
    Fate.WAITING: ("due_soon", "$due-soon"),
    Fate.SENT: ("met", _QUIET),
    Fate.UNCONFIRMED: ("at_risk", "$at-risk"),
    Fate.UNDELIVERED: ("breached", "$breached"),
    Fate.BOUNCED: ("breached", "$breached"),
    Fate.CANCELLED: ("ok", _QUIET),
}
"""The symbol and the colour of each fate; those of what needs nobody are quiet."""
_OUTCOMES = {
    AttemptOutcome.DELIVERED: Fate.SENT,
    AttemptOutcome.POSSIBLY_DELIVERED: Fate.UNCONFIRMED,
    AttemptOutcome.CAME_BACK: Fate.BOUNCED,
}
"""The words for what came of an attempt: those of the tabs."""
_DONE = frozenset({Fate.SENT, Fate.CANCELLED})


class OutboxLook(msgspec.Struct, frozen=True):
    """What deliveries are drawn with: the time zone, the present and the width in cells."""

    zone: str
    now: datetime
    width: int


def describe_message(delivery: ListedDelivery) -> str:
    """Return what is sent: `the receipt`, `a page`."""
    return describe_mail(delivery.text) if delivery.kind == MAIL else f"a {delivery.kind}"


def delivery_lines(deliveries: Sequence[ListedDelivery], look: OutboxLook) -> list[ListLine]:
    """Return a line for each delivery."""
    return [ListLine(_line(each, look), each.id) for each in deliveries]


def _line(delivery: ListedDelivery, look: OutboxLook) -> Content:
    style = _QUIET if delivery.fate in _DONE else _TEXT
    with_method = look.width >= _ROOMY
    room = look.width - MARK - LIST_TIME - _FATE - _WHAT - _REF - 4 * _GAP - (_METHOD + _GAP) * with_method
    symbol, colour = _symbol(delivery.fate)
    cells = [
        (list_time(instant(delivery.at), look.zone, look.now), LIST_TIME, _QUIET),
        (f"{symbol} {delivery.fate}", _FATE, colour),
        (delivery.person_name or delivery.target, max(0, room), style),
        (describe_message(delivery), _WHAT, style),
        (delivery.ref or "", _REF, style),
        *([(delivery.method, _METHOD, _QUIET)] if with_method else []),
    ]
    return Content(" " * _GAP).join(safe(fit(text, width), cell_style) for text, width, cell_style in cells)


def _symbol(fate: Fate) -> tuple[str, str]:
    name, colour = _SYMBOLS[fate]
    return getattr(terminal_symbols(), name), colour


def detail_text(
    delivery: ListedDelivery, attempts: Sequence[DeliveryAttempt] | None, look: OutboxLook
) -> Content:
    """Return what is known of a delivery; without its `attempts`, that they are being read."""
    return Content("\n").join(_details(delivery, attempts, look))


def _details(
    delivery: ListedDelivery, attempts: Sequence[DeliveryAttempt] | None, look: OutboxLook
) -> Iterator[Content]:
    symbol, colour = _symbol(delivery.fate)
    yield safe(sentence(describe_message(delivery)).rstrip("."), _STRONG)
    yield Content.assemble(("to ", _QUIET), safe(delivery.person_name, _TEXT))
    yield Content.assemble(("by ", _QUIET), safe(f"{delivery.method}, {delivery.target}", _TEXT))
    about = safe(delivery.ref, _STRONG) if delivery.ref else Content("")
    made = date_time(instant(delivery.at), look.zone)
    yield Content.assemble((f"made {made}  ", _QUIET), about)
    yield Content.assemble((f"{symbol} {delivery.fate}", colour))
    if reason := describe_fate(delivery, look.zone, look.now):
        yield safe_lines(sentence(reason), _TEXT)
    if delivery.kind != MAIL and delivery.text:
        yield safe_lines(f"\n{delivery.text}", _TEXT)
    yield from _history(delivery, attempts, look)


def _history(
    delivery: ListedDelivery, attempts: Sequence[DeliveryAttempt] | None, look: OutboxLook
) -> Iterator[Content]:
    yield Content("")
    if not delivery.attempts:
        yield safe("No attempt was made.", _QUIET)
        return
    count = delivery.attempts
    yield safe(f"{count} attempt{'' if count == 1 else 's'}", _STRONG)
    if attempts is None:
        yield safe("reading the attempts …", _QUIET)
    elif attempts:
        for each in attempts:
            yield from _attempt(each, look)
    elif delivery.tried_at is not None:
        yield safe(f"the last one {at_near_time(instant(delivery.tried_at), look.zone, look.now)}", _QUIET)


def _attempt(attempt: DeliveryAttempt, look: OutboxLook) -> Iterator[Content]:
    when = list_time(instant(attempt.at), look.zone, look.now)
    yield Content.assemble(
        safe(f"{when}  ", _QUIET), safe(_OUTCOMES.get(attempt.outcome, attempt.outcome), _TEXT)
    )
    if attempt.detail:
        yield safe_lines(attempt.detail, _QUIET)
    if attempt.retry_at is not None:
        yield safe(f"tried again {at_near_time(instant(attempt.retry_at), look.zone, look.now)}", _QUIET)
