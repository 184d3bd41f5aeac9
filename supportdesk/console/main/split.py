"""Splits the main screen between the queue and the ticket pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.main.split_layout import (
    LEAST_BELOW,
    QUEUE_WIDTH,
    TICKET_WIDTH,
    Placement,
    SplitLayout,
    drag_to,
    grow,
    layout_for,
    next_placement,
)
from supportdesk.console.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from textual.geometry import Offset, Size
    from textual.screen import Screen

    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.ticket.pane import TicketPane
    from supportdesk.settings.settings import PaneSettings

POSITION_TEXTS = {
    Placement.BESIDE: "The ticket is beside the queue.",
    Placement.BELOW: "The ticket is below the queue.",
}


class SplitController:
    """Arranges the two panes as the operator wants them, as far as the screen's size allows.

    A screen that is made smaller and larger again looks as before. `show_message` shows a text, with True for a
    refusal; `remember` saves the operator's choice.
    """

    def __init__(
        self,
        screen: Screen[None],
        queue: QueueList,
        ticket_pane: TicketPane,
        *,
        pane: PaneSettings,
        show_message: Callable[[str, bool], None],
        remember: Callable[[PaneSettings], None],
    ) -> None:
        self._screen, self._queue, self._ticket_pane = screen, queue, ticket_pane
        self._pane = pane
        self._show_message, self._remember = show_message, remember
        self._is_open = self._is_zoomed = False
        self._scroll_before: float | None = None

    @property
    def alone(self) -> bool:
        """Whether there is room for only one of the panes."""
        return self._layout.where is Placement.ALONE

    def arrange(self, size: Size) -> None:
        """Arrange the panes for a size. A size that is too small does not lose the scroll position."""
        too_small = TooSmall.applies_to(size)
        if too_small and self._scroll_before is None:
            self._scroll_before = self._queue.scroll_y
        self._apply(layout_for(size.width, size.height, self._pane))
        if not too_small and self._scroll_before is not None:
            self._screen.call_after_refresh(self._queue.scroll_to, y=self._scroll_before, animate=False)
            self._scroll_before = None

    def open(self) -> None:
        """Show and focus the ticket, in place of the queue if there is room for only one."""
        self._is_open = True
        self._apply(self._layout)
        focus_at_once(self._ticket_pane)

    def change(self, action: str) -> None:
        """Change the split: `zoom`, `turn`, `wider` or `narrower`. Raises ValueError for anything else."""
        match action:
            case "zoom":
                self._zoom()
            case "turn":
                self._move()
            case "wider":
                self._widen(1)
            case "narrower":
                self._widen(-1)
            case _:
                raise ValueError(f"unknown change of the split {action!r}")

    def _zoom(self) -> None:
        """Give the ticket the whole screen, or end that."""
        if not self.alone:
            self._is_zoomed = not self._is_zoomed
            self._apply(self._layout)

    def restore_zoom(self) -> bool:
        """End the zoom. Returns False if there is none, or there is room for only one pane."""
        if not self._is_zoomed or self.alone:
            return False
        self._is_zoomed = False
        self._apply(self._layout)
        return True

    def leave(self) -> bool:
        """Return from the ticket to the queue. Returns False if the operator is there already."""
        if not self._is_open and not self._is_zoomed:
            return False
        self._is_open = self._is_zoomed = False
        focus_at_once(self._queue)
        self._apply(self._layout)
        return True

    def _widen(self, by: int) -> None:
        """Make the ticket pane a step larger (1) or smaller (-1)."""
        if self.alone or self._is_zoomed:
            self._show_message("Only one pane is shown; it fills the screen.", True)
            return
        pane = grow(*self._screen.size, self._pane, by)
        if pane is None:
            self._show_message(
                "The ticket pane is at its largest." if by > 0 else "The ticket pane is at its smallest.",
                True,
            )
        else:
            self._set_pane(pane)

    def _move(self) -> None:
        """Move the ticket pane to its next place: beside the queue, below it, or automatic."""
        pane = next_placement(*self._screen.size, self._pane)
        if pane is None:
            self._show_message(
                f"No space to move it: beside the queue needs {QUEUE_WIDTH + TICKET_WIDTH} columns,"
                f" below it {LEAST_BELOW} lines.",
                True,
            )
        else:
            self._set_pane(pane)
            self._show_message(
                POSITION_TEXTS.get(self._layout.where, "The ticket replaces the queue."), False
            )

    def drag(self, to: Offset) -> None:
        """Move the edge between the panes to a position on the screen."""
        width, height = self._screen.size
        if self._layout.where is Placement.BESIDE:
            self._set_pane(drag_to(width, height, self._pane, width - to.x))
        elif self._layout.where is Placement.BELOW:
            self._set_pane(drag_to(width, height, self._pane, height - 1 - to.y))

    def _set_pane(self, pane: PaneSettings) -> None:
        self._pane = pane
        self._apply(self._layout)
        self._remember(pane)

    @property
    def _layout(self) -> SplitLayout:
        return layout_for(*self._screen.size, self._pane)

    def _apply(self, now: SplitLayout) -> None:
        """Set the style classes of the split, and the size of the ticket pane."""
        whole = self._is_zoomed or now.where is Placement.ALONE
        screen, styles = self._screen, self._ticket_pane.styles
        screen.set_class(now.where is Placement.ALONE, "-alone")
        screen.set_class(now.where is Placement.BELOW and not self._is_zoomed, "-below")
        screen.set_class(self._is_open, "-opened")
        screen.set_class(self._is_zoomed, "-zoomed")
        width = now.extent if now.where is Placement.BESIDE and not whole else None
        height = now.extent if now.where is Placement.BELOW and not whole else None
        styles.min_width = styles.max_width = width
        styles.min_height = styles.max_height = height
