"""Sends an operator's commands and queries to the desk, on threads, and posts what was asked for as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from supportdesk.console.messages import ExplanationLoaded, ReferenceDataChanged, TicketLoaded

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from supportdesk.console.desk_watch import DeskWatch
    from supportdesk.desk_api import DeskApi, Outcome
    from supportdesk.store.read_models import Erasure, ErasurePreview, TicketView
    from supportdesk.tickets.command import Command
    from supportdesk.tickets.documents import DeskNotice
    from supportdesk.tickets.escalation.explanation import EscalationExplanation
    from supportdesk.tickets.inbox.entry import InboxEntry
    from supportdesk.tickets.record_undo import RecordChange
    from supportdesk.tickets.refusal import Refusal


class DeskClient:
    """Sends one operator's commands and queries to the desk that a `DeskWatch` has opened.

    The methods block: call them on threads. Those that begin with `post` answer with a message.
    """

    def __init__(self, watch: DeskWatch) -> None:
        self.watch = watch
        self._ids: dict[Command, str] = {}
        """The id of each command whose outcome is unknown."""

    def do(self, command: Command, command_id: str | None = None, begun: int | None = None) -> Outcome:
        """Execute a command and post the changes at once. A desk that cannot be reached is a refusal.

        `begun` is the number of the last event that had been read when the operator began to type it; see `Commands`.
        Whether a command took effect before the connection was lost is unknown. A command without an id is given one,
        which is reused until the outcome is known, so that the same command sent again is executed once.
        """
        by = self.watch.username

        def carry_out(desk: DeskApi, command_id: str) -> Outcome:
            return desk.do(command, by=by, command_id=command_id, begun=begun)

        return self.send(command, carry_out, command_id)

    def send(
        self, command: Command, carry_out: Callable[[DeskApi, str], Outcome], command_id: str | None = None
    ) -> Outcome:
        """Carry out a command in another way than `do`, such as with others; `carry_out` is given its id."""
        from supportdesk.desk_api import Applied, DeskReplacedError, DeskUnavailableError, UnknownTicketError
        from supportdesk.tickets.refusal import Refusal

        command_id = command_id or self._ids.setdefault(command, str(uuid4()))
        try:
            outcome = carry_out(self.watch.desk, command_id)
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            reason = str(error).rstrip(".")
            if isinstance(error, DeskReplacedError):
                return Refusal(f"{reason}. Nothing was sent; what you typed is saved.")
            return Refusal(f"{reason}. What you typed is saved: send it again when the desk is back.")
        except UnknownTicketError as error:
            outcome = Refusal(str(error))
        self._ids.pop(command, None)
        if isinstance(outcome, Applied):
            self.watch.post_changes()
        return outcome

    def forget_commands(self) -> None:
        """Forget the commands whose outcome is unknown: a contact was erased who may be named in them."""
        self._ids.clear()

    def ticket(self, ref: str) -> TicketView | Refusal:
        """Return a ticket with its timeline, or why it cannot be read."""
        from supportdesk.desk_api import DeskUnavailableError, UnknownTicketError
        from supportdesk.tickets.refusal import Refusal

        try:
            return self.watch.desk.ticket(ref)
        except UnknownTicketError:
            return Refusal(f"There is no ticket {ref}; check the reference.")
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            return Refusal(str(error))

    def find_last_erasure(self) -> Erasure | None:
        """Return when a contact was last erased; None without one, and where it cannot be read now."""
        from supportdesk.desk_api import DeskUnavailableError

        try:
            return self.watch.desk.find_last_erasure()
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            return None

    def preview_erasure(self, contact: str) -> ErasurePreview | Refusal:
        """Return what erasing a contact changes, or why the operator cannot. Reads the whole ledger."""
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.tickets.refusal import Refusal

        try:
            return self.watch.desk.preview_erasure(contact, by=self.watch.username)
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            return Refusal(str(error))

    def remove_traces(self) -> Refusal | None:
        """Remove what an erasure left in free space; return why that failed, and what to do."""
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.tickets.refusal import Refusal

        try:
            self.watch.desk.remove_traces()
        except DeskUnavailableError as error:
            return Refusal(
                f"The contact is erased, but free space of the desk still contains traces: {error}. Then run"
                " `supportdesk erase --finish`"
            )
        return None

    def escalation(self, ref: str) -> EscalationExplanation | Refusal:
        """Return the escalation of a ticket as of now, or why it cannot be read."""
        from supportdesk.desk_api import DeskUnavailableError, UnknownTicketError
        from supportdesk.sla.calendar import CalendarError
        from supportdesk.tickets.refusal import Refusal

        try:
            return self.watch.desk.explain_escalation(ref)
        except UnknownTicketError:
            return Refusal(f"There is no ticket {ref}; check the reference.")
        except CalendarError as error:
            return Refusal(str(error))
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            return Refusal(str(error))

    def notices(self, prefix: str) -> list[DeskNotice] | Refusal:
        """Return the notices about no ticket whose keys begin with a text, or why they cannot be read."""
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.tickets.refusal import Refusal

        try:
            return self.watch.desk.notices(prefix)
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            return Refusal(str(error))

    def inbox(self, since: datetime) -> list[InboxEntry] | Refusal:
        """Return what was sent to the operator since an instant, the newest first, or why it cannot be read."""
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.tickets.refusal import Refusal

        try:
            return self.watch.desk.inbox(self.watch.username, since)
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            return Refusal(str(error))

    def count_waiting(self) -> int | Refusal:
        """Return how many messages that arrived wait for a decision, or why they cannot be counted."""
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.tickets.incoming_message import MAIL_WAITS
        from supportdesk.tickets.refusal import Refusal

        try:
            counts = self.watch.desk.count_incoming(states=MAIL_WAITS).values()
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            return Refusal(str(error))
        return sum(states.get(state, 0) for states in counts for state in MAIL_WAITS)

    def last_undoable_ticket(self) -> str | Refusal:
        """Return the reference of the ticket of the operator's last undoable action, or why there is none."""
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.tickets.refusal import Refusal

        try:
            ref = self.watch.desk.last_undoable_ticket(self.watch.username)
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            return Refusal(str(error))
        return ref or Refusal("You have done nothing in the last ten minutes that can be undone.")

    def last_record_change(self) -> RecordChange | Refusal:
        """Return the operator's last change to a record that may still be taken back, or why there is none."""
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.tickets.refusal import Refusal

        try:
            change = self.watch.desk.last_record_change(self.watch.username)
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
            return Refusal(str(error))
        return change or Refusal("You have changed no record in the last ten minutes.")

    def post_ticket(self, ref: str) -> None:
        """Read a ticket with its timeline and, until it is closed, its escalation, and post both."""
        from supportdesk.tickets.refusal import Refusal

        read = self.ticket(ref)
        if isinstance(read, Refusal):
            self.watch.post(TicketLoaded(ref, None, read.reason))
            return
        escalation = self.escalation(ref) if read.ticket.closed_as is None else None
        self.watch.post(
            TicketLoaded(ref, read, escalation=None if isinstance(escalation, Refusal) else escalation)
        )

    def post_explanations(self, ref: str) -> None:
        """Post the explanations of both clocks of a ticket."""
        from supportdesk.desk_api import DeskUnavailableError, UnknownTicketError
        from supportdesk.sla.clocks import ClockKind

        desk = self.watch.desk
        try:
            self.watch.post(ExplanationLoaded(ref, {kind: desk.explain(ref, kind) for kind in ClockKind}))
        except UnknownTicketError:
            return
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)

    def post_reference_data(self) -> None:
        """Post the policy in force and the roster: staff, releases and who is on call."""
        from supportdesk.desk_api import DeskUnavailableError

        desk = self.watch.desk
        try:
            self.watch.post(ReferenceDataChanged(desk.policy_at(desk.now()), desk.roster()))
        except DeskUnavailableError as error:
            self.watch.report_disconnected(error)
