"""The controllers of the main screen: made here, and connected with its widgets and with each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.commands.dispatcher import CommandDispatcher
from supportdesk.console.commands.runner import CommandRunner
from supportdesk.console.commands.screen_client import ScreenClient
from supportdesk.console.inbox.loader import InboxLoader
from supportdesk.console.main.announcer import Announcer
from supportdesk.console.main.filter_controller import FilterController
from supportdesk.console.main.foot_controller import FootController
from supportdesk.console.main.live_updates import LiveUpdates, open_session
from supportdesk.console.main.navigator import Navigator
from supportdesk.console.main.split import SplitController
from supportdesk.console.main.ticker import Ticker
from supportdesk.console.main.watch_updates import WatchUpdates
from supportdesk.console.notifications.controller import NoticeController
from supportdesk.console.notifications.monthly_tests import MonthlyTestNotices
from supportdesk.console.notifications.operator_alerts import OperatorAlerts
from supportdesk.console.notifications.overdue import OverdueSteps
from supportdesk.console.notifications.rota_gaps import RotaGapNotices
from supportdesk.console.notifications.stop_loader import StopLoader
from supportdesk.console.ticket.controller import TicketController

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.drafts.drafts import Drafts
    from supportdesk.console.main.header import DeskHeader
    from supportdesk.console.notifications.controller import NoticeTarget
    from supportdesk.console.queue.filter_bar import FilterBar
    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.session import Session
    from supportdesk.console.terminal.host import HostTerminal
    from supportdesk.console.ticket.pane import TicketPane
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


class MainWidgets(msgspec.Struct, frozen=True):
    """The widgets of the main screen that its controllers work on."""

    header: DeskHeader
    filter_bar: FilterBar
    queue: QueueList
    ticket_pane: TicketPane
    foot: Footer


class MainControllers:
    """Makes the controllers, and keeps them for the main screen's actions and message handlers.

    `show_ticket` shows the current ticket in the pane, `on_opened` is called with the session of a desk that has been
    opened, and `remember_pane` saves how the operator splits the screen.
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
        on_opened: Callable[[Session], None],
        remember_pane: Callable[[PaneSettings], None],
    ) -> None:
        queue, pane, foot = widgets.queue, widgets.ticket_pane, widgets.foot
        self._queue, show_message = queue, notice_target.show_message
        self.ticket = TicketController(screen, client, queue, pane)
        self.notices = NoticeController(screen.app, notice_target, lambda: self.foot.keys)
        self.foot = FootController(screen, foot, self.ticket, self.notices.refuse)
        self.split = SplitController(
            screen,
            queue,
            pane,
            pane=options.settings.pane,
            show_message=show_message,
            remember=remember_pane,
        )
        screen_client = ScreenClient(screen, client, show_message, self.notices.add)
        self.monthly_tests = MonthlyTestNotices(screen, screen_client, self.notices, show_message)
        self.runner = CommandRunner(
            screen_client, queue.location_note, self.monthly_tests.acknowledge_pending
        )
        self.dispatcher = CommandDispatcher(screen_client, self.runner, queue, show_message)
        self.filter = FilterController(widgets.filter_bar, queue, screen_client.load_ticket, show_message)
        self.navigator = Navigator(
            screen,
            screen_client,
            self.runner,
            queue=queue,
            ticket=self.ticket,
            split=self.split,
            filter_bar=self.filter,
            notices=self.notices,
            show_ticket=show_ticket,
        )
        self.alerts = OperatorAlerts(screen, screen_client, self.notices, show_message, options.open_first)
        self.overdue = OverdueSteps(screen.app)
        self.rota_gaps = RotaGapNotices(screen, self.notices)
        self.announcer = Announcer(screen, widgets.header, options.desk, options.terminal, options.settings)
        self.ticker = Ticker(
            screen,
            client,
            self.announcer,
            queue=queue,
            ticket_pane=pane,
            foot=foot,
            on_header=self.filter.show_count,
        )
        self.watch = WatchUpdates(self.ticker, self.overdue)
        self.inbox = InboxLoader(screen, client, self.ticker.refresh_header)
        self.stops = StopLoader(screen_client, self._draw_stops)
        self.live = LiveUpdates(
            screen,
            self.ticker,
            self.announcer,
            self.alerts,
            self.ticket,
            rota_gaps=self.rota_gaps,
            queue=queue,
            ticket_pane=pane,
            show_message=show_message,
            open_session=partial(
                open_session,
                username=options.username,
                settings=options.settings,
                drafts=options.drafts,
                inbox_marks=options.inbox_marks,
            ),
            on_opened=on_opened,
        )

    def _draw_stops(self) -> None:
        """Draw what depends on whether escalations are stopped."""
        self._queue.refresh()
        self.ticker.refresh_header()
