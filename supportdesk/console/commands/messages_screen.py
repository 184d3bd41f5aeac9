"""The base of the screens that list messages: views as tabs, the list, and the selected message beside or below it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import VerticalScroll

from supportdesk.console.commands.feature_screen import FeatureScreen
from supportdesk.console.results import VisitResult
from supportdesk.console.session import Session
from supportdesk.console.widgets.line_list import LineList
from supportdesk.console.widgets.tab_bar import TabBar
from supportdesk.resources import style_path

NO_MESSAGE = "Select a message first."


class MessagesScreen(FeatureScreen[VisitResult]):
    """Moves in the list, or in the selected message while that fills the screen.

    A screen yields `tabs`, `messages`, and the message as `.page` in a scrolled `.message`, both within `.both`.
    """

    CSS_PATH = style_path("commands.tcss")
    AUTO_FOCUS = ""

    def __init__(self, session: Session, title: str, views: Sequence[str]) -> None:
        super().__init__(session)
        self.tabs, self.messages = TabBar(title, views), LineList(classes="messages")
        self.is_reading = False

    @property
    def pane(self) -> VerticalScroll:
        """What the selected message scrolls in."""
        return self.query_one(".message", VerticalScroll)

    @property
    def is_being_left(self) -> bool:
        """Whether its widgets are removed already: what was read meanwhile is not drawn any more."""
        return not self.query(".page")

    def action_move(self, by: int) -> None:
        """Move the cursor by so many messages; in a message that is read, by so many lines."""
        if self.is_reading:
            self.pane.scroll_relative(y=by, animate=False)
        else:
            self.messages.move(by)

    def action_page(self, by: int) -> None:
        """Move by so many pages."""
        if self.is_reading:
            self.pane.scroll_relative(y=by * max(1, self.pane.size.height - 1), animate=False)
        else:
            self.messages.page(by)

    def action_end(self, by: int) -> None:
        """Move to the first message or line (-1), or to the last one that is read (1)."""
        if not self.is_reading:
            self.messages.move_to_end(by)
        elif by < 0:
            self.pane.scroll_home(animate=False)
        else:
            self.pane.scroll_end(animate=False)

    def action_read(self) -> None:
        """Let the selected message fill the screen, or return to the list."""
        if not self.messages.key:
            self.show_message(NO_MESSAGE, True)
        else:
            self.set_reading(on=not self.is_reading)

    def set_reading(self, *, on: bool) -> None:
        """Let the selected message fill the screen, or not."""
        self.is_reading = on
        self.set_class(on, "-reading")
        self.call_after_refresh(self.redraw)
