"""The foot of the screen: a line of the keys that work here, or a message in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from supportdesk.console.keys.key import Key
from supportdesk.console.keys.names import display
from supportdesk.console.terminal.symbols import terminal_symbols

MESSAGE_TICKS = 8
"""The number of ticks, one each second, for which a message stays."""
MAX_LINES = 4
"""The most lines that a message may take."""


class Footer(Widget):
    """Shows as many keys as fit, in their order; a message takes their place for a while.

    A message may contain text from outside: it is drawn as plain text, wrapped on up to `MAX_LINES` lines.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "foot--text",
        "foot--key",
        "foot--label",
        "foot--marked",
        "foot--message",
        "foot--refused",
    }

    def __init__(self) -> None:
        super().__init__()
        self._keys: Sequence[Key] = ()
        self._marked = 0
        self._message = ""
        self._style_name = "message"
        self._ticks_left = 0

    @property
    def keys(self) -> Sequence[Key]:
        """The keys to show, in order; those with the lowest `bar` stay longest."""
        return self._keys

    @keys.setter
    def keys(self, keys: Sequence[Key]) -> None:
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    @property
    def marked(self) -> int:
        """How many tickets are marked; keys act on all of them."""
        return self._marked

    @marked.setter
    def marked(self, marked: int) -> None:
        if marked != self._marked:
            self._marked = marked
            self.refresh()

    @property
    def message(self) -> str:
        """The message that is shown; empty for none."""
        return self._message

    def show_message(self, text: str, *, refused: bool = False) -> None:
        """Show a message for `MESSAGE_TICKS` ticks; a refusal is highlighted."""
        self._message, self._style_name, self._ticks_left = (
            " ".join(text.split()),
            "refused" if refused else "message",
            MESSAGE_TICKS,
        )
        self._draw()

    def tick(self) -> None:
        """Count down the time of the message; called every second."""
        if self._message:
            self._ticks_left -= 1
            if self._ticks_left <= 0:
                self.clear_message()

    def clear_message(self) -> bool:
        """Remove the message. Returns True if it was a refusal: Escape then does nothing else."""
        refused = bool(self._message) and self._style_name == "refused"
        if self._message:
            self._message = ""
            self._draw()
        return refused

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines of the message; the keys take one.

        It is as wide as the screen: a grid asks for its height in each column that it spans as well.
        """
        return len(self._lines(max(width, viewport.width))) or 1

    def render_line(self, y: int) -> Strip:
        base = self._named_style("text")
        if self._message:
            style, lines = self._named_style(self._style_name), self._lines(self.size.width)
            line = lines[y] if y < len(lines) else ""
            return Strip([Segment(f" {line}", style)]).adjust_cell_length(self.size.width, style)
        parts = [Segment(" ", base), Segment(self._marks, self._named_style("marked"))]
        for key in self._fitting():
            call = Style.from_meta({"key": key.id})
            parts.append(Segment(display(key.keys), self._named_style("key") + call))
            parts.append(Segment(f" {key.label}", self._named_style("label") + call))
            parts.append(Segment("  ", base))
        return Strip(parts).adjust_cell_length(self.size.width, base)

    async def on_click(self, event: Click) -> None:
        """Run the action of the key that was clicked."""
        key_id = event.style.meta.get("key")
        for active in self.screen.active_bindings.values():
            if key_id is not None and active.binding.id == key_id:
                await self.app.run_action(active.binding.action, active.node)
                return

    def _lines(self, width: int) -> list[str]:
        """Return the message in lines of `width` cells; beyond `MAX_LINES` it is cut, with an ellipsis."""
        if not self._message:
            return []
        room = max(1, width - 2)
        signed = self._style_name == "refused" and self.app.no_color
        message = f"{terminal_symbols().refused} {self._message}" if signed else self._message
        lines = [line.plain.rstrip() for line in Content(message[: (MAX_LINES + 1) * room]).wrap(room)]
        if len(lines) > MAX_LINES:
            lines = [
                *lines[: MAX_LINES - 1],
                set_cell_size(lines[MAX_LINES - 1], room - 1).rstrip() + terminal_symbols().ellipsis,
            ]
        return lines

    def _draw(self) -> None:
        self.refresh(layout=(len(self._lines(self.size.width)) or 1) != self.size.height)

    @property
    def _marks(self) -> str:
        return f"{self._marked} marked   " if self._marked else ""

    def _fitting(self) -> list[Key]:
        room = self.size.width - 1 - cell_len(self._marks)
        shown = set()
        for key in sorted(self._keys, key=lambda key: key.bar):
            room -= cell_len(display(key.keys)) + 1 + cell_len(key.label) + 2
            if room < -2:
                break
            shown.add(key.id)
        return [key for key in self._keys if key.id in shown]

    def _named_style(self, style_name: str) -> Style:
        base = self.get_component_rich_style("foot--text")
        return (
            base
            if style_name == "text"
            else base + self.get_component_rich_style(f"foot--{style_name}", partial=True)
        )
