"""The base of the screens that list messages: views as tabs, the list, and the selected message beside or below it."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Generic

from textual import on, work
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from supportdesk.console.commands.feature_screen import FeatureScreen
from supportdesk.console.commands.message_page import PAGE, Item, MessagePage, View, Wanted
from supportdesk.console.messages import ReferenceDataChanged
from supportdesk.console.results import VisitResult
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_list import LineList
from supportdesk.console.widgets.tab_bar import TabBar
from supportdesk.resources import style_path
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session

NO_MESSAGE = "There is no message in this list."
REST = 0.1
"""Seconds without a key after which a message is read, or a text is looked for."""
_AHEAD = 20
"""How many messages from the end of those that are read the next ones are read."""


class MessagesScreen(FeatureScreen[VisitResult], Generic[View, Item]):
    """Reads messages by the page, the newest first, and moves in the list, or in the selected one while that is read.

    A subclass yields among its own what `compose_messages` yields, and says how a page is read and drawn. The first of
    the `views` is shown first. It has more than 25 methods because Textual finds actions by their names on the screen.
    """

    CSS_PATH = style_path("commands.tcss")
    AUTO_FOCUS = ""

    def __init__(self, session: Session, client: ScreenClient, title: str, views: Sequence[View]) -> None:
        super().__init__(session)
        self.client = client.for_screen(self, self.show_message)
        self.views, self.wanted = views, Wanted(views[0])
        self.tabs, self.messages = TabBar(title, [each.name for each in views]), LineList(classes="messages")
        self.page: MessagePage[View, Item] | None = None
        self.listed: tuple[Item, ...] = ()
        self.is_reading = False
        self._shown_key = ""

    def compose_messages(self) -> ComposeResult:
        """Yield the list and the selected message."""
        with Horizontal(classes="both"):
            yield self.messages
            with VerticalScroll(classes="message", can_focus=False):
                yield Static(classes="page")

    # What a subclass says.

    @abstractmethod
    def load_page(
        self, wanted: Wanted[View], before: Item | None, limit: int
    ) -> MessagePage[View, Item] | Refusal:
        """Return at most `limit` messages, those behind `before` if it is given, or why they cannot be read. Blocks."""

    @abstractmethod
    def key_of(self, message: Item) -> str:
        """Return what tells a message of the list from any other."""

    @abstractmethod
    def draw_list(self, page: MessagePage[View, Item]) -> None:
        """Draw the lines of what is listed."""

    @abstractmethod
    def draw_message(self, message: Item, page: Static) -> None:
        """Draw the selected message, and begin to read what else is shown of it."""

    @abstractmethod
    def describe_none(self, page: MessagePage[View, Item]) -> str:
        """Return why nothing is listed."""

    # Reading and drawing.

    @property
    def selected(self) -> Item | None:
        """The selected message; None in an empty list."""
        key = self.messages.key
        return next((each for each in self.listed if self.key_of(each) == key), None)

    @property
    def is_read(self) -> bool:
        """Whether the messages that are asked for are shown."""
        return self.page is not None and self.page.wanted == self.wanted

    @property
    def pane(self) -> VerticalScroll:
        """What the selected message scrolls in."""
        return self.query_one(".message", VerticalScroll)

    @property
    def is_being_left(self) -> bool:
        """Whether its widgets are removed already: what was read meanwhile is not drawn any more."""
        return not self.query(".page")

    @work(group="look up", exclusive=True)
    async def read_again(self) -> None:
        """Read the messages, as many as are shown; a desk that cannot be read leaves them as they are."""
        wanted = self.wanted
        if wanted.text:
            await asyncio.sleep(REST)
        limit = max(PAGE, len(self.listed) if self.is_read else 0)
        page = await self.client.in_thread(partial(self.load_page, wanted, None, limit), "messages")
        if isinstance(page, Refusal):
            self.show_message(page.reason, True)
        elif wanted == self.wanted:
            before, is_other = self.messages.key, not self.is_read
            self.page, self.listed = page, page.messages
            self.redraw()
            if is_other and self.messages.key != before:
                self.messages.move_to_end(-1)

    @work(group="more", exclusive=True)
    async def _read_more(self) -> None:
        """Read the messages that follow the last one that is shown."""
        wanted, last = self.wanted, self.listed[-1]
        page = await self.client.in_thread(partial(self.load_page, wanted, last, PAGE), "older messages")
        if isinstance(page, MessagePage) and wanted == self.wanted and self.listed[-1:] == (last,):
            self.page, self.listed = page, (*self.listed, *page.messages)
            self.redraw()

    @on(ReferenceDataChanged)
    def redraw(self) -> None:
        """Draw the tabs, the list and the selected message."""
        if self.page is None or self.is_being_left:
            return
        self._show_tabs()
        self.draw_list(self.page)
        self.show_selected()

    def _show_tabs(self) -> None:
        if self.page is not None:
            counts = [each.count(self.page.counts) for each in self.views]
            self.tabs.show(self.views.index(self.wanted.view), counts)

    @on(LineList.Moved)
    def _moved(self) -> None:
        keys = [self.key_of(each) for each in self.listed[-_AHEAD:]]
        if self.page is not None and self.page.has_more and self.messages.key in keys:
            self._read_more()
        self.show_selected()

    def show_selected(self) -> None:
        """Show the selected message, or why there is none."""
        if self.is_being_left:
            return
        page, message = self.query_one(".page", Static), self.selected
        if message is None:
            page.update(safe("reading …" if self.page is None else self.describe_none(self.page), "$quiet"))
            return
        if self.messages.key != self._shown_key:
            self._shown_key = self.messages.key
            self.pane.scroll_home(animate=False)
        self.draw_message(message, page)

    def forget_listed(self) -> None:
        """Read everything again, and show nothing of what was read before."""
        self.listed = ()
        self.read_again()

    # Movement.

    def action_turn(self, by: int) -> None:
        """Open the next view (1) or the previous one (-1)."""
        self.action_view((self.views.index(self.wanted.view) + by) % len(self.views))

    def action_view(self, place: int) -> None:
        """Open a view by its index."""
        self.look_for(Wanted(self.views[place], self.wanted.text))

    def look_for(self, wanted: Wanted[View]) -> None:
        """Read and show other messages."""
        self.wanted = wanted
        self._show_tabs()
        self.read_again()

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
        if not self.messages.key and not self.is_reading:
            self.show_message(NO_MESSAGE, True)
        else:
            self.set_reading(on=not self.is_reading)

    def set_reading(self, *, on: bool) -> None:
        """Let the selected message fill the screen, or not."""
        self.is_reading = on
        self.set_class(on, "-reading")
        self.call_after_refresh(self.redraw)

    def action_back(self) -> None:
        """Go one step back: clear the message at the foot, leave what is read, leave a search, leave the screen."""
        if self.foot.clear_message():
            return
        if self.is_reading:
            self.set_reading(on=False)
        elif not self.leave_search():
            self.dismiss(None)

    def leave_search(self) -> bool:
        """Leave what is looked for, one step; return whether anything was."""
        return False
