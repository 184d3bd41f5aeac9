"""Applies the messages of the desk to the session, the queue, the ticket and the notices of the main screen."""

from __future__ import annotations

import gc
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.messages import (
    DeskDisconnected,
    DeskFailed,
    DeskOpened,
    DeskReconnected,
    ExplanationLoaded,
    IncomingChanged,
    QueueChanged,
    RecordsChanged,
    ReferenceDataChanged,
    TicketLoaded,
)
from supportdesk.console.paging.open_page import is_on_duty
from supportdesk.console.queue.painter import QueuePainter
from supportdesk.console.session import Session
from supportdesk.console.terminal.lock_mode import desk_screens
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.sla.clocks import epoch
from supportdesk.tickets.rota.data import name_of

if TYPE_CHECKING:
    from pathlib import Path

    from rich.style import Style
    from textual.message import Message
    from textual.screen import Screen

    from supportdesk.console.drafts.drafts import Drafts
    from supportdesk.console.main.announcer import Announcer
    from supportdesk.console.main.ticker import Ticker
    from supportdesk.console.notifications.operator_alerts import OperatorAlerts
    from supportdesk.console.notifications.rota_gaps import RotaGapNotices
    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.ticket.controller import TicketController
    from supportdesk.console.ticket.pane import TicketPane
    from supportdesk.console.voicemail.group import VoicemailGroup
    from supportdesk.settings.inbox_marks import InboxMarks
    from supportdesk.settings.settings import Settings

FORWARDED = (
    QueueChanged,
    ReferenceDataChanged,
    RecordsChanged,
    IncomingChanged,
    DeskDisconnected,
    DeskReconnected,
)
"""The messages that the screens in front handle as well, as far as they follow the desk."""


def open_session(
    message: DeskOpened,
    *,
    username: str,
    settings: Settings,
    drafts: Drafts,
    inbox_marks: InboxMarks,
    own_replies: Path | None,
) -> Session:
    """Return the operator's session at a desk that has been opened."""
    return Session(
        username=username,
        desk=message.desk,
        model=message.model,
        person=message.person,
        policy=message.policy,
        roster=message.roster,
        settings=settings,
        drafts=drafts,
        inbox_marks=inbox_marks,
        own_replies=own_replies,
        # Only a desk in the past has controls.
        replay=getattr(message.desk, "controls", None),
    )


class LiveUpdates:
    """Keeps the main screen up to date with the desk.

    `open_session` makes the session of a desk that has been opened, and `on_opened` is called before its queue is
    shown. `show_message` shows a message, with True for a refusal.
    """

    def __init__(
        self,
        screen: Screen[None],
        ticker: Ticker,
        announcer: Announcer,
        alerts: OperatorAlerts,
        ticket: TicketController,
        *,
        rota_gaps: RotaGapNotices,
        queue: QueueList,
        ticket_pane: TicketPane,
        voicemails: VoicemailGroup,
        show_message: Callable[[str, bool], None],
        open_session: Callable[[DeskOpened], Session],
        on_opened: Callable[[Session], None],
    ) -> None:
        self.session: Session | None = None
        self._screen = screen
        self._ticker = ticker
        self._announcer = announcer
        self._alerts = alerts
        self._ticket = ticket
        self._rota_gaps = rota_gaps
        self._queue, self._ticket_pane, self._voicemails = queue, ticket_pane, voicemails
        self._show_message = show_message
        self._open_session = open_session
        self._on_opened = on_opened
        self._signs = terminal_symbols()

    def apply(self, message: Message) -> None:
        """Apply a message of the desk, and forward it to the screens in front. Raises the error of a DeskFailed."""
        session = self.session
        match message:
            case DeskOpened():
                self._open(message)
            case DeskFailed():
                # The state of the desk's thread is unknown: the console ends.
                raise message.error
            case QueueChanged():
                self._apply_rows(message)
            case DeskDisconnected():
                self._disconnect(message)
            case ReferenceDataChanged() if session is not None:
                self._apply_reference_data(session, message)
            case RecordsChanged() if session is not None:
                # The customer of the ticket in the pane, or one of its articles, may have changed.
                self._ticket.reload(session)
            case DeskReconnected() if session is not None:
                self._reconnect(session)
            case TicketLoaded() if session is not None:
                self._ticket.set_ticket(session, message)
            case ExplanationLoaded() if session is not None:
                self._ticket.set_explanations(session, message)
        if isinstance(message, FORWARDED):
            self._forward(message)

    def _open(self, message: DeskOpened) -> None:
        """Show the queue and start the ticks."""
        desk = message.desk
        session = self.session = self._ticker.session = self._open_session(message)

        def painter(width: int, look: Callable[[str], Style]) -> QueuePainter:
            return QueuePainter(
                width,
                look,
                self._signs,
                desk.policies,
                session.policy,
                zone=session.zone,
                wanted=session.settings.columns,
                name=partial(name_of, session.roster.reference_data),
                find_stop=session.stops.get,
            )

        self._on_opened(session)
        self._queue.show(message.model, painter, epoch(desk.now()))
        self._ticker.start(session)
        self._announcer.begin(session)
        self._rota_gaps.follow(session)
        # A long queue lives as long as the console: the garbage collector need not scan it again and again. Only once,
        # since what is garbage by the time that a desk is opened again would be kept.
        if not gc.get_freeze_count():
            gc.freeze()

    def _apply_rows(self, message: QueueChanged) -> None:
        """Show the changed tickets, and notices of those that concern the operator."""
        self._ticker.update_cover()
        if self.session is not None:
            self._alerts.on_rows_changed(self.session, message.rows)
            self._ticker.announce(self._queue.show_changes(message.rows, epoch(self.session.now())))

    def _apply_reference_data(self, session: Session, message: ReferenceDataChanged) -> None:
        """Apply another rota, staff or policy, and report when the operator's duty begins or ends."""
        was_on_duty = is_on_duty(session)
        session.update(message.policy, message.roster)
        self._queue.repaint()
        self._ticket.refresh(session)
        self._ticker.refresh_header()
        self._rota_gaps.refresh(session)
        self._alerts.show_handover(session)
        if is_on_duty(session) and not was_on_duty:
            self._alerts.duty_began(session)
        elif was_on_duty and not is_on_duty(session):
            self._alerts.duty_ended(session)

    def _disconnect(self, message: DeskDisconnected) -> None:
        """Dim what is shown of the desk, and say since when they may be out of date."""
        if self.session is not None:
            self.session.disconnected_reason, self.session.last_connected_at = message.reason, message.since
            self.session.replaced_headline = message.headline
            self._dim(stale=True)
            self._ticker.refresh_header()
        self._show_message(message.reason, True)

    def _reconnect(self, session: Session) -> None:
        """Show the desk as up to date again."""
        self._alerts.show_pages_again(session)
        session.disconnected_reason = session.last_connected_at = session.replaced_headline = None
        self._dim(stale=False)
        self._ticker.refresh_header()
        self._show_message("The desk is back.", False)

    def _dim(self, *, stale: bool) -> None:
        self._queue.stale = self._ticket_pane.stale = self._voicemails.stale = stale

    def _forward(self, message: Message) -> None:
        for screen in desk_screens(self._screen.app):
            if screen is not self._screen:
                screen.post_message(copy(message))
