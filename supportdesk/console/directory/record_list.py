"""The list of records: one line each, in columns."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from supportdesk.console.directory.record_types import RecordEntry
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.stable_clicks import StableClicks

_GAP = 2


class RecordList(StableClicks, inherit_bindings=False):
    """A list whose cursor stays on the same record when the list changes. Its screen has the key bindings."""

    def __init__(self) -> None:
        super().__init__(compact=True)
        self.entries: tuple[RecordEntry, ...] = ()

    @property
    def entry(self) -> RecordEntry | None:
        """The record under the cursor."""
        return self.entries[self.highlighted] if self.highlighted is not None and self.entries else None

    def show(self, entries: Sequence[RecordEntry]) -> None:
        """Show records, in order, with the cursor on the same record if it is among them."""
        before = self.entry
        self.entries = tuple(entries)
        self._draw()
        places = [place for place, each in enumerate(self.entries) if before and each.key == before.key]
        self.highlighted = places[0] if places else 0 if self.entries else None

    def _draw(self) -> None:
        width = max(0, self.content_size.width - self.scrollbar_size_vertical)
        names = [safe(each.name).cell_length for each in self.entries]
        subtitles = [safe(each.subtitle).cell_length for each in self.entries]
        name = min(max([width // 4, *names]), width * 2 // 5)
        subtitle = min(max([width // 5, *subtitles]), max(0, width - name - _GAP))
        self.clear_options()
        self.add_options([self._line(each, name, subtitle, width) for each in self.entries])

    def _line(self, entry: RecordEntry, name: int, subtitle: int, width: int) -> Content:
        strong, quiet = ("$faint", "$faint") if entry.dimmed else ("$foreground", "$quiet")
        room = max(0, width - name - subtitle - 2 * _GAP)
        cells = ((entry.name, strong, name), (entry.subtitle, quiet, subtitle), (entry.extra, quiet, room))
        parts = [safe(text, style).truncate(most, ellipsis=True, pad=True) for text, style, most in cells]
        return Content(" " * _GAP).join(parts)

    def on_resize(self) -> None:
        """Fit the columns to the width."""
        place = self.highlighted
        self._draw()
        self.highlighted = place

    def step(self, by: int) -> None:
        """Move the cursor a line down (1) or up (-1)."""
        if by > 0:
            self.action_cursor_down()
        else:
            self.action_cursor_up()

    def page(self, by: int) -> None:
        """Move the cursor by `by` pages."""
        if self.entries:
            place = (self.highlighted or 0) + by * max(1, self.size.height - 1)
            self.highlighted = max(0, min(len(self.entries) - 1, place))
