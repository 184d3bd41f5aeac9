"""Shows the current notice on every screen, and carries out its keys on the ticket that it names."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from textual.command import CommandPalette

from supportdesk.console.dialogs.splash import SplashScreen
from supportdesk.console.keys.names import display
from supportdesk.console.terminal.lock_mode import desk_screens, is_locked
from supportdesk.console.widgets.notice import Notice, Notices
from supportdesk.tickets.wording import either

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from supportdesk.console.keys.key import Key

_PHRASES = {"open ticket": "open its ticket", "dismiss": "dismiss it"}
"""The labels of keys as they are worded in a sentence."""
READING_TIME = 0.7
"""Seconds for which the keys of a notice are refused when it replaces another to which the operator had not responded.

A key pressed earlier was meant for the other notice.
"""


class NoticeTarget(Protocol):
    """The main screen, as far as notices need it."""

    def act_on(self, notice: Notice) -> None:
        """Run the notice's command on its ticket, or open its screen."""
        ...

    def open_from_notice(self, notice: Notice) -> str:
        """Open the notice's ticket. Returns why that is refused, empty if it is not."""
        ...

    def show_message(self, text: str, refused: bool) -> None:
        """Show a text at the foot of the queue."""
        ...


class NoticeController:
    """Holds the notices of one operator; `keys` returns the keys as they are bound, `monotonic` the time in seconds."""

    def __init__(
        self,
        app: App[Any],
        desk: NoticeTarget,
        keys: Callable[[], Sequence[Key]],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.notices = Notices()
        self._app = app
        self._desk = desk
        self._keys = keys
        self._monotonic = monotonic
        self._shown: Notice | None = None
        self._unseen_until = 0.0
        self._refusal = ""
        self._responded = ""
        """The id of the notice to which the operator has just responded."""
        self.on_shown: Callable[[Notice], object] = _ignore
        """Called with each notice that appears; those behind the first one have not appeared yet."""

    def add(self, notice: Notice) -> None:
        """Show a notice until the operator responds to it."""
        self.notices.add(notice)
        self.show()

    def remove(self, id: str) -> None:  # noqa: A002 - what it is called everywhere else
        """Remove a notice that is no longer relevant."""
        if self.notices.remove(id):
            self.show()

    def remove_about(self, ref: str) -> None:
        """Remove the notices about a ticket that the operator has opened."""
        if self.notices.remove_about(ref):
            self.show()

    def refuse(self, reason: str) -> None:
        """Show beside the notice why its key was refused, when a screen covers the foot of the queue."""
        self._refusal = reason
        self.show()

    def respond(self, response: str) -> None:
        """Carry out a key of the notice that is shown: `act`, `open` or `dismiss`."""
        notice = self.notices.first
        if notice is None:
            self._desk.show_message("There is no notice to respond to.", True)
        elif self._monotonic() < self._unseen_until:
            self.refuse("A new notice has just appeared: read it first.")
        elif response == "dismiss":
            self._end(notice)
        elif response == "act" and notice.verb:
            self.clear_refusal()
            self._desk.act_on(notice)
        elif response == "open" and notice.ref:
            if reason := self._desk.open_from_notice(notice):
                self.refuse(reason)
            else:
                self._end(notice)
        else:
            lacks = (
                "This notice has no ticket"
                if response == "open"
                else "There is nothing to do from this notice"
            )
            possible = either([f"{_PHRASES.get(does, does)} ({key})" for key, does in self._ways(notice)])
            self.refuse(f"{lacks}; {possible}.")

    def _end(self, notice: Notice) -> None:
        self._responded = notice.id
        self.remove(notice.id)

    def clear_refusal(self) -> bool:
        """Clear the refusal beside the notice. Returns False if none is shown."""
        if not self._refusal:
            return False
        self.refuse("")
        return True

    def follow(self, screen: Screen[Any]) -> None:
        """Show the notice on a screen that has just been opened, too."""
        if self.notices.first is not None:
            screen.call_after_refresh(self.show)

    def show(self) -> None:
        """Update the notice bar on every screen; a notice appears only once the console is unlocked."""
        if is_locked(self._app):
            return
        first, appeared = self.notices.first, None
        if first != self._shown:
            if self._shown is not None and first is not None and first.id != self._shown.id:
                seen = self._shown.id == self._responded
                self._unseen_until = self._monotonic() + (0.0 if seen else READING_TIME)
            self._shown, self._refusal, self._responded = first, "", ""
            appeared = first
        for screen in desk_screens(self._app):
            if screen.is_mounted and not isinstance(screen, SplashScreen | CommandPalette):
                self._show_on(screen, first)
        if appeared is not None:
            self.on_shown(appeared)

    def show_after_lock(self) -> None:
        """Show what has come meanwhile; a key that was to unlock the console does nothing to it."""
        self.show()
        self._unseen_until = self._monotonic() + READING_TIME

    def _show_on(self, screen: Screen[Any], notice: Notice | None) -> None:
        from supportdesk.console.widgets.notice_bar import NoticeBar

        bar = NoticeBar.on(screen)
        if notice is None:
            if bar is not None:
                bar.leave()
        else:
            if bar is None:
                bar = NoticeBar()
                screen.mount(bar)
            bar.show(notice.text, self._ways(notice), self.notices.describe_others(), self._refusal)
        refit_dialog(screen)

    def _ways(self, notice: Notice) -> list[tuple[str, str]]:
        ways = [("notice.act", notice.action)] if notice.verb else []
        ways += [("notice.open", "open ticket")] if notice.ref else []
        return [(self._key(id), does) for id, does in (*ways, ("notice.dismiss", "dismiss"))]  # noqa: A001

    def _key(self, id: str) -> str:  # noqa: A002
        return next(display(key.keys) for key in self._keys() if key.id == id)


def _ignore(_notice: Notice) -> None:
    """Do nothing for a notice that appears."""


def refit_dialog(screen: Screen[Any]) -> None:
    """Fit a dialog to its screen again after a line was added to the screen or removed."""
    fit = getattr(screen, "fit_to_screen", None)
    if fit is not None:
        fit()
