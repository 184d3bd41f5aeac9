"""The directory screen: people, customers, releases, articles and the rota, searched and edited."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from supportdesk.console.commands.feature_screen import FeatureScreen
from supportdesk.console.dialogs.key_hints import key_for
from supportdesk.console.directory.contact_erasure import ContactErasure
from supportdesk.console.directory.open_tickets import filter_for
from supportdesk.console.directory.record_details import details
from supportdesk.console.directory.record_editor import RecordEditor
from supportdesk.console.directory.record_list import RecordList
from supportdesk.console.directory.record_tabs import RecordTabs
from supportdesk.console.directory.record_text import record_text
from supportdesk.console.directory.record_types import (
    RECORD_TYPES,
    ROTA,
    RecordEntry,
    RecordType,
    UnfinishedRecord,
)
from supportdesk.console.directory.search import SearchResult, search_records
from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.messages import DeskReconnected, RecordsChanged, ReferenceDataChanged
from supportdesk.console.results import ShowTickets
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_input import LineInput
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.resources import style_path

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session

REST = 0.05
"""Seconds without a key after which the search starts."""
_EDITING_KEYS = {"directory.edit", "directory.new", "directory.register"}


class DirectoryScreen(FeatureScreen[ShowTickets | None]):
    """Shows one type of records at a time: the list, and beside or below it the details of the selected record.

    It has more than 25 methods because Textual finds actions and message handlers by their names on the screen; the
    tabs, the list and the editor do the work.
    """

    SCOPE = Scope.DIRECTORY
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    CSS_PATH = style_path("directory.tcss")
    IN_PALETTE = frozenset({*_EDITING_KEYS, "directory.undo", "directory.erase", "directory.tickets"})
    AUTO_FOCUS = "RecordList"

    def __init__(
        self,
        session: Session,
        client: ScreenClient,
        text: str = "",
        *,
        unfinished: UnfinishedRecord | None = None,
    ) -> None:
        super().__init__(session)
        self._client = client
        self._unfinished = unfinished
        self._record_type: RecordType = unfinished.record_type if unfinished is not None else RECORD_TYPES[0]
        by_key = unfinished is not None and self._record_type is not ROTA
        self._initial_text = unfinished.key if unfinished is not None and by_key else text
        self._search_result = SearchResult(session.roster, {}, {})
        self.ready = asyncio.Event()
        """Set once the first records are shown and keys can be handled."""
        self.tabs, self.records = RecordTabs(), RecordList()
        self._editor = RecordEditor(self, client, on_saved=self._search)
        self._erasure = ContactErasure(self, client)

    def compose(self) -> ComposeResult:
        """Yield the tabs, the search line, the list, the details and the keys."""
        yield self.tabs
        with Horizontal(classes="line"):
            yield Static("/", classes="slash")
            search_line = LineInput(
                self._initial_text, compact=True, select_on_focus=False, placeholder="name, company or key"
            )
            search_line.cursor_blink = False
            yield search_line
            yield Static(classes="count-note")
        with Horizontal(classes="both"):
            yield self.records
            with VerticalScroll(classes="record", can_focus=False):
                yield Static(classes="page")
        yield self.foot
        yield self.too_small

    def on_mount(self) -> None:
        """Start the first search."""
        self._search()

    # The search.

    @property
    def entry(self) -> RecordEntry | None:
        """The selected record; None for an empty list."""
        return self.records.entry

    @property
    def _text(self) -> str:
        return self.query_one(Input).value.strip()

    @work(group="find", exclusive=True)
    async def _search(self) -> None:
        text = self._text
        if text:
            await asyncio.sleep(REST)
        try:
            result = await asyncio.to_thread(search_records, self.session.desk, text)
        except DeskUnavailableError as error:
            self.show_message(str(error), True)
            if not self._search_result.entries:
                self.query_one(".page", Static).update(safe(str(error), "$quiet"))
            self.ready.set()
            return
        if text == self._text:
            self._search_result = result
            self._show()
            self._continue()
        self.ready.set()

    def _continue(self) -> None:
        """Open the form of the unfinished record, once the record is found."""
        unfinished, self._unfinished = self._unfinished, None
        if unfinished is None:
            return
        roster, entries = self._search_result.roster, self._search_result.entries[self._record_type.title]
        entry = next((each for each in entries if each.key == unfinished.key), None)
        if not unfinished.key:
            self._editor.add(self._record_type, None, roster)
        elif entry is not None or self._record_type is ROTA:
            self._editor.edit(self._record_type, entry, roster)

    def _show(self) -> None:
        """Show the result of the search."""
        counts, entries = self._search_result.counts, self._search_result.entries[self._record_type.title]
        self.tabs.show(self._record_type, counts)
        self.records.show(entries)
        count = counts[self._record_type.title]
        note = f"the first {len(entries)}; type more" if count > len(entries) else ""
        self.query_one(".count-note", Static).update(Content(note))
        self.redraw()

    @on(OptionList.OptionHighlighted)
    def redraw(self) -> None:
        """Show the details of the selected record."""
        page, entry = self.query_one(".page", Static), self.entry
        if not self._search_result.entries:
            return
        if entry is None:
            page.update(safe(self._no_records(), "$quiet"))
            return
        session = self.session
        shown = details(entry, self._search_result.roster, session.policy, session.zone, session.now())
        why_not = self._editor.refusal_in_brief(self._record_type, self._search_result.roster)
        page.update(record_text(entry, shown, page.size.width, why_not))

    def _no_records(self) -> str:
        """Return that the list is empty; after a search also which lists have matches."""
        title, counts = self._record_type.title, self._search_result.counts
        none = "No people in the rota" if title == ROTA.title else f"No {title.lower()}"
        if not self._text:
            return f"{none} yet"
        others = [each.title for each in RECORD_TYPES if counts[each.title]]
        elsewhere = f"; there are matches in {' and '.join(others)}" if others else ""
        return f"{none} match{elsewhere}; {key_for(self, 'directory.back')} clears the search"

    # Movement.

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._search()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        focus_at_once(self.records)

    def action_find(self) -> None:
        """Put the focus on the search line."""
        self.set_focus(self.query_one(Input))

    def action_turn(self, by: int) -> None:
        """Open the next tab (1) or the previous one (-1)."""
        self.action_kind((RECORD_TYPES.index(self._record_type) + by) % len(RECORD_TYPES))

    def action_kind(self, place: int) -> None:
        """Open a tab by its index."""
        self._record_type = RECORD_TYPES[place]
        if self._search_result.entries:
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
        search_line = self.query_one(Input)
        if self.foot.clear_message():
            return
        if search_line.has_focus:
            focus_at_once(self.records)
        elif search_line.value:
            search_line.value = ""
        else:
            self.dismiss(None)

    # Changes to records.

    def action_edit(self) -> None:
        """Edit the selected record; for the rota, the rotation in force."""
        self._editor.edit(self._record_type, self.entry, self._search_result.roster)

    def action_new(self) -> None:
        """Add a record of this type; a new contact belongs to the selected contact's customer."""
        self._editor.add(self._record_type, self.entry, self._search_result.roster)

    def action_register(self) -> None:
        """Register the selected contact, who was added with a request."""
        self._editor.register(self._record_type, self.entry, self._search_result.roster)

    def action_erase(self) -> None:
        """Erase the selected contact, after a question that says what changes."""
        self._erasure.begin(self.entry, self._search_result.roster)

    def action_undo(self) -> None:
        """Undo the operator's last change to a record, whichever type is shown."""
        self.undo_record_change(self._client, self._search)

    # Other screens.

    def action_tickets(self) -> None:
        """Return to the queue, filtered to the open tickets of this customer or member of staff."""
        text = filter_for(self.entry) if self.entry is not None else None
        if text is None:
            self.show_message("Only customers and staff have tickets: select one of those.", True)
        else:
            self.dismiss(ShowTickets(text))

    def refused_keys(self) -> Mapping[str, str]:
        """Return why records of this type cannot be edited, for the keys that do it."""
        roster = self._search_result.roster
        refusal, may_not_erase = (
            self._editor.refusal(self._record_type, roster),
            self._erasure.refusal(roster),
        )
        refused = dict.fromkeys(_EDITING_KEYS, refusal) if refusal is not None else {}
        return refused if may_not_erase is None else {**refused, "directory.erase": may_not_erase}

    # Messages of the desk.

    def forget_erased(self) -> bool:
        """Search again, without what was typed: it may be the name of a contact who was erased."""
        self._unfinished = None
        self.query_one(Input).value = ""
        self._search_result = SearchResult(self.session.roster, {}, {})
        self.records.show(())
        self._search()
        return False

    @on(ReferenceDataChanged)
    @on(RecordsChanged)
    @on(DeskReconnected)
    def _records_changed(self) -> None:
        """Search again: somebody has saved a record, a shift has begun, or the desk is available again."""
        self._search()
