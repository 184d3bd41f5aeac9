"""Erases the selected contact from the console: what it changes is shown first, and no single key agrees to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content

from supportdesk.console.dialogs.confirm import YES, Confirm
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.dialogs.sequence import DialogSequence, begin_dialogs
from supportdesk.console.keys.refusal_text import refusal_sentence
from supportdesk.console.widgets.choices import Choices
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.permissions import refuse_person
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.commands.feature_screen import FeatureScreen
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.directory.record_types import RecordEntry
    from supportdesk.store.read_models import ErasurePreview, Roster

ERASED = "The contact is erased. Backups, exports and saved views from before may name them: delete those yourself."


class EraseQuestion(Confirm):
    """Asks whether to erase a contact. The key for yes only marks that answer: Enter, too, has to be pressed."""

    def __init__(self, preview: ErasurePreview) -> None:
        lines = [
            *preview.describe(),
            "",
            "It cannot be undone. Backups and exports made before are yours to delete.",
        ]
        super().__init__(f"Erase {preview.contact.name} for good?", "\n".join(lines), "Erase for good")

    def keys(self) -> Content:
        """Return the key hints."""
        return key_hints(
            (key_for(self, "confirm.yes"), "mark “Erase for good”"),
            ("enter", "choose the marked answer"),
            (key_for(self, "dialog.leave"), "cancel"),
        )

    def action_yes(self) -> None:
        """Mark the answer that erases."""
        self.query_one(Choices).choose(YES)


class ContactErasure:
    """Erases contacts for a screen. What it does goes on when the screen is left."""

    def __init__(self, screen: FeatureScreen[Any], client: ScreenClient) -> None:
        self._screen = screen
        self._client = client
        self._is_running = False

    def refusal(self, roster: Roster) -> str | None:
        """Return why the operator may not erase contacts, as a sentence; None if they may."""
        session = self._screen.session
        if session.read_only_reason is not None:
            return session.read_only_reason
        assert session.person is not None
        refusal = refuse_person(EraseContact, session.person, roster.staff)
        return refusal_sentence(refusal, session.keys) if refusal is not None else None

    def begin(self, entry: RecordEntry | None, roster: Roster) -> None:
        """Show what erasing the selected contact changes, and ask."""
        contact = entry.document if entry is not None else None
        if not isinstance(contact, Contact):
            self._screen.show_message("Only contacts can be erased: select one.", True)
        elif (why := self.refusal(roster)) is not None:
            self._screen.show_message(why, True)
        elif not self._is_running:
            self._is_running = True
            begin_dialogs(self._client.screen, self._erase, contact.key)

    async def _erase(self, dialogs: DialogSequence, key: str) -> None:
        try:
            await self._ask_and_erase(dialogs, key)
        finally:
            self._is_running = False

    async def _ask_and_erase(self, dialogs: DialogSequence, key: str) -> None:
        client, desk = self._client, self._client.desk_client
        self._screen.show_message("Reading the ledger …", False)
        preview = await client.in_thread(partial(desk.preview_erasure, key), "what an erasure changes")
        if isinstance(preview, Refusal):
            dialogs.refuse()
            self._refuse(preview)
            return
        self._screen.foot.clear_message()
        # Nobody agrees to what they have not seen.
        if not await dialogs.ask_unprepared(EraseQuestion(preview)):
            return
        # It may take a while, and goes on when the screen is left.
        dialogs.release()
        self._show("Erasing …")
        outcome = await client.submit(EraseContact(key))
        if isinstance(outcome, Refusal):
            self._refuse(outcome)
            return
        self._show("Erased. Removing what is left in free space …")
        remaining = await client.in_thread(desk.remove_traces, "what an erasure left")
        if remaining is not None:
            self._refuse(remaining)
        else:
            self._show(ERASED)

    def _refuse(self, refusal: Refusal) -> None:
        self._show(refusal_sentence(refusal, self._screen.session.keys), refused=True)

    def _show(self, text: str, *, refused: bool = False) -> None:
        """Show a message on the screen, or on the queue if the screen was left."""
        if self._screen.is_left:
            self._client.show_message(text, refused)
        else:
            self._screen.show_message(text, refused)
