"""Says on every screen which step of an escalation is overdue: no watcher has alerted those whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supportdesk.console.dialogs.splash import SplashScreen
from supportdesk.console.notifications.controller import refit_dialog
from supportdesk.console.terminal.lock_mode import desk_screens
from supportdesk.sla.formatting import at_near_time
from supportdesk.tickets.rota.data import name_of

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from supportdesk.console.session import Session
    from supportdesk.store.read_models import DueTicket, QueueRow


class OverdueSteps:
    """Shows the bar of what is overdue on every screen, as long as something is."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._text = ""
        self.tickets: Sequence[DueTicket] = ()
        """What is overdue now, the longest first."""

    def set(self, session: Session, overdue: Sequence[DueTicket]) -> None:
        """Show what is overdue now; nothing removes the bar."""
        self.tickets = overdue
        self._text = describe_overdue(session, overdue) if overdue else ""
        self.show()

    def follow(self, screen: Screen[Any]) -> None:
        """Show the bar on a screen that has just been opened, too."""
        if self._text:
            screen.call_after_refresh(self.show)

    def show(self) -> None:
        """Update the bar on every screen."""
        from textual.command import CommandPalette

        for screen in desk_screens(self._app):
            if screen.is_mounted and not isinstance(screen, SplashScreen | CommandPalette):
                self._show_on(screen)

    def _show_on(self, screen: Screen[Any]) -> None:
        from supportdesk.console.widgets.overdue_bar import OverdueBar

        bar = OverdueBar.on(screen)
        if self._text and bar is None:
            bar = OverdueBar()
            screen.mount(bar)
        if bar is not None:
            bar.show(self._text) if self._text else bar.leave()
            refit_dialog(screen)


def describe_overdue(session: Session, overdue: Sequence[DueTicket]) -> str:
    """Return which ticket has waited longest, since when, whom to tell, and how watching begins again."""
    first = overdue[0]
    due = at_near_time(first.due, session.zone, session.now())
    entry = session.model.index.entries.get(first.ref)
    tell = f" {_whom_to_tell(session, entry.row)}" if entry is not None else ""
    more = f", and {len(overdue) - 1} more" if len(overdue) > 1 else ""
    return f"{first.ref}{more}: due {due}, and no watcher has acted on it.{tell} Start one: supportdesk watch"


def _whom_to_tell(session: Session, row: QueueRow) -> str:
    """Return the instruction to tell the person on call, for a severity that pages, or the owner; empty for nobody.

    A ticket that is resolved needs nobody: what is due on it is its end.
    """
    if not row.is_open:
        return ""
    severity = next((each for each in session.policy.severities if each.key == row.severity), None)
    person = session.roster.duty.person
    if severity is not None and severity.pages and person is not None:
        return f"Ring {person.name}{f' on {person.telephone}' if person.telephone else ''}."
    return f"Tell {name_of(session.roster.reference_data, row.owner)}." if row.owner else ""
