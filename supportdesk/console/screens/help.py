"""The keys that work where the person is, by place, and why one does not work just now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.safe_text import shown
from supportdesk.console.screens.dialog import Reading, key_line


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """A key: `place` heads its section, `key` is as it stands on the screen, `refused` says why it does nothing now."""

    place: str
    key: str
    title: str
    text: str = ""
    refused: str = ""


class KeyRow(Horizontal):
    """One key with what it does."""

    def __init__(self, entry: HelpEntry) -> None:
        super().__init__(classes="refused" if entry.refused else "")
        self._entry = entry

    def compose(self) -> ComposeResult:
        """The key, its title, and the sentence that may take more lines than one."""
        entry = self._entry
        yield Static(shown(entry.key), classes="key")
        if entry.title:
            yield Static(shown(entry.title), classes="key-title")
        told = shown(entry.text)
        if entry.refused:
            told = Content.assemble(told, "  " if entry.text else "", shown(f"not now: {entry.refused}"))
        yield Static(told, classes="key-text")


class HelpScreen(Reading[None]):
    """All entries, in their order; two columns where there is room."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1,enter,q", "leave", "Leave", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (130, "-wide")]  # noqa: RUF012 - as the base class declares it

    def __init__(self, entries: Iterable[HelpEntry]) -> None:
        super().__init__()
        self.add_class("help")
        sections: dict[str, list[HelpEntry]] = {}
        for entry in entries:
            sections.setdefault(entry.place, []).append(entry)
        self._sections = list(sections.items())

    def heading(self) -> Content:
        """What this is."""
        return Content("The keys that work here")

    def body(self) -> ComposeResult:
        """The sections, in two columns of about the same height."""
        with Horizontal(classes="columns"):
            for column in _in_two(self._sections):
                with Vertical(classes="column"):
                    for number, (place, entries) in enumerate(column):
                        yield Static(shown(place), classes="place" if number else "place first")
                        for entry in entries:
                            yield KeyRow(entry)

    def keys(self) -> Content:
        """How to move and leave."""
        return key_line(("↑ ↓ PgUp PgDn", "move"), ("esc", "leave"))


Section = tuple[str, list[HelpEntry]]


def _in_two(sections: Sequence[Section]) -> tuple[Sequence[Section], Sequence[Section]]:
    """The sections in two columns, parted where the taller one is shortest."""
    heights = [len(entries) + 2 for _, entries in sections]
    taller = {place: max(sum(heights[:place]), sum(heights[place:])) for place in range(1, len(heights) + 1)}
    cut = min(taller, key=lambda place: taller[place], default=0)
    return sections[:cut], sections[cut:]
