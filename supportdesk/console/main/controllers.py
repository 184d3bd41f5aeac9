"""The controllers of what the operator does on the main screen, connected with its widgets and with each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.commands.dispatcher import CommandDispatcher
from supportdesk.console.commands.runner import CommandRunner
from supportdesk.console.commands.screen_client import ScreenClient
from supportdesk.console.main.filter_controller import FilterController
from supportdesk.console.main.foot_controller import FootController
from supportdesk.console.main.navigator import Navigator
from supportdesk.console.main.split import SplitController
from supportdesk.console.notifications.controller import NoticeController
from supportdesk.console.notifications.monthly_tests import MonthlyTestNotices
from supportdesk.console.ticket.controller import TicketController

if TYPE_CHECKING:
    from pathlib import Path

    from textual.screen import Screen

    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.drafts.drafts import Drafts
    from supportdesk.console.main.header import DeskHeader
    from supportdesk.console.notifications.controller import NoticeTarget
    from supportdesk.console.queue.filter_bar import FilterBar
    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.terminal.host import HostTerminal
    from supportdesk.console.ticket.pane import TicketPane
    from supportdesk.console.voicemail.group import VoicemailGroup
    from supportdesk.console.widgets.footer import Footer
    from supportdesk.settings.inbox_marks import InboxMarks
    from supportdesk.settings.settings import PaneSettings, Settings


class StartOptions(msgspec.Struct, frozen=True):
    """What the console is started with. `desk` is the desk's name in the header."""

    username: str
    desk: str
    settings: Settings
    drafts: Drafts
    inbox_marks: InboxMarks
    terminal: HostTerminal
    open_first: str = ""
    """The reference of the ticket to open first; empty for none."""
    own_replies: Path | None = None
    """The file of the operator's own canned replies; None without settings."""


class MainWidgets(msgspec.Struct, frozen=True):
    """The widgets of the main screen that its controllers work on."""

    header: DeskHeader
    filter_bar: FilterBar
    voicemails: VoicemailGroup
    queue: QueueList
    ticket_pane: TicketPane
    foot: Footer


class MainControllers:
    """Makes the controllers, and keeps them for the main screen's actions and message handlers.

    What the desk and time change is in `DeskUpdates`. `show_ticket` shows the current ticket in the pane,
    `remember_pane` saves how the operator splits the screen.
    """

    def __init__(
        self,
        screen: Screen[None],
        widgets: MainWidgets,
        client: DeskClient,
        options: StartOptions,
        *,
        notice_target: NoticeTarget,
        show_ticket: Callable[[], None],
        remember_pane: Callable[[PaneSettings], None],
    ) -> None:
        queue, pane = widgets.queue, widgets.ticket_pane
        show_message = notice_target.show_message
        self.ticket = TicketController(screen, client, queue, pane)
        self.notices = NoticeController(screen.app, notice_target, lambda: self.foot.keys)
        self.foot = FootController(screen, widgets.foot, self.ticket, self.notices.refuse)
        self.split = SplitController(
            screen,
            queue,
            pane,
            pane=options.settings.pane,
            show_message=show_message,
            remember=remember_pane,
        )
        self.client = ScreenClient(screen, client, show_message, self.notices.add)
        self.monthly_tests = MonthlyTestNotices(screen, self.client, self.notices, show_message)
        self.runner = CommandRunner(
            self.client, queue.location_note, self.monthly_tests.acknowledge_pending, pane.find_view
        )
        self.dispatcher = CommandDispatcher(self.client, self.runner, queue, show_message)
        self.filter = FilterController(widgets.filter_bar, queue, self.client.load_ticket, show_message)
        self.navigator = Navigator(
            screen,
            self.client,
            self.runner,
            queue=queue,
            ticket=self.ticket,
            split=self.split,
            filter_bar=self.filter,
            notices=self.notices,
            show_ticket=show_ticket,
        )
