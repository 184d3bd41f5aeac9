"""The screen of the handover of a shift: what is handed over, by keys, and its acceptance."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from supportdesk.console.commands.feature_screen import FeatureScreen
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.sequence import DialogSequence, begin_dialogs
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.messages import (
    DeskReconnected,
    QueueChanged,
    RecordsChanged,
    ReferenceDataChanged,
)
from supportdesk.console.results import VisitResult
from supportdesk.console.shift.reader import read_handover
from supportdesk.console.shift.text import (
    ShiftLook,
    detail_text,
    handover_number,
    ref_of,
    shift_lines,
    shift_span,
    shift_title,
)
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_list import LineList
from supportdesk.reports.shift_handover import ShiftHandover, find_given, open_handovers
from supportdesk.resources import style_path
from supportdesk.tickets.command import Command
from supportdesk.tickets.records.shift_commands import AcceptHandover, WithdrawHandover
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session


class ShiftScreen(FeatureScreen[VisitResult]):
    """Shows what the operator hands over, and the handovers that they may accept; dismissed with a ticket to go to."""

    SCOPE = Scope.SHIFT
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    CSS_PATH = style_path("shift.tcss")

    def __init__(self, session: Session, client: ScreenClient) -> None:
        super().__init__(session)
        self._client = client.for_screen(self, self.show_message)
        self.found: ShiftHandover | None = None
        self._whose = self._giver() or session.username
        """The person whose shift is shown: the one who hands theirs over to the operator, or the operator."""
        self._title, self._list, self._details = (
            Static(classes="span"),
            LineList(classes="parts"),
            Static(classes="details"),
        )

    def compose(self) -> ComposeResult:
        """Yield the shift, what is handed over, the details of the selected line and the keys."""
        with Horizontal(classes="shift-head"):
            yield Static("Shift", classes="title")
            yield self._title
        yield self._list
        yield self._details
        yield self.foot
        yield self.too_small

    def on_mount(self) -> None:
        """Read what is handed over."""
        self._title.update(safe("reading …"))
        self._read()

    # Reading and drawing.

    @on(QueueChanged)
    @on(RecordsChanged)
    @on(ReferenceDataChanged)
    @on(DeskReconnected)
    @work(group="look up", exclusive=True)
    async def _read(self) -> None:
        """Read what is handed over again; a desk that cannot be read leaves it as it is."""
        await self._read_now()

    async def _read_now(self) -> None:
        whose = self._whose
        read = partial(read_handover, self.session.desk, whose)
        found = await self._client.in_thread(read, "shift")
        if isinstance(found, Refusal):
            self.show_message(found.reason, True)
        elif whose == self._whose:
            self.found = found
            self.redraw()

    def _giver(self) -> str:
        """Return the username of the colleague who asks the operator to take over; an empty text without one."""
        session = self.session
        waiting = open_handovers(session.roster.reference_data, session.username)
        return next((each.given_by for each in waiting if each.asked == session.username), "")

    def redraw(self) -> None:
        """Draw what is handed over, once it is read."""
        if self.found is not None:
            self._title.update(safe(shift_title(self.found, self._look)))
            self._list.show(shift_lines(self.found, self._look))
            self._show_details()

    @on(LineList.Moved)
    def _show_details(self) -> None:
        if self.found is not None:
            self._details.update(detail_text(self._list.key, self.found, self._look))

    @property
    def _look(self) -> ShiftLook:
        session = self.session
        return ShiftLook(
            session.username,
            self._whose,
            session.roster.reference_data,
            session.policy,
            session.zone,
            session.now(),
            self._list.content_size.width,
        )

    # Moving.

    def action_move(self, by: int) -> None:
        """Move the cursor by so many lines."""
        self._list.move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by a page."""
        self._list.page(by)

    def action_end(self, by: int) -> None:
        """Move the cursor to the first line (-1) or the last one (1)."""
        self._list.move_to_end(by)

    @on(LineList.Opened)
    def action_open(self) -> None:
        """Open the ticket of the selected line."""
        ref = ref_of(self._list.key)
        if ref:
            self.dismiss(ref)
        else:
            self.show_message("Select a ticket to open it.", True)

    def action_switch(self) -> None:
        """Show the shift of the colleague of the selected handover, or the operator's own again."""
        session, number = self.session, handover_number(self._list.key)
        waiting = open_handovers(session.roster.reference_data, session.username)
        others = [each for each in waiting if number in (None, each.number)] or waiting
        if self._whose != session.username:
            self._whose = session.username
        elif others:
            self._whose = others[0].given_by
        else:
            self.show_message("No colleague hands their shift over.", True)
            return
        self._read()

    # Handing over.

    def action_hand_over(self) -> None:
        """Show the operator's own shift, and open the form that hands it over."""
        if self.may_act():
            begin_dialogs(self, self._hand_over)

    async def _hand_over(self, dialogs: DialogSequence) -> None:
        if self._whose != self.session.username:
            self._whose, self.found = self.session.username, None
        if self.found is None:
            await self._read_now()
        if self.found is None:
            dialogs.refuse()
            return
        from supportdesk.console.shift.form import ShiftForm

        session, shift = self.session, self.found.shift
        given = find_given(session.roster.reference_data, session.username, shift)
        to, note = shift.next_person, ""
        if given is not None and given.is_open:
            to, note = given.asked or "", given.note
        form = ShiftForm(
            self._client.context_for(session),
            shift_span(shift, self._look),
            to if to != session.username else "",
            note,
        )
        if await dialogs.finish(form) is not None:
            self.show_message("Your shift is handed over; it waits for the colleague who accepts it.", False)

    def action_accept(self) -> None:
        """Accept the selected handover, or the only one, after a question."""
        if not self.may_act():
            return
        session = self.session
        data = session.roster.reference_data
        waiting = open_handovers(data, session.username)
        chosen = handover_number(self._list.key)
        found = [each for each in waiting if chosen in (None, each.number)] or waiting
        if len(found) != 1:
            self.show_message("Select one of the handovers." if found else "No handover waits for you.", True)
            return
        name = next(
            (each.name for each in session.roster.staff if each.username == found[0].given_by),
            found[0].given_by,
        )
        question = Confirm(f"Take over the shift of {name}?", found[0].note, "Accept")
        begin_dialogs(self, self._accept, question, found[0].number)

    async def _accept(self, dialogs: DialogSequence, question: Confirm, number: int) -> None:
        if await dialogs.ask(question):
            await self._submit(dialogs, AcceptHandover(number), "You have taken over.")
            self._whose = self.session.username
            self._read()

    def action_withdraw(self) -> None:
        """Withdraw the operator's open handover, after a question."""
        if not self.may_act():
            return
        session = self.session
        handovers = session.roster.reference_data.handovers
        given = next((each for each in handovers if each.given_by == session.username and each.is_open), None)
        if given is None:
            self.show_message("You have no open handover.", True)
            return
        question = Confirm("Withdraw your handover?", given.note, "Withdraw")
        begin_dialogs(self, self._withdraw, question, given.number)

    async def _withdraw(self, dialogs: DialogSequence, question: Confirm, number: int) -> None:
        if await dialogs.ask(question):
            await self._submit(dialogs, WithdrawHandover(number), "Your handover is withdrawn.")

    def action_undo(self) -> None:
        """Undo the operator's last change to a record, after a question that describes it."""
        self.undo_record_change(self._client)

    async def _submit(self, dialogs: DialogSequence, command: Command, done: str) -> None:
        outcome = await self._client.submit(command)
        if isinstance(outcome, Refusal):
            dialogs.refuse()
            self.refuse(outcome)
        else:
            self.show_message(done, False)
