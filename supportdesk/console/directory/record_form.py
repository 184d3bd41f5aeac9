"""The form for any record of the directory, built from `RECORD_FIELDS`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from textual.content import Content

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.directory.record_types import RecordType
from supportdesk.console.forms.argument_fields import FieldContext, field_for
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.workers import start_worker
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.sla.formatting import full_time, near_day
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import (
    Article,
    Contact,
    Organisation,
    Person,
    Release,
    Role,
    Rotation,
    key_of,
)
from supportdesk.tickets.recalculation import refuse_past_day
from supportdesk.tickets.record_fields import IMMUTABLE_FIELDS, RECORD_FIELDS
from supportdesk.tickets.records.commands import (
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
    SaveRotation,
)
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.registration import find_same_names
from supportdesk.tickets.remedies import CONFIRM_LEAVING, CONFIRM_UNREACHABLE
from supportdesk.tickets.rota.changed_rota import with_rotations
from supportdesk.tickets.rota.gaps import GAP_NOTICE, find_new_gaps
from supportdesk.tickets.rota.layers import with_rotation

_KEY_LABELS: Mapping[type[msgspec.Struct], str] = {Release: "Version", Article: "Article number"}
"""The labels of keys that operators choose."""

_MOST_LISTED = 8
"""The most tickets listed of those that a changed release affects, and the most gaps of a rota."""


class RecordForm(Form):
    """Asks for the details of a record and saves it. `original` is the record to change, None for a new one.

    `preset` holds the initial values of a new record's fields, by name.
    """

    submit_label = "save"

    def __init__(
        self,
        context: CommandContext,
        record_type: RecordType,
        original: Any = None,
        preset: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            context,
            "directory",
            f"{record_type.command.title} {key_of(original) if original else ''}".strip(),
        )
        self._record_type = record_type
        self._original = original
        self._preset = dict(preset or {})
        self._another = False
        self._despite_gap = False
        self._unreachable = False
        self._field_context = FieldContext(context, context.policy, None)

    @property
    def _is_new(self) -> bool:
        return self._original is None and self._record_type.document_type is not Rotation

    def heading(self) -> Content:
        """Return the type of the record."""
        noun = "rotation" if self._record_type.document_type is Rotation else self._record_type.noun
        return Content(f"New {noun}" if self._original is None else noun.capitalize())

    def subject(self) -> Content:
        """Return the record's key, which cannot be changed; for a rotation, when it starts."""
        if isinstance(self._original, Rotation):
            return safe(f"from {full_time(self._original.starts, self.context.zone)}")
        return safe(key_of(self._original)) if self._original is not None else Content()

    def fields(self) -> list[Field]:
        """Return one field for each detail; a key that tickets refer to cannot be changed."""
        original = self._original
        arguments = [
            each
            for each in RECORD_FIELDS[self._record_type.document_type]
            if original is None or each.name not in IMMUTABLE_FIELDS
        ]
        initial = msgspec.structs.asdict(original) if original is not None else self._preset
        fields = [field_for(each, self._field_context, initial.get(each.name)) for each in arguments]
        for field in fields:
            if field.id == "key":
                field.label = _KEY_LABELS.get(self._record_type.document_type, field.label)
        return fields

    def command(self) -> Command:
        """Return the command that saves the record with the values of the fields."""
        values = {field.id or "": field.value for field in self.query(Field)}
        command: Callable[..., Command] = self._record_type.command
        confirmed = {"despite_gap": True} if self._despite_gap else {}
        confirmed |= {"unreachable": True} if self._unreachable else {}
        return command(
            self._document(values), new=self._is_new, another=self._another, was=self._original, **confirmed
        )

    def _document(self, values: dict[str, Any]) -> msgspec.Struct:
        document_type = self._record_type.document_type
        if document_type is Person:
            values["roles"] = tuple(Role(role) for role in values["roles"])
        elif document_type is Organisation:
            values["account_manager"] = values["account_manager"] or None
        elif document_type is Rotation:
            values["timezone"] = self.context.policy.timezone
        document: msgspec.Struct = (
            msgspec.structs.replace(self._original, **values) if self._original else document_type(**values)
        )
        return document

    async def confirm(self, command: Command) -> bool:
        """Ask before fix dates move, a person loses access, or a name is used twice."""
        leaves = isinstance(command, SavePerson) and not command.person.active
        if leaves and self._original is not None and self._original.active and not self._unreachable:
            assert isinstance(command, SavePerson)
            text = f"{command.person.name} will lose access to this desk; their past actions keep their name."
            return await self._confirmed(f"{command.person.name} has left?", text, "Mark as left")
        if isinstance(command, SaveOrganisation | SaveContact | SavePerson):
            return await self._confirm_namesake(command.document)
        if isinstance(command, SaveRelease) and self._original is not None:
            return await self._confirm_release_change(self._original, command.release)
        if isinstance(command, SaveRotation):
            return await self._confirm_gap(command)
        return True

    def show_refusal(self, refusal: Refusal) -> None:
        """Show why the form was refused; ask where no page would reach whom it should, or nobody would be on call."""
        if {(CONFIRM_UNREACHABLE,), (CONFIRM_LEAVING,)} & set(refusal.remedies):
            start_worker(self, self._ask_to_leave_unreachable, refusal, group="dialog")
        else:
            super().show_refusal(refusal)

    async def _ask_to_leave_unreachable(self, refusal: Refusal) -> None:
        self.show_status("")
        leaves = (CONFIRM_LEAVING,) in refusal.remedies
        question = "Leave a gap in the rota?" if leaves else "Leave no address?"
        if await self._confirmed(question, f"{refusal.why[:1].upper()}{refusal.why[1:]}.", "Save"):
            self._unreachable = True
            await self.action_send()

    async def _confirm_gap(self, command: SaveRotation) -> bool:
        """Ask before a rotation leaves a time of the next 14 days, which is covered now, without anybody on call."""
        data, now, zone = self.context.roster.reference_data, self.context.desk.now(), self.context.zone
        after = with_rotations(data, with_rotation(data.rotations, command.rotation))
        gaps = find_new_gaps(data, after, now, now + GAP_NOTICE)
        if command.despite_gap or not gaps:
            return True
        text = "\n".join(
            f"{full_time(gap.start, zone)} to {full_time(gap.end, zone)}" for gap in gaps[:_MOST_LISTED]
        )
        if await self._confirmed("Leave a gap in the rota?", f"Nobody would be on call from\n{text}", "Save"):
            self._despite_gap = True
            self.call_later(self.action_send)
        return False

    async def _confirm_namesake(self, record: Organisation | Contact | Person) -> bool:
        """Ask before a customer, contact or colleague gets the same name as another, ignoring accents."""
        chosen = self._another or (self._is_new and not isinstance(record, Person) and record.key)
        if chosen or (self._original is not None and self._original.name == record.name):
            return True
        try:
            namesakes = find_same_names(record, await asyncio.to_thread(self._similar_names, record))
        except DeskUnavailableError as error:
            self.show_status(str(error), refused=True)
            return False
        if not namesakes:
            return True
        text = "\n".join(f"{name}  ({key})" for key, name in namesakes)
        if await self._confirmed(
            f"Add another {record.name}?", f"In the directory already:\n{text}", "Add another"
        ):
            self._another = True
            self.call_later(self.action_send)
        return False

    def _similar_names(self, record: Organisation | Contact | Person) -> list[tuple[str, str]]:
        """Return the keys and names that may be confused with a record. Blocks."""
        desk = self.context.desk
        if isinstance(record, Person):
            return [(each.username, each.name) for each in desk.roster().staff]
        if isinstance(record, Contact):
            return [(each.key, each.name) for each in desk.contacts(record.organisation)]
        # The search finds names that begin with the words: `Calder Textiles` would not find `Calder Textile`.
        first_word = record.name.split()[0] if record.name.split() else ""
        return [(each.key, each.name) for each in desk.find_organisations(first_word, 200)]

    async def _confirm_release_change(self, was: Release, release: Release) -> bool:
        """List the tickets whose fix date moves with the release, or is met by it, and ask first (rule 5)."""
        if (was.day, was.shipped_at) == (release.day, release.shipped_at):
            return True
        desk = self.context.desk
        refusal = refuse_past_day(desk.policies.values(), was, release, desk.now())
        if refusal is not None:
            self.show_status(self.context.refusal_text(refusal), refused=True)
            return False
        try:
            rows = await asyncio.to_thread(self.context.desk.promised_tickets, release.key)
        except DeskUnavailableError as error:
            self.show_status(str(error), refused=True)
            return False
        lines = [f"{row.ref}  {row.organisation}: {row.summary}" for row in rows[:_MOST_LISTED]]
        if len(rows) > _MOST_LISTED:
            lines.append(f"and {len(rows) - _MOST_LISTED} more")
        if release.shipped_at is not None:
            question, what = f"Mark {release.key} as shipped?", "This delivers the fix promised for:"
        else:
            today = self.context.desk.now().date()
            question = (
                f"Move {release.key} from {near_day(was.day, today)} to {near_day(release.day, today)}?"
            )
            what = "The promised fix date moves for:"
        none = "No ticket has a fix promised in this release."
        return await self._confirmed(question, "\n".join([what, *lines] if rows else [none]), "Save")

    async def _confirmed(self, question: str, text: str, yes: str) -> bool:
        answer: bool | None = await self.ask(Confirm(question, text, yes))
        return bool(answer)
