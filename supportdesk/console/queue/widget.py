"""The queue with its keys and clicks: they move the cursor, fold groups, and mark and open tickets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.events import Click
from textual.message import Message

from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.queue.canvas import QueueCanvas
from supportdesk.console.queue.lines import Heading
from supportdesk.console.queue.marks import MAX_MARKS

if TYPE_CHECKING:
    from textual.binding import BindingType

    from supportdesk.console.queue.index import QueueDelta
    from supportdesk.store.read_models import QueueRow

TOO_MANY = f"At most {MAX_MARKS} tickets can be marked; filter the queue first."


class QueueList(QueueCanvas):
    """Handles the keys and clicks of the queue."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.QUEUE)

    class Opened(Message):
        """The operator opens the ticket under the cursor."""

    class LeftAtTop(Message):
        """The operator moved up from the first line."""

    class Marked(Message):
        """The marks have changed; `why` is a message where they did not change as the operator asked."""

        def __init__(self, count: int, why: str = "") -> None:
            super().__init__()
            self.count = count
            self.why = why

    def show_changes(self, rows: Iterable[QueueRow], now: int) -> QueueDelta | None:
        """Apply the rows that changed on the desk; report marked tickets that left the queue and are unmarked."""
        delta = super().show_changes(rows, now)
        if self.model is None or delta is None:
            return delta
        unmarked = self.model.marks.remove(entry.row.ref for entry in delta.left)
        if unmarked:
            was = "was closed and is" if len(unmarked) == 1 else "were closed and are"
            self._post_marks(f"{', '.join(unmarked)} {was} no longer marked.")
        return delta

    def find(self, ref: str) -> bool:
        """Put the cursor on a ticket; return False where it is not in the queue."""
        if self.model is None or not self.model.find(ref):
            return False
        self.redraw()
        return True

    def location_note(self, ref: str) -> str:
        """Return where a ticket has moved to, as a sentence after a blank; empty while it is shown."""
        model = self.model
        entry = model.index.entries.get(ref) if model is not None else None
        if model is None or (entry is not None and model.folding.line_of(entry) is not None):
            return ""
        where = "It left the queue" if entry is None else f"It is no longer in {model.view.name}"
        return f" {where}; the cursor is on {model.ticket.row.ref}." if model.ticket else f" {where}."

    def step(self, by: int) -> None:
        """Put the cursor on the next ticket (1) or the previous one (-1), skipping headings."""
        before = -1
        while self.model is not None and self.model.cursor.position != before:
            before = self.model.cursor.position
            self._move(by)
            if self.model.ticket is not None:
                return

    def on_click(self, event: Click) -> None:
        """Put the cursor on the line that was clicked, or fold its group; a double click opens the ticket."""
        if self.model is None:
            return
        self.model.cursor.go_to(event.y + self.scroll_offset.y)
        if isinstance(self.model.cursor.line, Heading):
            self.action_fold()
        else:
            self.redraw()
            if event.chain > 1:
                self.post_message(self.Opened())

    def action_move(self, by: int) -> None:
        """Move the cursor by `by` lines; up from the first one, it leaves the queue where something is above."""
        if not self._move(by) and by < 0:
            self.post_message(self.LeftAtTop())

    def action_page(self, by: int) -> None:
        """Move the cursor by `by` pages."""
        self._move(by * max(1, self.size.height - 1))

    def action_top(self) -> None:
        """Put the cursor on the first ticket, and scroll to the top."""
        if self.model is not None:
            before = self.model.cursor.position
            self.model.cursor.to_top()
            self.scroll_to(y=0, animate=False)
            self._moved(before)

    def action_bottom(self) -> None:
        """Put the cursor on the last line."""
        if self.model is not None:
            self._go_to(self.model.lines.height - 1)

    def action_jump(self, number: int) -> None:
        """Put the cursor on the first ticket of a severity by its number, 1 for the most severe."""
        if self.model is None:
            return
        severities = list(self.model.index.names)
        before = self.model.cursor.position
        if number <= len(severities) and self.model.cursor.jump(severities[number - 1]):
            self._moved(before)

    def action_mark(self) -> None:
        """Mark or unmark the ticket and move to the next line; on a heading fold its group."""
        if self.model is None or self.model.ticket is None:
            self.action_fold()
        else:
            self.action_mark_on(1)

    def action_mark_on(self, by: int) -> None:
        """Mark or unmark the ticket, if the cursor is on one, and move the cursor by `by` lines."""
        model = self.model
        if model is None:
            return
        has_room = model.ticket is None or model.marks.toggle(model.ticket.row.ref)
        self._move(by)
        self._post_marks("" if has_room else TOO_MANY)

    def action_mark_all(self) -> None:
        """Mark all tickets that match the view and the filter; where all of them are marked, unmark them."""
        if self.model is None:
            return
        self.model.finish_search()
        marks = self.model.marks
        shown = [entry.row.ref for key in self.model.index.groups for entry in self.model.visible.group(key)]
        if all(ref in marks for ref in shown):
            marks.remove(shown)
            self._post_marks()
        else:
            self._post_marks("" if marks.add(shown) else TOO_MANY)
        self.refresh()

    @property
    def marked(self) -> list[QueueRow]:
        """The current rows of the marked tickets."""
        return self.rows(self.model.marks) if self.model is not None else []

    def rows(self, refs: Iterable[str]) -> list[QueueRow]:
        """Return the current rows of tickets; those that are not in the queue are left out."""
        known = map(self.model.index.entry, refs) if self.model is not None else ()
        return [entry.row for entry in known if entry is not None]

    def unmark(self, refs: Iterable[str] | None = None) -> bool:
        """Unmark these tickets, or all of them; return False where none was marked."""
        if self.model is None:
            return False
        removed = self.model.marks.remove(list(self.model.marks) if refs is None else refs)
        if removed:
            self._post_marks()
            self.refresh()
        return bool(removed)

    def _post_marks(self, why: str = "") -> None:
        assert self.model is not None
        if self.model.marks_changed():
            self.redraw()
        self.post_message(self.Marked(len(self.model.marks), why))

    def action_fold(self) -> None:
        """Fold or unfold the group whose heading the cursor is on."""
        heading = self.model.cursor.line if self.model is not None else None
        if self.model is not None and isinstance(heading, Heading):
            self.model.fold(heading.severity, folded=not self.model.folding.is_folded(heading.severity))
            self.redraw()

    def action_fold_here(self, folded: bool) -> None:
        """Fold or unfold the group that the cursor is in."""
        severity = self.model.cursor.severity if self.model is not None else None
        if self.model is not None and severity is not None:
            self.model.fold(severity, folded=folded)
            self.redraw()

    def action_open(self) -> None:
        """Open the ticket; on a heading fold or unfold its group."""
        if self.model is not None and self.model.ticket is None:
            self.action_fold()
        else:
            self.post_message(self.Opened())

    def _move(self, by: int) -> bool:
        """Move the cursor by `by` lines; return whether it moved."""
        if self.model is None:
            return False
        before = self.model.cursor.position
        self.model.cursor.move(by)
        self._moved(before)
        return self.model.cursor.position != before

    def _go_to(self, position: int) -> None:
        if self.model is not None:
            before = self.model.cursor.position
            self.model.cursor.go_to(position)
            self._moved(before)

    def _moved(self, before: int) -> None:
        """Draw the line that the cursor left and the one that it is on, and scroll that into view."""
        assert self.model is not None
        self.refresh_line(before)
        self.refresh_line(self.model.cursor.position)
        self.scroll_to_cursor()
        self.on_cursor()
