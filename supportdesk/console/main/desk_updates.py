"""What the messages of the desk and the passing of time change on the main screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.inbox.loader import InboxLoader
from supportdesk.console.intake.loader import IntakeLoader
from supportdesk.console.main.announcer import Announcer
from supportdesk.console.main.live_updates import LiveUpdates, open_session
from supportdesk.console.main.ticker import Ticker
from supportdesk.console.main.watch_updates import WatchUpdates
from supportdesk.console.messages import StepsOverdue, WatcherSeen
from supportdesk.console.notifications.customer_messages import MessageNotices
from supportdesk.console.notifications.erasures import Erasures
from supportdesk.console.notifications.newer_version import NewerVersionNotice
from supportdesk.console.notifications.operator_alerts import OperatorAlerts
from supportdesk.console.notifications.overdue import OverdueSteps
from supportdesk.console.notifications.rota_gaps import RotaGapNotices
from supportdesk.console.notifications.stop_loader import StopLoader
from supportdesk.console.voicemail.loader import VoicemailLoader

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message
    from textual.screen import Screen

    from supportdesk.console.main.controllers import MainControllers, MainWidgets, StartOptions
    from supportdesk.console.session import Session
    from supportdesk.console.voicemail.reader import WaitingList


class DeskUpdates:
    """Applies the messages of the desk, and keeps what shows time and what needs the operator up to date.

    `on_opened` is called with the session of a desk that has been opened.
    """

    def __init__(
        self,
        screen: Screen[None],
        widgets: MainWidgets,
        controllers: MainControllers,
        options: StartOptions,
        on_opened: Callable[[Session], None],
    ) -> None:
        client, notices, self._queue = controllers.client, controllers.notices, widgets.queue
        self._voicemails = widgets.voicemails
        self.alerts = OperatorAlerts(screen, client, notices, client.show_message, options.open_first)
        self.overdue = OverdueSteps(screen.app)
        self.announcer = Announcer(screen, widgets.header, options.desk, options.terminal, options.settings)
        self._message_notices = MessageNotices(screen.app, notices, self.announcer.announce_message)
        self.ticker = Ticker(
            screen,
            client.desk_client,
            self.announcer,
            queue=widgets.queue,
            ticket_pane=widgets.ticket_pane,
            foot=widgets.foot,
            on_header=controllers.filter.show_count,
        )
        self._watch = WatchUpdates(self.ticker, self.overdue)
        self._live = LiveUpdates(
            screen,
            self.ticker,
            self.announcer,
            self.alerts,
            controllers.ticket,
            rota_gaps=RotaGapNotices(screen, notices),
            queue=widgets.queue,
            ticket_pane=widgets.ticket_pane,
            voicemails=widgets.voicemails,
            show_message=client.show_message,
            open_session=partial(
                open_session,
                username=options.username,
                settings=options.settings,
                drafts=options.drafts,
                inbox_marks=options.inbox_marks,
                own_replies=options.own_replies,
            ),
            on_opened=on_opened,
        )
        self._followers = (
            InboxLoader(screen, client.desk_client, self._show_inbox),
            IntakeLoader(screen, client.desk_client, self.ticker.refresh_header),
            VoicemailLoader(client, self._show_voicemails),
            StopLoader(client, self._draw_stops),
            Erasures(client, self.alerts.refresh_draft_notices),
            NewerVersionNotice(notices),
            controllers.monthly_tests,
        )

    @property
    def session(self) -> Session | None:
        """The session at the desk; None until that is open."""
        return self._live.session

    def apply(self, message: Message) -> None:
        """Apply a message of the desk. Raises the error of a DeskFailed."""
        if isinstance(message, WatcherSeen | StepsOverdue):
            if self.session is not None:
                self._watch.apply(self.session, message)
            return
        self._live.apply(message)
        if self.session is not None:
            for follower in self._followers:
                follower.on_message(self.session, message)

    def _show_inbox(self) -> None:
        """Show what has come into the operator's inbox."""
        self.ticker.refresh_header()
        if self.session is not None:
            self._message_notices.on_inbox_read(self.session)

    def _show_voicemails(self, session: Session, waiting: WaitingList) -> None:
        """Show which voicemails wait."""
        self._voicemails.show(waiting, session.now)

    def _draw_stops(self) -> None:
        """Draw what depends on whether escalations are stopped."""
        self._queue.refresh()
        self.ticker.refresh_header()
