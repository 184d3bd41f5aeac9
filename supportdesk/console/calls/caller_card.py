"""The caller's card: the name to greet them by, and what the operator should know before asking further."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.calls.call import KnownCaller
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.text.names import super_users_text
from supportdesk.console.ticket.brief import reached_by
from supportdesk.console.widgets.big_letters import BigText
from supportdesk.console.widgets.labelled_line import LabelledLine
from supportdesk.store.read_models import CallerView
from supportdesk.tickets.documents import Person

_UNREAD = Content("…")


class CallerCard(Vertical):
    """Shows the caller; hidden until `show_caller_details` is called."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._large, self._plain, self._who = (
            BigText("", gap=1),
            Static(classes="name"),
            Static(classes="who"),
        )
        self._reach = LabelledLine("Reached on", Content())
        self._manager = LabelledLine("Account manager", Content())
        self._last = LabelledLine("Last contact", Content())
        self._advice = LabelledLine("Tell the caller", Content(), classes="policy-advice")
        self._super_users = LabelledLine("Super users", Content())
        self._asks_for_super_users = False

    def compose(self) -> ComposeResult:
        """Yield the name, large where there is room, and the details."""
        yield self._large
        yield self._plain
        yield self._who
        yield self._reach
        yield self._manager
        yield self._last
        yield self._advice
        yield self._super_users

    def show_caller_details(self, caller: KnownCaller, policy_advice: str) -> None:
        """Show the caller before the rest has been read; `policy_advice` is what to tell them, empty for nothing."""
        contact = caller.contact
        self._large.write(contact.name)
        self._plain.update(safe(contact.name))
        may = safe("super user") if contact.super_user else safe("not a super user", "$due-soon")
        unchecked = Content() if contact.registered else safe(" · not registered", "$due-soon")
        self._who.update(Content.assemble(safe(caller.organisation.name), " · ", may, unchecked))
        self._reach.show(safe(reached_by(contact)))
        self._manager.show(_UNREAD)
        self._last.show(_UNREAD)
        self._advice.show(safe(policy_advice, "$due-soon"))
        self._asks_for_super_users = bool(policy_advice)
        self._super_users.show(_UNREAD if policy_advice else Content())
        self.display = True

    def fill_in(self, view: CallerView, last_contact: str) -> None:
        """Show the details once loaded; `last_contact` describes the last contact with the caller."""
        self._manager.show(safe(_named(view.account_manager)))
        self._last.show(safe(last_contact))
        if self._asks_for_super_users:
            self._super_users.show(safe(super_users_text(view.super_users)))


def _named(person: Person | None) -> str:
    return " · ".join(filter(None, (person.name, person.telephone))) if person else "none"
