"""The subject of a call: a new request, or one of the customer's tickets, each with its clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.widget import Widget

from supportdesk.console.forms.field import Field
from supportdesk.console.queue.clock_cells import CLOCK_NAMES, URGENT_STATES, state_label, timer_text
from supportdesk.console.queue.columns import REFERENCE, STATE, TIMER
from supportdesk.console.queue.painter import STATE_STYLES
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import Symbols, terminal_symbols
from supportdesk.console.text.names import short_name
from supportdesk.sla.clocks import State, breached_earlier, state_at, target_state_at
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import QueueRow

NEW_REQUEST = "New request"
_TICK = 1.0
OWNER = 9
"""Cells for the owner's name."""
_NARROW = 84
"""Below this width, in cells, the severity is left out: the most urgent ticket is first in any case."""


class SubjectList(Widget, can_focus=True):
    """The list of a new request and the tickets; one line is marked.

    `now` is the present in epoch seconds, `policies` are the desk's by version and `policy` the one in force; `zone` is
    that of the times shown.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "about--at-risk",
        "about--breached",
        "about--due-soon",
        "about--faint",
        "about--marked",
        "about--quiet",
        "about--text",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up", show=False),
        Binding("down", "step(1)", "Down", show=False),
        Binding("home", "top", "New request", show=False),
        Binding("end", "step_to_end", "Last ticket", show=False),
        Binding("k", "by_letter('step(-1)')", "Up", show=False),
        Binding("j", "by_letter('step(1)')", "Down", show=False),
        Binding("g,n", "by_letter('top')", "New request", show=False),
        Binding("G", "by_letter('step_to_end')", "Last ticket", show=False),
    ]

    def __init__(
        self, now: Callable[[], int], policies: Mapping[str, Policy], policy: Policy, zone: str
    ) -> None:
        super().__init__()
        self._now = now
        self._policies = policies
        self._policy = policy
        self._zone = zone
        self.rows: Sequence[QueueRow] = ()
        self.takes_letters = True
        """Whether letters move the mark; false once text is being typed."""
        self._own: Collection[str] = ()
        self.place = 0
        """The marked line; 0 is the new request."""

    @property
    def marked(self) -> QueueRow | None:
        """The marked ticket; None for a new request."""
        return self.rows[self.place - 1] if self.place else None

    def offer(self, rows: Sequence[QueueRow], marked: str | None = None, own: Collection[str] = ()) -> None:
        """Show the tickets of a company and mark the one with reference `marked`, or the new request.

        `own` are the references of the caller's own tickets: all others show who requested them.
        """
        self.rows, self._own = tuple(rows), own
        places = (place for place, row in enumerate(self.rows, 1) if row.ref == marked)
        self.place = next(places, 0)
        self.refresh(layout=True)

    def on_mount(self) -> None:
        """Redraw the clocks every second."""
        self.set_interval(_TICK, self.refresh)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the letter keys while text is being typed."""
        return action != "by_letter" or self.takes_letters

    async def action_by_letter(self, action: str) -> None:
        """Run the action of the arrow key that a letter stands for."""
        await self.run_action(action)

    def action_step(self, by: int) -> None:
        """Mark the line `by` places further, wrapping at the end."""
        self._mark((self.place + by) % (len(self.rows) + 1))

    def action_top(self) -> None:
        """Mark the new request."""
        self._mark(0)

    def action_step_to_end(self) -> None:
        """Mark the last ticket."""
        self._mark(len(self.rows))

    def on_click(self, event: Click) -> None:
        """Mark the line that was clicked."""
        line = event.y - self.gutter.top
        if 0 <= line <= len(self.rows):
            self._mark(line)

    def _mark(self, place: int) -> None:
        self.place = place
        self.refresh()
        self.scroll_into_view()

    def scroll_into_view(self) -> None:
        """Scroll only as far as the marked line and the next one need, to keep the caller above the list in view."""
        last = min(self.place + 1, len(self.rows))
        for around in self.ancestors:
            if isinstance(around, VerticalScroll):
                line = self.region.y + self.gutter.top + last - around.region.y + around.scroll_offset.y
                around.scroll_to(y=max(0, line + 1 - around.size.height), animate=False)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return the height in lines: one for the new request and one for each ticket."""
        return len(self.rows) + 1

    def render(self) -> Content:
        now, signs = self._now(), terminal_symbols()
        first = self._line(Content(NEW_REQUEST), marked=not self.place, signs=signs)
        tickets = [
            self._line(self._ticket(row, now, signs), marked=place == self.place, signs=signs)
            for place, row in enumerate(self.rows, 1)
        ]
        return Content("\n").join([first, *tickets])

    def _line(self, text: Content, *, marked: bool, signs: Symbols) -> Content:
        sign = f"{signs.marked if marked else ' '} "
        line = (Content(sign) + text).truncate(self.content_size.width, ellipsis=True, pad=True)
        return line.stylize_before(self.get_visual_style("about--marked" if marked else "about--text"))

    def _ticket(self, row: QueueRow, now: int, signs: Symbols) -> Content:
        policy, state = self._policies.get(row.policy, self._policy), state_at(row.lead, now)
        earlier = breached_earlier(row.lead, now)
        calendar = policy.calendar(row.lead.calendar)
        out_of_hours = row.lead.target is not None and not calendar.open_at(now)
        state_style = self._style("faint" if state is State.OK and out_of_hours else STATE_STYLES[state])
        timer_style = self._style(STATE_STYLES[target_state_at(row.lead, now)]) if earlier else state_style
        quiet = self._style("quiet")
        severity = next((each.name for each in policy.severities if each.key == row.severity), row.severity)
        timer = timer_text(row.lead, now, calendar, self._zone)
        word = state_label(state, row, out_of_hours=out_of_hours, earlier=earlier) or (
            CLOCK_NAMES[row.lead.kind] if row.is_open else row.stage
        )
        word_style = state_style if state in URGENT_STATES else quiet
        parts = [
            Content.styled(f"{signs.of(state)} {timer.ljust(TIMER)} ", timer_style),
            Content.styled(f" {(word if earlier else word[:STATE]).ljust(STATE)}", word_style),
            Content.styled(f" {row.ref.ljust(REFERENCE)}", quiet),
        ]
        if self.content_size.width >= _NARROW:
            parts.append(Content.styled(f"  {severity.split()[0][:8].ljust(8)}", quiet))
        owner = short_name(row.owner_name)[:OWNER] if row.owner_name else "–"
        parts.append(Content.styled(f"  {owner.ljust(OWNER)}", quiet))
        asked_by = "" if row.ref in self._own else f"{row.contact}: "
        return Content.assemble(*parts, "  ", safe(asked_by, "$quiet"), safe(row.summary))

    def _style(self, style_name: str) -> str:
        return {"text": "", "breached": "bold $breached", "at-risk": "bold $at-risk"}.get(
            style_name, f"${style_name}"
        )


class SubjectField(Field):
    """Asks what the call is about: its value is a ticket's reference, empty for a new request."""

    def __init__(
        self, now: Callable[[], int], policies: Mapping[str, Policy], policy: Policy, zone: str
    ) -> None:
        super().__init__("about", "", label="About")
        self.list = SubjectList(now, policies, policy, zone)

    def controls(self) -> ComposeResult:
        """Yield the list of tickets."""
        yield self.list

    @property
    def value(self) -> str:
        """The reference of the marked ticket; empty for a new request."""
        return self.list.marked.ref if self.list.marked is not None else ""

    def take_letters(self, taken: bool) -> None:
        """Let letters move the mark, or leave them to the form."""
        self.list.takes_letters = taken

    @property
    def raw_value(self) -> str:
        """The same as `value`; it is not saved."""
        return self.value

    def scroll_into_view(self) -> None:
        """Scroll the marked line into view."""
        self.list.scroll_into_view()

    def restore(self, raw_value: str) -> None:
        """Mark the ticket again."""
        self.list.offer(self.list.rows, raw_value)
