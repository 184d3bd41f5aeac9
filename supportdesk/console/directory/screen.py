"""The directory screen: people, customers, releases, articles and the rota, searched and edited."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Click, Resize
from textual.widgets import Input, OptionList, Static

from supportdesk.console.dialogs.dialog import key_for
from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.directory.record_details import details
from supportdesk.console.directory.record_list import RecordList
from supportdesk.console.directory.record_pane import record_text
from supportdesk.console.directory.record_types import CONTACTS, KINDS, ROTA, RecordEntry, RecordType
from supportdesk.console.directory.search import SearchResult, search_records
from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.keys.refusal_text import bound_key, with_keys
from supportdesk.console.messages import (
    DeskDisconnected,
    DeskReconnected,
    RecordsChanged,
    ReferenceDataChanged,
)
from supportdesk.console.queue.filter.values import name_as_value
from supportdesk.console.results import ShowTickets
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.footer import Footer
from supportdesk.console.widgets.line_input import LineInput
from supportdesk.console.widgets.too_small import TooSmall
from supportdesk.desk_api import Applied, DeskUnavailableError
from supportdesk.resources import style_path
from supportdesk.tickets.command import Refusal
from supportdesk.tickets.documents import Contact, Organisation, Person, Release
from supportdesk.tickets.permissions import name_permitted, refuse_person
from supportdesk.tickets.records.commands import SaveContact
from supportdesk.tickets.rota import rotation_at

if TYPE_CHECKING:
    from supportdesk.console.commands.runner import CommandRunner
from supportdesk.console.session import Session

REST = 0.05
"""Seconds without a key after which the search starts."""


class KindTab(Static):
    """The tab of a record type with the number of matches; a click opens it."""

    def __init__(self, place: int) -> None:
        super().__init__(classes="kind")
        self._place = place

    async def on_click(self, event: Click) -> None:
        """Open the tab."""
        event.stop()
        await self.screen.run_action(f"kind({self._place})")


class DirectoryScreen(DismissOnce[ShowTickets | None]):
    """Shows one record type at a time: the list, and beside or below it the details of the selected record."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.DIRECTORY)
    CSS_PATH = style_path("directory.tcss")
    AUTO_FOCUS = "RecordList"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as the base class has it

    def __init__(self, session: Session, runner: CommandRunner, text: str = "") -> None:
        super().__init__()
        self._session = session
        self._runner = runner
        self._begin = text
        self._kind: RecordType = KINDS[0]
        self._found = SearchResult(session.roster, {}, {})
        self.ready = asyncio.Event()
        """Set once the first records are shown and keys can be handled."""
        self.records, self.foot = RecordList(), Footer()
        self.too_small = TooSmall()

    def compose(self) -> ComposeResult:
        """The tabs, the search line, the list, the details and the keys."""
        with Horizontal(classes="kinds"):
            yield Static("Directory", classes="title")
            for place in range(len(KINDS)):
                yield KindTab(place)
        with Horizontal(classes="line"):
            yield Static("/", classes="slash")
            typed = LineInput(
                self._begin, compact=True, select_on_focus=False, placeholder="name, company or key"
            )
            typed.cursor_blink = False
            yield typed
            yield Static(classes="told")
        with Horizontal(classes="both"):
            yield self.records
            with VerticalScroll(classes="record", can_focus=False):
                yield Static(classes="page")
        yield self.foot
        yield self.too_small

    def on_mount(self) -> None:
        """Set up the keys and start the first search."""
        self.foot.keys = sorted(
            (key for key in self._session.keys if key.place is Scope.DIRECTORY and key.bar),
            key=lambda key: key.bar,
        )
        self.set_interval(1.0, self.foot.tick)
        self._look()

    # What is found.

    @property
    def entry(self) -> RecordEntry | None:
        """The selected record."""
        return self.records.entry

    @property
    def _text(self) -> str:
        return self.query_one(Input).value.strip()

    @work(group="find", exclusive=True)
    async def _look(self) -> None:
        text = self._text
        if text:
            await asyncio.sleep(REST)
        try:
            found = await asyncio.to_thread(search_records, self._session.desk, text)
        except DeskUnavailableError as error:
            self._say(str(error), True)
            if not self._found.entries:
                self.query_one(".page", Static).update(safe(str(error), "$quiet"))
            self.ready.set()
            return
        if text == self._text:
            self._found = found
            self._show()
        self.ready.set()

    def _show(self) -> None:
        """Show the result of the search."""
        counts, entries = self._found.counts, self._found.entries[self._kind.title]
        for tab, kind in zip(self.query(KindTab), KINDS, strict=True):
            count = counts[kind.title]
            tab.set_class(kind is self._kind, "-chosen")
            tab.set_class(not count, "-none")
            tab.update(Content(f"{kind.title} {count:,}"))
        self.records.show(entries)
        count = counts[self._kind.title]
        told = f"the first {len(entries)}; type more" if count > len(entries) else ""
        self.query_one(".told", Static).update(Content(told))
        self._show_record()

    @on(OptionList.OptionHighlighted)
    def _show_record(self) -> None:
        """Show the details of the selected record."""
        page, entry = self.query_one(".page", Static), self.entry
        if not self._found.entries:
            return
        if entry is None:
            nothing = f"No {self._kind.title.lower()}" + (
                f" match; {key_for(self, 'directory.back')} clears the search" if self._text else " yet"
            )
            page.update(safe(nothing, "$quiet"))
            return
        session, why_not = self._session, ""
        if self._refusal is not None:
            needed = name_permitted(self._kind.keep.needs, self._found.roster.staff)
            why_not = session.read_only_reason or f"Changing this requires {needed}."
        shown = details(entry, self._found.roster, session.policy, session.zone, session.now())
        page.update(record_text(entry, shown, page.size.width, why_not))

    # Movement.

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._look()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.records.focus()

    def action_find(self) -> None:
        """Focus the search line."""
        self.set_focus(self.query_one(Input))

    def action_turn(self, by: int) -> None:
        """Open the next tab (1) or the previous one (-1)."""
        self.action_kind((KINDS.index(self._kind) + by) % len(KINDS))

    def action_kind(self, place: int) -> None:
        """Open a tab by its index."""
        self._kind = KINDS[place]
        if self._found.entries:
            self._show()

    def action_move(self, by: int) -> None:
        """Move down (1) or up (-1)."""
        self.records.step(by)

    def action_page(self, by: int) -> None:
        """Move by `by` pages."""
        self.records.page(by)

    def action_top(self) -> None:
        """Move to the first record."""
        self.records.action_first()

    def action_bottom(self) -> None:
        """Move to the last record."""
        self.records.action_last()

    def action_back(self) -> None:
        """Go one step back: clear the message, leave the search line, clear it, leave the screen."""
        line = self.query_one(Input)
        if self.foot.hush():
            return
        if line.has_focus:
            self.records.focus()
        elif line.value:
            line.value = ""
        else:
            self.dismiss(None)

    # What one does.

    @property
    def _refusal(self) -> str | None:
        """Why the operator may not edit this record type; None if they may."""
        session = self._session
        if session.read_only_reason is not None:
            return session.read_only_reason
        assert session.person is not None
        refusal = refuse_person(self._kind.keep, session.person, self._found.roster.staff)
        if refusal is None:
            return None
        told = with_keys(refusal, session.keys)
        return f"{told[0].upper()}{told[1:]}."

    def _may_edit(self) -> bool:
        if self._refusal is not None:
            self._say(self._refusal, True)
        return self._refusal is None

    def action_edit(self) -> None:
        """Edit the selected record; for the rota, the rotation in force."""
        if not self._may_edit():
            return
        document = self.entry.document if self.entry is not None else None
        if self._kind is ROTA:
            self._open_form(rotation_at(self._found.roster.reference_data.rotations, self._session.now()), {})
        elif document is None:
            key = bound_key("directory.new", self._session.keys)
            self._say(f"There is nothing to edit; {key} makes a new record.", True)
        elif isinstance(document, Release) and document.shipped_at is not None:
            self._say(f"{document.key} has shipped and cannot change any more.", True)
        else:
            self._open_form(document, {})

    def action_new(self) -> None:
        """Create a record of this type; a new contact belongs to the selected contact's customer."""
        if self._kind is ROTA:
            self.action_edit()
        elif self._may_edit():
            self._open_form(None, self._preset())

    def _preset(self) -> dict[str, Any]:
        from supportdesk.console.search.candidate import Candidate

        entry = self.entry
        if self._kind is not CONTACTS or entry is None or not isinstance(entry.document, Contact):
            return {}
        return {"organisation": Candidate(entry.document.organisation, entry.company)}

    @work(group="dialog")
    async def _open_form(self, known: Any, preset: dict[str, Any]) -> None:

        from supportdesk.console.directory.record_form import RecordForm

        context = self._runner.context_for(self._session)
        form = RecordForm(context, self._kind, known, preset)
        done: Applied | None = await self.app.push_screen_wait(form)
        if done is not None:
            self._say(f"{self._kind.keep.title}: saved.", False)
            self._look()

    def action_register(self) -> None:
        """Register the selected contact, who was added with a request."""
        contact = self.entry.document if self.entry else None
        if not isinstance(contact, Contact):
            self._say("Only contacts can be registered: select one.", True)
        elif contact.registered:
            self._say(f"{contact.name} is already registered.", True)
        elif self._may_edit():
            registered = msgspec.structs.replace(contact, registered=True)
            self._send(SaveContact(registered, was=contact), f"{contact.name} is registered.")

    @work(group="dialog")
    async def _send(self, command: SaveContact, done: str) -> None:
        outcome = await self._runner.context_for(self._session).submit(command)
        if isinstance(outcome, Refusal):
            self._say(f"{with_keys(outcome, self._session.keys)}.", True)
            return
        self._say(done, False)
        self._look()

    @work(group="dialog")
    async def action_undo(self) -> None:
        """Undo the operator's last change to a record, whichever type is shown."""
        if self._session.read_only_reason is not None:
            self._say(self._session.read_only_reason, True)
            return
        undone = await self._runner.undo_record()
        if isinstance(undone, Refusal):
            told = with_keys(undone, self._session.keys).rstrip(".")
            self._say(f"{told}.", True)
        elif undone is not None:
            self._say(undone, False)
            self._look()

    def action_tickets(self) -> None:
        """Return to the queue, filtered to the open tickets of this customer or member of staff."""
        entry = self.entry
        match entry.document if entry else None:
            case Person(username=username) | str(username):
                self.dismiss(ShowTickets(f"owner:{name_as_value(username)}"))
            case Organisation(name=name):
                self.dismiss(ShowTickets(_of_company(name)))
            case Contact() if entry is not None:
                self.dismiss(ShowTickets(_of_company(entry.company)))
            case _:
                self._say("Only customers and staff have tickets: select one of those.", True)

    def action_help(self) -> None:
        """Show the keys that work here."""
        from supportdesk.console.dialogs.help_screen import HelpEntry, HelpScreen
        from supportdesk.console.keys.names import display_all

        keys = [key for key in self._session.keys if key.place is Scope.DIRECTORY]
        refused = {"directory.edit", "directory.new", "directory.register"} if self._refusal else set()
        self.app.push_screen(
            HelpScreen(
                HelpEntry(
                    key.place.value,
                    display_all(key.keys),
                    "",
                    key.help,
                    refused=(self._refusal or "") if key.id in refused else "",
                )
                for key in keys
            )
        )

    # What the desk tells meanwhile.

    @on(ReferenceDataChanged)
    @on(RecordsChanged)
    def _saved(self) -> None:
        """Look up what there is again: somebody has saved a record, or a shift has begun."""
        self._look()

    def on_desk_disconnected(self, message: DeskDisconnected) -> None:
        """Show why the desk is unavailable; the records stay."""
        self._say(message.reason, True)

    def on_desk_reconnected(self, message: DeskReconnected) -> None:
        """Search again once the desk is available."""
        self._say("The desk is back.", False)
        self._look()

    def on_resize(self, event: Resize) -> None:
        """Show a message where the screen is too small."""
        self.too_small.display = TooSmall.applies_to(event.size)
        self.call_after_refresh(self._show_record)

    def _say(self, text: str, refused: bool) -> None:
        self.foot.say(text, refused=refused)


def _of_company(name: str) -> str:
    return f"org:{name_as_value(name)}"
