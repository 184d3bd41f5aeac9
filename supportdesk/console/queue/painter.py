"""Draws one line of the queue: a ticket's row, or a group's heading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from supportdesk.console.queue.cells import (
    ACKNOWLEDGED,
    ACKNOWLEDGED_ROOM,
    CELLS,
    NOBODY_PAGED,
    PAGING,
    PAGING_ROOM,
    Cell,
)
from supportdesk.console.queue.clock_cells import (
    age,
    state_label,
    targets_line,
    timed_targets,
    timer_text,
)
from supportdesk.console.queue.columns import LEFT, SUMMARY, Column, columns_for
from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.terminal.symbols import Symbols
from supportdesk.sla import formatting
from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.clocks import BREACHED_EARLIER, State, breached_earlier, instant, target_state_at
from supportdesk.sla.policy import Policy, Severity
from supportdesk.tickets.mail_alarm import MAIL_UNDELIVERED

if TYPE_CHECKING:
    from supportdesk.settings.settings import UserColumn
    from supportdesk.tickets.escalation.stop import EscalationStop

STATE_STYLES = {
    State.DUE_SOON: "due-soon",
    State.AT_RISK: "at-risk",
    State.BREACHED: "breached",
    State.MISSED: "breached",
    State.PAUSED: "faint",
    State.PROMISED: "quiet",
    State.OPEN: "faint",
    State.MET: "quiet",
    State.VOID: "quiet",
    State.OK: "text",
}
"""The name of the style of a timer, by the state of its clock."""

MINUTE = 60
URGENT = (State.BREACHED, State.AT_RISK, State.DUE_SOON)


class RowGround(NamedTuple):
    """What the background of a row shows: the cursor, a flash, the alarm of an urgent breach, a mark."""

    cursor: bool = False
    flash: bool = False
    alarm: bool = False
    marked: bool = False


class PagingText(NamedTuple):
    """Who was paged last and for how long, such as `Priya 4 min`; where the escalation `is_stopped`, who acknowledged.

    `who` is empty where nobody is paged, or nobody has acknowledged.
    """

    who: str = ""
    is_stopped: bool = False


class RowTexts(NamedTuple):
    """The texts of a row that depend on time; `earlier`: it was breached under another promise (rule 9)."""

    state: str
    age: str = ""
    earlier: bool = False
    paging: PagingText = PagingText()


def _find_no_stop(_ref: str) -> None:
    """Know of no escalation that is stopped."""


class QueuePainter:
    """Draws lines at one width and with one set of styles; a change of either needs another painter.

    `find_style` returns the style of a name, such as `text` or `breached`. `zone` is the time zone of the times shown;
    `wanted` are the columns of the settings. `name` returns the name of a username, and `find_stop` what stops the
    escalation of a ticket, by its reference.
    """

    def __init__(
        self,
        width: int,
        find_style: Callable[[str], Style],
        symbols: Symbols,
        policies: Mapping[str, Policy],
        policy: Policy,
        *,
        zone: str,
        wanted: tuple[UserColumn, ...] = (),
        name: Callable[[str], str] = str,
        find_stop: Callable[[str], EscalationStop | None] = _find_no_stop,
    ) -> None:
        self.width = width
        self.columns = columns_for(width, wanted)
        names = {column.name for column in self.columns}
        self._has_summary = SUMMARY in names
        self._clock_is_hidden, self._shows_age = "clock" not in names, "age" in names
        self._find_style = find_style
        self._symbols = symbols
        self._policies = policies
        self._policy = policy
        self._zone = zone
        self._name = name
        self._find_stop = find_stop
        self._severities = {severity.key: severity for severity in policy.severities}
        self._paging = {severity.key for severity in policy.severities if severity.pages}
        self.covered = 0
        """Cells at the right that a scrollbar covers: rows need not have them."""
        self._timers_at = -1
        self._timers: dict[QueueEntry, str] = {}
        self.style = lru_cache(maxsize=256)(self._style)
        self._body = lru_cache(maxsize=512)(self._draw_body)

    def calendar(self, entry: QueueEntry) -> BusinessCalendar:
        """Return the calendar of a ticket's leading clock."""
        row = entry.row
        return self._policies[row.policy].calendar(row.lead.calendar)

    def timer(self, entry: QueueEntry, now: int) -> str:
        """Return the text of a ticket's timer at `now`, in UTC epoch seconds."""
        if now != self._timers_at:
            self._timers.clear()
            self._timers_at = now
        text = self._timers.get(entry)
        if text is None:
            text = timer_text(entry.row.lead, now, self.calendar(entry), self._zone)
            self._timers[entry] = text
        return text

    def paging(self, entry: QueueEntry, now: int) -> PagingText:
        """Return who is paged for a ticket, or who has acknowledged where that stops its escalation."""
        row = entry.row
        if not row.is_paging or not row.paged or row.paged_since is None:
            return PagingText()
        stop = self._find_stop(row.ref)
        if stop is not None and stop.holds_at(now):
            by = stop.acknowledger_at(now)
            return PagingText(self._first_name(by) if by else "", is_stopped=True)
        first = self._first_name(row.paged[-1])
        minutes = (now - row.paged_since) // MINUTE
        return PagingText(f"{first} {formatting.amount(minutes * MINUTE)}" if minutes > 0 else first)

    def _first_name(self, username: str) -> str:
        return self._name(username).split(maxsplit=1)[0]

    def is_alarm(self, entry: QueueEntry) -> bool:
        """Return whether a row has the style of an alarm: an urgent breach, of an open ticket of a paging severity.

        A breach of an earlier promise (rule 9) is not urgent: its timer shows time left.
        """
        row = entry.row
        if entry.state is not State.BREACHED or row.severity not in self._paging or not row.is_open:
            return False
        return not breached_earlier(row.lead, self._timers_at)

    def ground(self, entry: QueueEntry, *, cursor: bool, flash: bool, marked: bool = False) -> RowGround:
        """Return the background of a ticket's row."""
        return RowGround(cursor, flash, self.is_alarm(entry), marked)

    def time_key(self, now: int) -> tuple[frozenset[str], int]:
        """Return a value that differs once more than the timers must be drawn again.

        It is made of the calendars that are open, and of the minute where ages are shown.
        """
        policy = self._policy
        calendars = frozenset(each.key for each in policy.calendars if policy.calendar(each.key).open_at(now))
        return calendars, now // MINUTE if self._shows_age else 0

    def row(self, entry: QueueEntry, now: int, ground: RowGround) -> Strip:
        """Return the line of a ticket."""
        out_of_hours = entry.row.lead.target is not None and not self.calendar(entry).open_at(now)
        age_text = age(now - entry.row.received_at) if self._shows_age else ""
        state, earlier = entry.state, False
        if state is State.BREACHED:
            # The breach is shown before the summary, the state of the present target in its own column.
            state, earlier = target_state_at(entry.row.lead, now), breached_earlier(entry.row.lead, now)
        spelled = earlier and not self._has_summary
        word = state_label(state, entry.row, out_of_hours=out_of_hours, earlier=spelled)
        texts = RowTexts(word, age_text, earlier, self.paging(entry, now))
        body, end = self._body(entry, state, texts, ground, self.covered)
        return Strip([*self._left(entry, now, ground, out_of_hours=out_of_hours), *body], end)

    def heading(
        self, severity: str, count: int, states: Counter[State], now: int, *, folded: bool, cursor: bool
    ) -> Strip:
        """Return the line of a group: its name, count and promise, and its urgent tickets while it is folded."""
        known = self._severities.get(severity)
        name = (known.name if known else severity).upper()
        ground = RowGround(cursor=cursor)
        parts = [
            self._mark(ground),
            Segment(f"{name}  ", self.style("heading" if count else "quiet", ground)),
            Segment(f"{count:,}" if count else "none", self.style("quiet" if count else "faint", ground)),
        ]
        if folded:
            parts += [
                Segment(f" · {states[state]} {state}", self.style(STATE_STYLES[state], ground))
                for state in URGENT
                if states[state]
            ]
            return self._line(parts, ["folded"], ground)
        return self._line(parts, self._targets(known, now) if known else [], ground)

    def _targets(self, severity: Severity, now: int) -> list[str]:
        """Return what a severity promises and when its calendar opens, in ever fewer words."""
        policy, calendar = self._policy, self._policy.calendar(severity.response.calendar)
        promise, short = targets_line(policy, severity), timed_targets(policy, severity)
        if calendar.open_at(now):
            return [promise, short]
        opens = formatting.near_time(instant(calendar.next_open_at(now)), self._zone, instant(now))
        closed = f"out of hours until {opens}"
        return [f"{promise} · {closed}", f"{short} · {closed}", closed]

    def message(self, text: str) -> Strip:
        """Return a line with a message."""
        return self._line([Segment(f"   {text}", self.style("quiet", RowGround()))], [], RowGround())

    def empty(self) -> Strip:
        """Return an empty line."""
        return Strip([Segment(" " * self.width, self.style("text", RowGround()))], self.width)

    def _line(self, left: list[Segment], right: Sequence[str], ground: RowGround) -> Strip:
        """Return a line with parts at the left, and at the right the longest of the texts that fits."""
        plain = self.style("text", ground)
        room = self.width - sum(cell_len(part.text) for part in left) - 3
        text = next((each for each in right if cell_len(each) <= room), "")
        gap = Segment(" " * (room + 2 - cell_len(text)), plain)
        parts = [*left, gap, Segment(text, self.style("faint", ground)), Segment(" ", plain)]
        return Strip(parts).adjust_cell_length(self.width, plain)

    def _left(self, entry: QueueEntry, now: int, ground: RowGround, *, out_of_hours: bool) -> list[Segment]:
        state = entry.state
        shown = target_state_at(entry.row.lead, now) if state is State.BREACHED else state
        style_name = "faint" if shown is State.OK and out_of_hours else STATE_STYLES[shown]
        symbol = self._symbols.of(state)
        timer = self.style(style_name, ground)
        if ground.marked:
            return [
                self._mark(ground),
                Segment(symbol, timer),
                Segment(self._symbols.chosen, self.style("mark", ground)),
                Segment(f"{self.timer(entry, now)} ", timer),
            ]
        text = f"{symbol} {self.timer(entry, now)} "
        return [self._mark(ground), Segment(text, timer)] if ground.cursor else [Segment(f" {text}", timer)]

    def _mark(self, ground: RowGround) -> Segment:
        return Segment(self._symbols.cursor if ground.cursor else " ", self.style("mark", ground))

    def _draw_body(
        self, entry: QueueEntry, state: State, texts: RowTexts, ground: RowGround, covered: int
    ) -> tuple[list[Segment], int]:
        """Return what is right of the timer, and the cell at which it ends; blank `covered` cells are left out."""
        shown = State.BREACHED if texts.state == BREACHED_EARLIER else state
        cell = Cell(
            row=entry.row,
            policy=self._policy,
            state=shown,
            word=texts.state,
            style_name=STATE_STYLES[shown],
            age=texts.age,
            dash=self._symbols.dash,
            clock_is_hidden=self._clock_is_hidden,
            width=0,
        )
        room = next((column.width for column in self.columns if column.name == SUMMARY), 0)
        paging, is_named = self._paging_lead(entry, texts.paging, room)
        cell = cell._replace(paging_is_named=is_named)
        parts: list[Segment] = []
        for column in self.columns:
            if column.name == SUMMARY:
                quiet = texts.paging.is_stopped
                parts += self._summary(entry, column, ground, paging, quiet=quiet, earlier=texts.earlier)
            else:
                text, style_name = CELLS[column.name](cell._replace(width=column.width))
                parts.append(self._cell(text, column.width, column.gap, style_name, ground))
        rest = self.width - LEFT - sum(cell_len(part.text) for part in parts)
        blank = rest - covered if covered <= rest else rest
        parts.append(Segment(" " * blank, self.style("text", ground)))
        # The fewer parts, the less each tick has to send through the filters.
        return list(Segment.simplify(parts)), self.width - rest + blank

    def _paging_lead(self, entry: QueueEntry, paging: PagingText, room: int) -> tuple[str, bool]:
        """Return what says before the summary who is paged, and whether it does with the word.

        Where there is no room for all of it, the owner's column has the word, or, where it has an owner, the time goes.
        Where the escalation is stopped, the name of the person who acknowledged goes.
        """
        who = paging.who
        if paging.is_stopped:
            by = f" by {who}" if room >= ACKNOWLEDGED_ROOM else ""
            return f"{ACKNOWLEDGED}{by}:" if who else "", True
        if not who:
            return "", False
        if room >= PAGING_ROOM:
            return f"{PAGING}{who}:", True
        if entry.row.owner_name:
            return f"{PAGING}{who.split(maxsplit=1)[0]}:", True
        return f"{who}:", False

    def _summary(
        self, entry: QueueEntry, column: Column, ground: RowGround, paging: str, *, quiet: bool, earlier: bool
    ) -> list[Segment]:
        row, room, gap = entry.row, column.width, column.gap
        leads = []
        for lead, is_shown, style_name in (
            (NOBODY_PAGED, row.nobody_paged, "breached"),
            (paging, bool(paging), "quiet" if quiet else "at-risk"),
            (f"{MAIL_UNDELIVERED}:", row.is_undelivered, "breached"),
            (BREACHED_EARLIER, earlier, "breached"),
        ):
            if is_shown and room:
                width = min(cell_len(lead) + 1, room)
                text = f"{lead} " if width > cell_len(lead) else lead
                leads.append(self._cell(text, width, gap, style_name, ground))
                room, gap = room - width, 0
        flag = self._symbols.raised * min(row.rung, 3)
        if flag and room > len(flag):
            leads.append(self._cell(flag, len(flag), gap, "at-risk", ground))
            room, gap = room - len(flag) - 1, 1
        return [*leads, self._cell(row.summary, room, gap, "text", ground)]

    def _cell(self, text: str, width: int, gap: int, style_name: str, ground: RowGround) -> Segment:
        return Segment(" " * gap + self._fit(text, width), self.style(style_name, ground))

    def _fit(self, text: str, width: int) -> str:
        """Return a text in exactly `width` cells, with an ellipsis where it is cut and control characters as blanks."""
        if not text.isprintable():
            text = "".join(character if character.isprintable() else " " for character in text)
        if cell_len(text) <= width:
            return set_cell_size(text, width)
        return set_cell_size(text, width - 1) + self._symbols.ellipsis if width > 1 else " " * width

    def _style(self, style_name: str, ground: RowGround) -> Style:
        style = self._find_style("text")
        if ground.alarm:
            style += self._find_style("alarm")
        elif style_name != "text":
            style += self._find_style(style_name)
        if ground.flash:
            style += self._find_style("flash")
        if ground.cursor:
            style += self._find_style("alarm-cursor" if ground.alarm else "cursor")
            if style_name == "mark":
                style += self._find_style("mark")
        return style
