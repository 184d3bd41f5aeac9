"""The pages of the wall, each drawn for the size of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from supportdesk.console.board.context import BoardContext
from supportdesk.console.board.month_panels import attainment
from supportdesk.console.charts.big_text import band, big_text, centred
from supportdesk.console.charts.blocks import Block, Line, TextRun, below, beside, fit
from supportdesk.console.terminal.symbols import NARROW, PLAIN, role_symbol
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
    state_at,
    target_state_at,
)
from supportdesk.store.read_models import QueueRow

_ROLES = {State.BREACHED: "breached", State.AT_RISK: "at-risk", State.DUE_SOON: "due-soon"}
_TALL, _GAP, _NAME = 4, 3, 16
_TWO_COLUMNS = 150
"""From which width on tickets stand in two columns."""
_LARGE_MONTH = (140, 40)
"""From which size on the severities of the month are told in large letters."""


def page(which: WallPage, sight: WallSnapshot, width: int, height: int) -> Block:
    """Return a page of at most `height` lines of at most `width` cells."""
    return _PAGES[which](sight, width, height)[:height]


def _now(sight: WallSnapshot, width: int, height: int) -> Block:
    """For what nobody was paged or what is breached, in a band that is seen from afar; else what is at risk.

    Where there is neither, that all is well.
    """
    counts = {state: sight.in_state(state) for state in _ROLES}
    worst = next((state for state, rows in counts.items() if rows and state is not State.DUE_SOON), None)
    told = ", ".join(f"{len(rows)} {state}" for state, rows in counts.items() if rows)
    rest: Block = [
        [TextRun(f"{told}, {sight.open} open" if told else f"{sight.open} open, none due soon", "quiet")]
    ]
    if unpaged := sight.unpaged:
        large = big_text("NOBODY PAGED", "at-risk", width - 2, _half(height), plain=sight.plain)
        head, refs = band(large, width, "alarm"), {row.ref for row in unpaged}
        rows = [*unpaged, *(row for row in counts[State.BREACHED] if row.ref not in refs)]
        return below([head, centred(rest, width), _tickets(sight, rows, width, height - len(head) - 3)])
    if worst is None:
        calm = big_text("ALL WELL", "strong", width, height, plain=sight.plain)
        top: Block = [[]] * max(0, (height - len(calm) - 3) // 2)
        return [*top, *centred(calm, width), [], [], *centred(rest, width)]
    title = f"{len(counts[worst])} {worst.upper()}"
    large = big_text(title, "at-risk", width - 2, _half(height), plain=sight.plain)
    head = band(large, width, "alarm") if worst is State.BREACHED else centred(large, width)
    room = height - len(head) - 3
    return below([head, centred(rest, width), _tickets(sight, counts[worst], width, room)])


def _half(height: int) -> int:
    return max(_TALL, height // 3)


def _next(sight: WallSnapshot, width: int, height: int) -> Block:
    """What breaches next if nobody moves."""
    rows = sight.next
    if not rows:
        return [[], *centred([[TextRun("No upcoming breaches", "strong")]], width)]
    title: Block = [[TextRun("NEXT TO BREACH", "heading")]]
    return below([title, _tickets(sight, rows, width, height - 2)])


def _tickets(sight: WallSnapshot, rows: Sequence[QueueRow], width: int, height: int) -> Block:
    """As many tickets as fit, in large letters; how many more there are is said."""
    columns = 2 if width >= _TWO_COLUMNS else 1
    each = (width - _GAP * (columns - 1)) // columns
    fits = max(1, height // (_TALL + (3 if sight.summaries else 2)))
    places = fits * columns
    shown = [_ticket(sight, row, each) for row in rows[:places]]
    blocks = [below(shown[number * fits : (number + 1) * fits]) for number in range(columns)]
    found = blocks[0] if columns == 1 or not blocks[1] else beside(blocks[0], blocks[1], each, _GAP)
    more = len(rows) - places
    return [*found, [], [TextRun(f"and {more} more", "quiet")]] if more > 0 else found


def _ticket(sight: WallSnapshot, row: QueueRow, width: int) -> Block:
    """A timer and a reference that are read from afar, and below them what there is to know, each once."""
    policy = sight.drawn.policy
    at = epoch(sight.now)
    earlier = breached_earlier(row.lead, at)
    role = _ROLES.get(target_state_at(row.lead, at), "strong")
    over = state_at(row.lead, at) is State.BREACHED and not earlier
    timer, prefix = _timer(sight, row), row.ref.partition("-")[0] + "-"
    # All references begin alike: what tells them apart is large.
    short = row.ref.removeprefix(prefix)
    large = beside(
        big_text(timer, role, width, _TALL, plain=sight.plain),
        big_text(short, "strong", width, _TALL, plain=sight.plain),
        *_columns(width),
    )
    severity = next((each.name for each in policy.severities if each.key == row.severity), row.severity)
    owner = _first_name(row.owner_name) or "unassigned"
    signs = PLAIN if sight.plain else NARROW
    sign = role_symbol(signs, role)
    told: Line = [
        *([TextRun(f"{sign} ", role)] if sign else []),
        TextRun(f"{severity} ", "strong"),
        TextRun(f"{row.lead.kind} {'overdue' if over else 'left'}   ", "quiet"),
        *([TextRun(f"{signs.breached} {BREACHED_EARLIER}   ", "breached")] if earlier else []),
        TextRun("nobody paged", "breached")
        if row.nobody_paged
        else TextRun(owner, "text" if row.owner_name else "at-risk"),
    ]
    if not sight.summaries:
        return [*large, told]
    return [
        *large,
        told,
        [TextRun(fit(f"{row.organisation}: {row.summary}", width, signs.ellipsis).rstrip())],
    ]


def _first_name(name: str) -> str:
    """Return the first name, cut to the room for it: the wall shows no full names."""
    first = next(iter(name.split()), "")
    return fit(first, min(cell_len(first), _NAME))


def _columns(width: int) -> tuple[int, int]:
    """The width of the timer's column, and the gap behind it."""
    return (min(34, width * 2 // 5), _GAP)


def _timer(sight: WallSnapshot, row: QueueRow) -> str:
    """Hours and minutes, as they are read from afar; the day of a fix date, whose clock has no hours."""
    policies, at = sight.drawn.policies, epoch(sight.now)
    left = left_at(row.lead, at, policies[row.policy].calendar(row.lead.calendar))
    if left is None:
        return "fix"
    minutes = abs(left) // 60
    return f"{'-' if left < 0 else ''}{minutes // 60}:{minutes % 60:02}"


def _desk(sight: WallSnapshot, width: int, height: int) -> Block:
    """Return the time, whether the office is open, and who is on call."""
    drawn = sight.drawn
    clock = big_text(
        formatting.bare_time(sight.now, sight.zone), "strong", width, height // 2, plain=sight.plain
    )
    office = desk_status.office_status(drawn.policy, sight.now, sight.zone)
    on_duty = drawn.roster.duty.on_call
    name = _first_name(on_duty.name if on_duty is not None else "")
    on_call = big_text(name or "nobody", "strong" if name else "at-risk", width, _TALL, plain=sight.plain)
    until = desk_status.on_call(drawn.roster, sight.zone)
    return below(
        [
            [[], *centred(clock, width)],
            centred([[TextRun(office, "quiet")]], width),
            centred(on_call, width),
            centred([[TextRun(until, "quiet")]], width),
        ],
        gap=1 if height < 30 else 3,
    )


def _month(sight: WallSnapshot, width: int, height: int) -> Block:
    """The share of the month's promises that was kept, and of each severity's."""
    drawn = sight.drawn
    subject = BoardContext(drawn.board, drawn.policy, drawn.roster, sight.plain, sight.colourless)
    overall = drawn.board.month.overall
    role = "strong" if overall.on_target else "breached"
    percent = f"{overall.percent}%" if overall.percent is not None else "-"
    large = big_text(percent, role, width, max(_TALL, height // 4), plain=sight.plain)
    told = f"of {overall.settled:,} promises met in {subject.month}; the target is {overall.target} %"
    told = f"{subject.sign(role)} {told}".lstrip()
    if width >= _LARGE_MONTH[0] and height >= _LARGE_MONTH[1]:
        panel = _severities(subject, width)
    else:
        panel = attainment(subject, min(width, 120), spaced=height >= 30)
    return below(
        [centred(large, width), centred([[TextRun(told, "quiet")]], width), centred(panel, width)],
        gap=1 if height < 30 else 2,
    )


def _severities(subject: BoardContext, width: int) -> Block:
    """Each severity with its two shares, in letters that are read from afar."""
    share, name = 32, width - 64
    heads: Line = [
        TextRun(" " * name),
        TextRun(f"{'response':<{share}}", "quiet"),
        TextRun("resolution", "quiet"),
    ]
    rows: list[Block] = []
    for severity in subject.board.month.severities:
        response, resolution = (
            _share(each, share, subject) for each in (severity.response, severity.resolution)
        )
        shares = beside(response, resolution, share, 0)
        rows.append(
            beside(big_text(severity.name, "strong", name, _TALL, plain=subject.plain), shares, name, 0)
        )
    return [heads, *below(rows)]


def _share(attained: Attainment, width: int, subject: BoardContext) -> Block:
    if attained.percent is None:
        return big_text("-", "faint", width, _TALL, plain=subject.plain)
    role = "strong" if attained.on_target else "breached"
    large = big_text(f"{attained.percent}%", role, width, _TALL, plain=subject.plain)
    sign = subject.sign(role)
    return [*large[:-1], [*large[-1], TextRun(f" {sign}", role)]] if sign else large


_PAGES: dict[WallPage, Callable[[WallSnapshot, int, int], Block]] = {
    WallPage.NOW: _now,
    WallPage.NEXT: _next,
    WallPage.DESK: _desk,
    WallPage.MONTH: _month,
}
