"""The foot of the screen: a line of the keys that work here, or what there is to say just now."""

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

from supportdesk.console.keys.keymap import Key
from supportdesk.console.keys.names import display
from supportdesk.console.terminal.symbols import terminal_symbols

MESSAGE_TICKS = 8
"""For how many ticks something said stays."""
MAX_LINES = 4
"""How many lines it may take."""


class Footer(Widget):
    """Shows as many keys as fit, in their order; a message takes their place for a while.

    What is said may hold text from outside: it is drawn as plain text, on further lines where one is too narrow.
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
        self._role = "message"
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
        """What is said just now."""
        return self._message

    def show_message(self, text: str, *, refused: bool = False) -> None:
        """Says something for a while; `refused` makes it stand out."""
        self._message, self._role, self._ticks_left = (
            " ".join(text.split()),
            "refused" if refused else "message",
            MESSAGE_TICKS,
        )
        self._draw()

    def tick(self) -> None:
        """Lets a second go by."""
        if self._message:
            self._ticks_left -= 1
            if self._ticks_left <= 0:
                self.clear_message()

    def clear_message(self) -> bool:
        """Take back what was said; True where it was a refusal, which takes an Escape for itself."""
        refused = bool(self._message) and self._role == "refused"
        if self._message:
            self._message = ""
            self._draw()
        return refused

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as what is said takes; the keys take one."""
        return len(self._lines(width)) or 1

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        base = self._role_style("text")
        if self._message:
            style, lines = self._role_style(self._role), self._lines(self.size.width)
            line = lines[y] if y < len(lines) else ""
            return Strip([Segment(f" {line}", style)]).adjust_cell_length(self.size.width, style)
        parts = [Segment(" ", base), Segment(self._marks, self._role_style("marked"))]
        for key in self._fitting():
            call = Style.from_meta({"key": key.id})
            parts.append(Segment(display(key.keys), self._role_style("key") + call))
            parts.append(Segment(f" {key.label}", self._role_style("label") + call))
            parts.append(Segment("  ", base))
        return Strip(parts).adjust_cell_length(self.size.width, base)

    async def on_click(self, event: Click) -> None:
        """A click on a key does what the key does."""
        key_id = event.style.meta.get("key")
        for active in self.screen.active_bindings.values():
            if key_id is not None and active.binding.id == key_id:
                await self.app.run_action(active.binding.action, active.node)
                return

    def _lines(self, width: int) -> list[str]:
        """What is said, line by line; what even the last line has no room for is cut and marked as cut."""
        if not self._message:
            return []
        room = max(1, width - 2)
        signed = self._role == "refused" and self.app.no_color
        message = f"{terminal_symbols().breached} {self._message}" if signed else self._message
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
        kept = set()
        for key in sorted(self._keys, key=lambda key: key.bar):
            room -= cell_len(display(key.keys)) + 1 + cell_len(key.label) + 2
            if room < -2:
                break
            kept.add(key.id)
        return [key for key in self._keys if key.id in kept]

    def _role_style(self, role: str) -> Style:
        base = self.get_component_rich_style("foot--text")
        return base if role == "text" else base + self.get_component_rich_style(f"foot--{role}", partial=True)
