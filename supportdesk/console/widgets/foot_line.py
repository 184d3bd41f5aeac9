"""The last line of the screen: the keys that work here, or what there is to say just now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.strip import Strip
from textual.widget import Widget

from supportdesk.console.key_names import written
from supportdesk.console.keymap import Key
from supportdesk.console.signs import signs_here

LASTS = 8
"""For how many ticks something said stays."""


class FootLine(Widget):
    """Shows as many keys as fit, in their order; a message takes their place for a while.

    What is said may hold text from outside: it is drawn as plain text, cut to the line with a sign that it is.
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
        self.refresh()

    def tick(self) -> None:
        """Lets a second go by."""
        if self._said:
            self._left -= 1
            if self._left <= 0:
                self.hush()

    def hush(self) -> None:
        """Takes back what was said."""
        if self._said:
            self._said = ""
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line."""
        ground = self._look("text")
        if self._said:
            style, told, width = self._look(self._role), f" {self._said}", self.size.width
            if cell_len(told) > width > 1:
                told = set_cell_size(told, width - 1) + signs_here().ellipsis
            return Strip([Segment(told, style)]).adjust_cell_length(width, style)
        parts = [Segment(" ", ground), Segment(self._marks, self._look("marked"))]
        for key in self._fitting():
            call = Style.from_meta({"key": key.id})
            parts.append(Segment(written(key.keys), self._look("key") + call))
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

    @property
    def _marks(self) -> str:
        return f"{self._marked} marked   " if self._marked else ""

    def _fitting(self) -> list[Key]:
        room = self.size.width - 1 - cell_len(self._marks)
        kept = set()
        for key in sorted(self._keys, key=lambda key: key.bar):
            room -= cell_len(written(key.keys)) + 1 + cell_len(key.label) + 2
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
