"""The foot of the main screen: the message of the moment, or the keys that work where the focus is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.key_bar import key_bar
from supportdesk.console.keys.keymap import KEYS
from supportdesk.tickets.ticket import Stage

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.keys.key import Key
    from supportdesk.console.session import Session
    from supportdesk.console.ticket.controller import TicketController
    from supportdesk.console.widgets.footer import Footer


class FootController:
    """Shows messages and keys at the foot.

    `refuse` shows a refusal beside the notice, for when another screen covers the foot.
    """

    def __init__(
        self, screen: Screen[None], foot: Footer, ticket: TicketController, refuse: Callable[[str], None]
    ) -> None:
        self.session: Session | None = None
        self._screen = screen
        self._foot = foot
        self._ticket = ticket
        self._refuse = refuse
        self._refused_ref: str | None = None
        """The current ticket, if the message is a refusal that names it."""

    @property
    def keys(self) -> Sequence[Key]:
        """The keys as they are bound."""
        return self.session.keys if self.session is not None else KEYS

    def show_message(self, text: str, refused: bool) -> None:
        """Show a message; with `refused`, the reason for a refusal."""
        self._foot.show_message(text, refused=refused)
        row = self._ticket.row
        self._refused_ref = row.ref if refused and row is not None and row.ref in text else None
        if refused and not self._screen.is_active:
            self._refuse(text)

    def on_ticket_shown(self) -> None:
        """Remove a refusal that names another ticket: its keys would act on the one that is shown now."""
        row = self._ticket.row
        if self._refused_ref is not None and (row is None or row.ref != self._refused_ref):
            self._refused_ref = None
            self._foot.clear_message()

    def may_act(self) -> bool:
        """Return whether the operator can change anything at this desk; show why not."""
        refusal = self.session.read_only_reason if self.session is not None else "The desk is not open yet."
        if refusal is not None:
            self.show_message(refusal, True)
        return refusal is None

    def show_keys(self, scope: Scope, *, narrow: bool) -> None:
        """Show the keys that work in a scope; `narrow` where only one pane is shown."""
        row = self._ticket.row
        self._foot.keys = key_bar(
            scope,
            replaying=self.session is not None and self.session.replay is not None,
            narrow=narrow,
            read_only=self.session is not None and self.session.read_only_reason is not None,
            stage=Stage(row.stage) if row is not None else None,
            paged=row is not None and row.is_paging,
            keys=self.keys,
        )
