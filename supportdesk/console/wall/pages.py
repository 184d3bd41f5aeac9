"""The pages of the wall, each drawn for the size of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from supportdesk.console.board.context import BoardContext
from supportdesk.console.board.month_panels import draw_attainment
from supportdesk.console.charts.big_text import band, big_text, centred
from supportdesk.console.charts.blocks import Block, TextLine, TextRun, below, beside, fit
from supportdesk.console.queue.clock_cells import CLOCK_NAMES, STATE_WORDS
from supportdesk.console.terminal.symbols import NARROW, PLAIN, symbol_of_style
from supportdesk.console.text import desk_status
from supportdesk.console.wall.snapshot import WallPage, WallSnapshot
from supportdesk.reports.attainment import Attainment
from supportdesk.sla import formatting
from supportdesk.sla.clocks import (
    BREACHED_EARLIER,
    State,
    breached_earlier,
    epoch,
    left_at,
    target_state_at,
)
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.mail_alarm import MAIL_UNDELIVERED

_STYLE_NAMES = {State.BREACHED: "breached", State.AT_RISK: "at-risk", State.DUE_SOON: "due-soon"}
_TALL, _GAP, _NAME = 4, 3, 16
_MORE = 1
"""The line with the number of the other tickets; the blank line above it belongs to the last ticket shown."""
_TWO_COLUMNS = 150
"""The width in cells from which tickets are in two columns."""
_LARGE_MONTH = (140, 40)
"""The width and height in cells from which the severities of the month are in large letters."""


def draw_page(which: WallPage, snapshot: WallSnapshot, width: int, height: int) -> Block:
    """Return a page of at most `height` lines of at most `width` cells."""
    return _PAGES[which](snapshot, width, height)[:height]


def _draw_now(snapshot: WallSnapshot, width: int, height: int) -> Block:
    """Return the worst of: tickets whose page found nobody, breached tickets (both in a band), tickets at risk.

    Without any of these it says that all is well.
    """
    counts = {state: snapshot.in_state(state) for state in _STYLE_NAMES}
    worst = next((state for state, rows in counts.items() if rows and state is not State.DUE_SOON), None)
    text = ", ".join(f"{len(rows)} {state}" for state, rows in counts.items() if rows)
    counts_line: Block = [
        [
            TextRun(
                f"{text}, {snapshot.open} open" if text else f"{snapshot.open} open, none due soon", "quiet"
            )
        ]
    ]
    if unpaged := snapshot.unpaged:
        large = big_text("NOBODY PAGED", "at-risk", width - 2, _half(height), plain=snapshot.plain)
        head, refs = band(large, width, "alarm"), {row.ref for row in unpaged}
        rows = [*unpaged, *(row for row in counts[State.BREACHED] if row.ref not in refs)]
        return below(
            [head, centred(counts_line, width), _draw_tickets(snapshot, rows, width, height - len(head) - 3)]
        )
    if worst is None:
        calm = big_text("ALL WELL", "strong", width, height, plain=snapshot.plain)
        top: Block = [[]] * max(0, (height - len(calm) - 3) // 2)
        return [*top, *centred(calm, width), [], [], *centred(counts_line, width)]
    title = f"{len(counts[worst])} {worst.upper()}"
    large = big_text(title, "at-risk", width - 2, _half(height), plain=snapshot.plain)
    head = band(large, width, "alarm") if worst is State.BREACHED else centred(large, width)
    room = height - len(head) - 3
    return below([head, centred(counts_line, width), _draw_tickets(snapshot, counts[worst], width, room)])


def _half(height: int) -> int:
    return max(_TALL, height // 3)


def _draw_next(snapshot: WallSnapshot, width: int, height: int) -> Block:
    """Return the tickets that will breach next unless somebody acts."""
    rows = snapshot.next
    if not rows:
        return [[], *centred([[TextRun("No upcoming breaches", "strong")]], width)]
    title: Block = [[TextRun("NEXT TO BREACH", "heading")]]
    return below([title, _draw_tickets(snapshot, rows, width, height - 2)])


def _draw_tickets(snapshot: WallSnapshot, rows: Sequence[QueueRow], width: int, height: int) -> Block:
    """Return as many tickets as fit, in large letters, and a line with the number of the others."""
    columns = 2 if width >= _TWO_COLUMNS else 1
    each = (width - _GAP * (columns - 1)) // columns
    lines = _TALL + (3 if snapshot.summaries else 2)
    fits = max(1, height // lines)
    if len(rows) > fits * columns:
        fits = max(1, (height - _MORE) // lines)
    places = fits * columns
    shown = [_draw_ticket(snapshot, row, each) for row in rows[:places]]
    blocks = [below(shown[number * fits : (number + 1) * fits]) for number in range(columns)]
    found = blocks[0] if columns == 1 or not blocks[1] else beside(blocks[0], blocks[1], each, _GAP)
    more = len(rows) - places
    return [*found, [], [TextRun(f"and {more} more", "quiet")]] if more > 0 else found


def _draw_ticket(snapshot: WallSnapshot, row: QueueRow, width: int) -> Block:
    """Return a ticket: timer and reference in large letters, and below them severity, state and owner."""
    policy = snapshot.data.policy
    at = epoch(snapshot.now)
    earlier = breached_earlier(row.lead, at)
    state = target_state_at(row.lead, at)
    style_name = _STYLE_NAMES.get(state, "strong")
    timer, prefix = _timer(snapshot, row), row.ref.partition("-")[0] + "-"
    # All references have the same prefix: only the part after it is large.
    short = row.ref.removeprefix(prefix)
    large = beside(
        big_text(timer, style_name, width, _TALL, plain=snapshot.plain),
        big_text(short, "strong", width, _TALL, plain=snapshot.plain),
        *_columns(width),
    )
    severity = next((each.name for each in policy.severities if each.key == row.severity), row.severity)
    owner = _first_name(row.owner_name) or "Unassigned"
    symbols = PLAIN if snapshot.plain else NARROW
    symbol = symbol_of_style(symbols, style_name)
    label = f"{CLOCK_NAMES[row.lead.kind]} {STATE_WORDS.get(state, '')}".rstrip()
    text: TextLine = [
        *([TextRun(f"{symbol} ", style_name)] if symbol else []),
        TextRun(f"{severity} ", "strong"),
        TextRun(f"{label}   ", "quiet"),
        *([TextRun(f"{symbols.breached} {BREACHED_EARLIER}   ", "breached")] if earlier else []),
        *([TextRun(f"{symbols.breached} {MAIL_UNDELIVERED}   ", "breached")] if row.is_undelivered else []),
        TextRun("nobody paged", "breached")
        if row.nobody_paged
        else TextRun(owner, "text" if row.owner_name else "at-risk"),
    ]
    if not snapshot.summaries:
        return [*large, text]
    return [
        *large,
        text,
        [TextRun(fit(f"{row.organisation}: {row.summary}", width, symbols.ellipsis).rstrip())],
    ]


def _first_name(name: str) -> str:
    """Return the first name, cut to the room for it: the wall shows no full names."""
    first = next(iter(name.split()), "")
    return fit(first, min(cell_len(first), _NAME))


def _columns(width: int) -> tuple[int, int]:
    """Return the width of the timer's column, and the gap after it, in cells."""
    return (min(34, width * 2 // 5), _GAP)


def _timer(snapshot: WallSnapshot, row: QueueRow) -> str:
    """Return the time left as `-1:05` (hours and minutes); `fix` for a clock that has only a fix date."""
    policies, at = snapshot.data.policies, epoch(snapshot.now)
    left = left_at(row.lead, at, policies[row.policy].calendar(row.lead.calendar))
    if left is None:
        return "fix"
    minutes = abs(left) // 60
    return f"{'-' if left < 0 else ''}{minutes // 60}:{minutes % 60:02}"


def _draw_desk(snapshot: WallSnapshot, width: int, height: int) -> Block:
    """Return the time, whether the office is open, and who is on call."""
    data = snapshot.data
    clock = big_text(
        formatting.bare_time(snapshot.now, snapshot.zone), "strong", width, height // 2, plain=snapshot.plain
    )
    office = desk_status.office_status(data.policy, snapshot.now, snapshot.zone)
    on_duty = data.roster.duty.on_call
    name = _first_name(on_duty.name if on_duty is not None else "")
    on_call = big_text(name or "nobody", "strong" if name else "at-risk", width, _TALL, plain=snapshot.plain)
    until = desk_status.on_call(data.roster, snapshot.zone)
    return below(
        [
            [[], *centred(clock, width)],
            centred([[TextRun(office, "quiet")]], width),
            centred(on_call, width),
            centred([[TextRun(until, "quiet")]], width),
        ],
        gap=1 if height < 30 else 3,
    )


def _draw_month(snapshot: WallSnapshot, width: int, height: int) -> Block:
    """Return the attainment of the month in large letters, and that of each severity."""
    data = snapshot.data
    context = BoardContext(data.board, data.policy, data.roster, snapshot.plain, snapshot.colourless)
    overall = data.board.month.overall
    style_name = "strong" if overall.on_target else "breached"
    percent = f"{overall.percent}%" if overall.percent is not None else "-"
    large = big_text(percent, style_name, width, max(_TALL, height // 4), plain=snapshot.plain)
    text = (
        f"of {overall.settled:,} targets met in {context.month}; the attainment target is {overall.target} %"
    )
    text = f"{context.symbol(style_name)} {text}".lstrip()
    if width >= _LARGE_MONTH[0] and height >= _LARGE_MONTH[1]:
        panel = _severities(context, width)
    else:
        panel = draw_attainment(context, min(width, 120), spaced=height >= 30)
    return below(
        [centred(large, width), centred([[TextRun(text, "quiet")]], width), centred(panel, width)],
        gap=1 if height < 30 else 2,
    )


def _severities(context: BoardContext, width: int) -> Block:
    """Return each severity with its attainment of response and resolution, in large letters."""
    share, name = 32, width - 64
    heads: TextLine = [
        TextRun(" " * name),
        TextRun(f"{'response':<{share}}", "quiet"),
        TextRun("resolution", "quiet"),
    ]
    rows: list[Block] = []
    for severity in context.board.month.severities:
        response, resolution = (
            _share(each, share, context) for each in (severity.response, severity.resolution)
        )
        shares = beside(response, resolution, share, 0)
        rows.append(
            beside(big_text(severity.name, "strong", name, _TALL, plain=context.plain), shares, name, 0)
        )
    return [heads, *below(rows)]


def _share(attained: Attainment, width: int, context: BoardContext) -> Block:
    if attained.percent is None:
        return big_text("-", "faint", width, _TALL, plain=context.plain)
    style_name = "strong" if attained.on_target else "breached"
    large = big_text(f"{attained.percent}%", style_name, width, _TALL, plain=context.plain)
    symbol = context.symbol(style_name)
    return [*large[:-1], [*large[-1], TextRun(f" {symbol}", style_name)]] if symbol else large


_PAGES: dict[WallPage, Callable[[WallSnapshot, int, int], Block]] = {
    WallPage.NOW: _draw_now,
    WallPage.NEXT: _draw_next,
    WallPage.DESK: _draw_desk,
    WallPage.MONTH: _draw_month,
}
