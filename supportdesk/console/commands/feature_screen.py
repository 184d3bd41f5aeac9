"""The base of the screens that a key opens over the queue: keys and messages at the foot, help, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, TypeVar

from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.dialogs.sequence import DialogSequence, begin_dialogs
from supportdesk.console.keys.refusal_text import refusal_sentence
from supportdesk.console.widgets.footer import Footer
from supportdesk.console.widgets.too_small import TooSmall
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from textual.events import Resize

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.key import Scope
    from supportdesk.console.messages import DeskDisconnected, DeskReconnected
    from supportdesk.console.session import Session

Result = TypeVar("Result")
SECOND = 1.0


class FeatureScreen(DismissOnce[Result]):
    """Shows the keys of its scope and messages at its foot, and leaves what it shows when the desk is unavailable.

    A screen yields `foot` and `too_small` last. Textual calls the handlers here as well as the screen's own.
    """

    SCOPE: ClassVar[Scope]
    IN_PALETTE: ClassVar[frozenset[str]] = frozenset()
    """The ids of its keys that the command palette offers over it."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as the base class has it

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.foot, self.too_small = Footer(), TooSmall()

    def on_mount(self) -> None:
        """Show the keys, and begin to tick."""
        keys = (key for key in self.session.keys if key.scope is self.SCOPE and key.bar)
        self.foot.keys = sorted(keys, key=lambda key: key.bar)
        self.set_interval(SECOND, self.tick)

    def tick(self) -> None:
        """Count down a message; called every second."""
        self.foot.tick()

    def redraw(self) -> None:
        """Draw what is shown for the present size and moment."""

    def on_resize(self, event: Resize) -> None:
        """Fit what is shown to the new size; show a message where the screen is too small."""
        self.too_small.display = TooSmall.applies_to(event.size)
        self.call_after_refresh(self.redraw)

    def on_desk_disconnected(self, message: DeskDisconnected) -> None:
        """Show why the desk is unavailable."""
        self.show_message(message.reason, True)

    def on_desk_reconnected(self, message: DeskReconnected) -> None:
        """Show that the desk is available again."""
        self.show_message("The desk is back.", False)

    def show_message(self, text: str, refused: bool) -> None:
        """Show a message at the foot; with `refused`, the reason for a refusal."""
        self.foot.show_message(text, refused=refused)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal, with the keys of what can be done instead."""
        self.show_message(refusal_sentence(refusal, self.session.keys), True)

    def may_act(self) -> bool:
        """Return whether the operator can change anything at this desk; show why not."""
        reason = self.session.read_only_reason
        if reason is not None:
            self.show_message(reason, True)
        return reason is None

    def undo_record_change(self, client: ScreenClient, on_undone: Callable[[], object] | None = None) -> None:
        """Undo the operator's last change to a record, after a question; `on_undone` is called where one was."""
        if self.may_act():
            begin_dialogs(self, self._undo_record_change, client, on_undone)

    async def _undo_record_change(
        self, dialogs: DialogSequence, client: ScreenClient, on_undone: Callable[[], object] | None
    ) -> None:
        from supportdesk.console.commands.record_undo import undo_last_record_change

        undone = await undo_last_record_change(dialogs, client)
        if isinstance(undone, Refusal):
            dialogs.refuse()
            self.refuse(undone)
        elif undone is not None:
            self.show_message(undone, False)
            if on_undone is not None:
                on_undone()

    def refused_keys(self) -> Mapping[str, str]:
        """Return why keys do not work at present, by their ids."""
        return {}

    def action_help(self) -> None:
        """Show the keys that work here."""
        from supportdesk.console.dialogs.help_screen import HelpScreen, entries_of

        keys = (key for key in self.session.keys if key.scope is self.SCOPE)
        self.app.push_screen(HelpScreen(entries_of(keys, self.refused_keys())))

    def action_back(self) -> None:
        """Remove a refusal; without one, return to the queue."""
        if not self.foot.clear_message():
            self.dismiss(None)
