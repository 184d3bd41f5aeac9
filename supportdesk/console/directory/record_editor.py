"""Adds, edits and registers records; says why something cannot be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from supportdesk.console.dialogs.sequence import DialogSequence, begin_dialogs
from supportdesk.console.directory.record_types import CONTACTS, ROTA, RecordEntry, RecordType
from supportdesk.console.keys.refusal_text import bound_key, refusal_sentence
from supportdesk.console.workers import start_worker
from supportdesk.tickets.documents import Contact, Release
from supportdesk.tickets.permissions import name_permitted, refuse_person
from supportdesk.tickets.records.commands import SaveContact
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.layers import find_rotation

if TYPE_CHECKING:
    from supportdesk.console.commands.feature_screen import FeatureScreen
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.desk_api import Applied
    from supportdesk.store.read_models import Roster


class RecordEditor:
    """Changes the records of a directory screen. `on_saved` is called after each change."""

    def __init__(
        self, screen: FeatureScreen[Any], client: ScreenClient, on_saved: Callable[[], object]
    ) -> None:
        self._screen = screen
        self._client = client
        self._on_saved = on_saved

    def refusal(self, record_type: RecordType, roster: Roster) -> str | None:
        """Return why the operator may not edit records of a type, as a sentence with keys; None if they may."""
        session = self._screen.session
        if session.read_only_reason is not None:
            return session.read_only_reason
        assert session.person is not None
        refusal = refuse_person(record_type.command, session.person, roster.staff)
        return refusal_sentence(refusal, session.keys) if refusal is not None else None

    def refusal_in_brief(self, record_type: RecordType, roster: Roster) -> str:
        """Return what editing records of a type requires, for the pane beside the list; empty if the operator may."""
        if self.refusal(record_type, roster) is None:
            return ""
        permitted = name_permitted(record_type.command.needs, roster.staff)
        return self._screen.session.read_only_reason or f"Changing this requires {permitted}."

    def edit(self, record_type: RecordType, entry: RecordEntry | None, roster: Roster) -> None:
        """Open the form for the selected record; for the rota, for the rotation in force."""
        if not self._may_edit(record_type, roster):
            return
        document = entry.document if entry is not None else None
        if record_type is ROTA:
            self._open_form(
                record_type, find_rotation(roster.reference_data.rotations, self._screen.session.now())
            )
        elif document is None:
            key = bound_key("directory.new", self._screen.session.keys)
            self._screen.show_message(f"There is nothing to edit; {key} makes a new record.", True)
        elif isinstance(document, Release) and document.shipped_at is not None:
            self._screen.show_message(f"{document.key} has shipped and can no longer be changed.", True)
        else:
            self._open_form(record_type, document)

    def add(self, record_type: RecordType, entry: RecordEntry | None, roster: Roster) -> None:
        """Open the form for a new record.

        A new contact belongs to the selected contact's customer; a new rotation has the members of the present one.
        """
        if not self._may_edit(record_type, roster):
            return
        if record_type is ROTA:
            present = find_rotation(roster.reference_data.rotations, self._screen.session.now())
            preset = {"members": present.members} if present is not None else {}
        else:
            preset = _preset(record_type, entry)
        self._open_form(record_type, None, preset)

    def register(self, record_type: RecordType, entry: RecordEntry | None, roster: Roster) -> None:
        """Register the selected contact, who was added with a request."""
        contact = entry.document if entry is not None else None
        if not isinstance(contact, Contact):
            self._screen.show_message("Only contacts can be registered: select one.", True)
        elif contact.registered:
            self._screen.show_message(f"{contact.name} is already registered.", True)
        elif self._may_edit(record_type, roster):
            start_worker(self._screen, self._register, contact, group="dialog")

    def _may_edit(self, record_type: RecordType, roster: Roster) -> bool:
        refusal = self.refusal(record_type, roster)
        if refusal is not None:
            self._screen.show_message(refusal, True)
        return refusal is None

    def _open_form(
        self, record_type: RecordType, original: Any, preset: Mapping[str, Any] | None = None
    ) -> None:
        begin_dialogs(self._screen, self._fill_in_form, record_type, original, preset)

    async def _fill_in_form(
        self,
        dialogs: DialogSequence,
        record_type: RecordType,
        original: Any,
        preset: Mapping[str, Any] | None,
    ) -> None:
        from supportdesk.console.directory.record_form import RecordForm

        form = RecordForm(self._client.context_for(self._screen.session), record_type, original, preset)
        applied: Applied | None = await dialogs.finish(form)
        if applied is not None:
            self._saved(f"{record_type.noun.capitalize()} saved.")

    async def _register(self, contact: Contact) -> None:
        registered = msgspec.structs.replace(contact, registered=True)
        command = SaveContact(registered, was=contact)
        outcome = await self._client.context_for(self._screen.session).submit(command)
        if isinstance(outcome, Refusal):
            self._screen.refuse(outcome)
        else:
            self._saved(f"{contact.name} is registered.")

    def _saved(self, text: str) -> None:
        self._screen.show_message(text, False)
        self._on_saved()


def _preset(record_type: RecordType, entry: RecordEntry | None) -> dict[str, Any]:
    """Return the initial values of a new record's fields, by name."""
    from supportdesk.console.search.candidate import Candidate

    if record_type is not CONTACTS or entry is None or not isinstance(entry.document, Contact):
        return {}
    return {"organisation": Candidate(entry.document.organisation, entry.company)}
