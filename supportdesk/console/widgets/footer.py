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

LASTS = 8
"""For how many ticks something said stays."""
MOST = 4
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
        "foot--said",
        "foot--refused",
    }

    def __init__(self) -> None:
        super().__init__()
        self._keys: Sequence[Key] = ()
        self._marked = 0
        self._said = ""
        self._role = "said"
        self._left = 0

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
    def said(self) -> str:
        """What is said just now."""
        return self._said

    def say(self, text: str, *, refused: bool = False) -> None:
        """Says something for a while; `refused` makes it stand out."""
        self._said, self._role, self._left = " ".join(text.split()), "refused" if refused else "said", LASTS
        self._draw()

    def tick(self) -> None:
        """Lets a second go by."""
        if self._said:
            self._left -= 1
            if self._left <= 0:
                self.hush()

    def hush(self) -> bool:
        """Take back what was said; True where it was a refusal, which takes an Escape for itself."""
        refused = bool(self._said) and self._role == "refused"
        if self._said:
            self._said = ""
            self._draw()
        return refused

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as what is said takes; the keys take one."""
        return len(self._told(width)) or 1

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        ground = self._look("text")
        if self._said:
            style, told = self._look(self._role), self._told(self.size.width)
            line = told[y] if y < len(told) else ""
            return Strip([Segment(f" {line}", style)]).adjust_cell_length(self.size.width, style)
        parts = [Segment(" ", ground), Segment(self._marks, self._look("marked"))]
        for key in self._fitting():
            call = Style.from_meta({"key": key.id})
            parts.append(Segment(display(key.keys), self._look("key") + call))
            parts.append(Segment(f" {key.label}", self._look("label") + call))
            parts.append(Segment("  ", ground))
        return Strip(parts).adjust_cell_length(self.size.width, ground)

    async def on_click(self, event: Click) -> None:
        """A click on a key does what the key does."""
        asked = event.style.meta.get("key")
        for active in self.screen.active_bindings.values():
            if asked is not None and active.binding.id == asked:
                await self.app.run_action(active.binding.action, active.node)
                return

    def _told(self, width: int) -> list[str]:
        """What is said, line by line; what even the last line has no room for is cut and marked as cut."""
        if not self._said:
            return []
        room = max(1, width - 2)
        signed = self._role == "refused" and self.app.no_color
        said = f"{terminal_symbols().breached} {self._said}" if signed else self._said
        lines = [line.plain.rstrip() for line in Content(said[: (MOST + 1) * room]).wrap(room)]
        if len(lines) > MOST:
            lines = [
                *lines[: MOST - 1],
                set_cell_size(lines[MOST - 1], room - 1).rstrip() + terminal_symbols().ellipsis,
            ]
        return lines

    def _draw(self) -> None:
        self.refresh(layout=(len(self._told(self.size.width)) or 1) != self.size.height)

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

    def _look(self, role: str) -> Style:
        ground = self.get_component_rich_style("foot--text")
        return (
            ground
            if role == "text"
            else ground + self.get_component_rich_style(f"foot--{role}", partial=True)
        )
