"""The rota screen: a calendar of the shifts, and the shifts of the selected day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.commands.feature_screen import FeatureScreen
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.messages import (
    DeskReconnected,
    RecordsChanged,
    ReferenceDataChanged,
)
from supportdesk.console.rota.calendar import Entry, RotaCalendar, holiday_names, make_calendar, monday_of
from supportdesk.console.rota.calendar_text import (
    calendar_text,
    day_heading,
    entry_texts,
    heading_text,
    lines_per_week,
    period_text,
)
from supportdesk.console.rota.editor import RotaEditor
from supportdesk.console.terminal.safe_text import safe
from supportdesk.resources import style_path
from supportdesk.sla.formatting import local

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session

_MOST_WEEKS = 12
_FARTHEST = timedelta(days=3650)
"""How far from today the calendar goes."""


class RotaScreen(FeatureScreen[None]):
    """Shows who is on call on each day, with a day and one of its shifts selected; keys change that shift."""

    SCOPE = Scope.ROTA
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    CSS_PATH = style_path("rota.tcss")

    def __init__(self, session: Session, client: ScreenClient) -> None:
        super().__init__(session)
        self._client = client
        self._today = local(session.now(), session.zone).date()
        self._day = self._today
        self._first = monday_of(self._today)
        self._chosen = 0
        self._height = 0
        self.calendar: RotaCalendar | None = None
        self._title, self._head = Static(classes="period"), Static(classes="weekdays")
        self._weeks, self._details = Static(classes="weeks"), Static(classes="shifts")
        self._editor = RotaEditor(self, client)

    def compose(self) -> ComposeResult:
        """Yield the period, the calendar, the shifts of the selected day and the keys."""
        with Horizontal(classes="rota-head"):
            yield Static("Rota", classes="title")
            yield self._title
        with Horizontal(classes="both"):
            with Vertical(classes="calendar"):
                yield self._head
                yield self._weeks
            yield self._details
        yield self.foot
        yield self.too_small

    def on_mount(self) -> None:
        """Show the calendar once the size is known."""
        self.call_after_refresh(self.action_today)

    @property
    def entry(self) -> Entry | None:
        """The selected shift or gap; None where nothing is known of the day."""
        entries = self.calendar.on(self._day) if self.calendar is not None else ()
        return entries[min(self._chosen, len(entries) - 1)] if entries else None

    # Drawing.

    @on(ReferenceDataChanged)
    @on(RecordsChanged)
    @on(DeskReconnected)
    def redraw(self) -> None:
        """Read the weeks that fit from the timeline, and draw them."""
        session, data = self.session, self.session.roster.reference_data
        now, zone = session.now(), session.zone
        self._today = local(now, zone).date()
        self._height = self._weeks.size.height
        height = max(1, self._height)
        holidays = holiday_names(session.policy)
        one = make_calendar(data, self._first, 1, zone, holidays)
        weeks = max(1, min(_MOST_WEEKS, height // lines_per_week(one, height)))
        last = monday_of(self._day)
        if last < self._first or last > self._first + timedelta(weeks=weeks - 1):
            self._first = last
        self.calendar = make_calendar(data, self._first, weeks, zone, holidays)
        count = len(self.calendar.on(self._day))
        self._chosen = max(0, min(self._chosen, count - 1))
        self._title.update(safe(period_text(self.calendar, now)))
        width = self._weeks.size.width
        self._head.update(heading_text(width))
        self._weeks.update(calendar_text(data, self.calendar, self._day, self._today, (width, height)))
        self._show_day()

    def _show_day(self) -> None:
        """Draw the entries of the selected day, moved up where the selected one would be out of sight."""
        assert self.calendar is not None
        data, size = self.session.roster.reference_data, self._details.size
        now = self.session.now()
        texts = entry_texts(data, self.calendar, self._day, self._chosen, now=now, width=size.width)
        lines = [line for text in texts for line in text]
        room = max(1, size.height - 1)
        through = sum(map(len, texts[: self._chosen + 1]))
        start = max(0, through - room)
        shown = [day_heading(self.calendar, self._day), *lines[start : start + room]]
        self._details.update(Content("\n").join(shown))

    def tick(self) -> None:
        """Count down a message; draw again at midnight, and where the room for the weeks has changed."""
        super().tick()
        if self.calendar is not None:
            self._title.update(safe(period_text(self.calendar, self.session.now())))
            # Notices above the foot take lines from the weeks.
            is_next_day = local(self.session.now(), self.session.zone).date() != self._today
            if is_next_day or self._weeks.size.height != self._height:
                self.redraw()

    # Moving.

    def action_move(self, days: int) -> None:
        """Select another day, so many days later or earlier."""
        farthest = self._today + (_FARTHEST if days > 0 else -_FARTHEST)
        wanted = self._day + timedelta(days=days)
        self._go_to(min(wanted, farthest) if days > 0 else max(wanted, farthest))

    def action_today(self) -> None:
        """Go to today, and to the shift that holds now."""
        self._go_to(self._today)

    def action_turn(self, by: int) -> None:
        """Select the next (1) or the previous (-1) shift of the day."""
        entries = self.calendar.on(self._day) if self.calendar is not None else ()
        if entries:
            self._chosen = (self._chosen + by) % len(entries)
            self.redraw()

    def _go_to(self, day: date) -> None:
        self._day, self._chosen = day, 0
        self.redraw()
        self._choose_present_shift()

    def _choose_present_shift(self) -> None:
        """Select, of today's entries, the one that holds now."""
        now = self.session.now()
        if self.calendar is None or self._day != self._today:
            return
        for number, entry in enumerate(self.calendar.on(self._day)):
            if entry.start <= now < entry.end:
                self._chosen = number
                self._show_day()
                return

    # Changing.

    def action_override(self) -> None:
        """Put somebody on call instead of the person of the selected shift."""
        self._editor.override(self.entry)

    def action_absence(self) -> None:
        """Record an absence of the person of the selected shift."""
        self._editor.absence(self.entry)

    def action_offer(self) -> None:
        """Offer the selected shift for a swap."""
        self._editor.offer(self.entry)

    def action_accept(self) -> None:
        """Accept the swap in which the selected shift is offered."""
        self._editor.accept(self.entry)

    def action_approve(self) -> None:
        """Approve the swap in which the selected shift is offered."""
        self._editor.approve(self.entry)

    def action_end(self) -> None:
        """End the override, the absence or the swap of the selected shift."""
        self._editor.end(self.entry)

    def action_undo(self) -> None:
        """Undo the operator's last change to a record."""
        self.undo_record_change(self._client)
