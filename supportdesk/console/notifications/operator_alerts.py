"""Notices for this operator only: a page, a ticket that is offered to them, an unfinished form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Protocol

from supportdesk.console.drafts.reminder import draft_reminders
from supportdesk.console.notifications.handover import HANDOVER, handover_notice
from supportdesk.console.widgets.notice import Notice, Rank
from supportdesk.console.workers import start_worker
from supportdesk.sla.clocks import epoch
from supportdesk.tickets.ticket import Stage

if TYPE_CHECKING:
    from datetime import datetime

    from textual.screen import Screen

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.notifications.controller import NoticeController
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import QueueRow


class GoTo(Protocol):
    """Moves the cursor to a ticket, or opens it with `inside`."""

    async def __call__(self, ref: str, *, inside: bool) -> None: ...


class OperatorAlerts:
    """Adds and removes the notices that need this operator's attention.

    `show_message` shows a text at the foot; `open_first` is the reference of the ticket to open at the start, or empty.
    """

    def __init__(
        self,
        screen: Screen[None],
        client: ScreenClient,
        notices: NoticeController,
        show_message: Callable[[str, bool], None],
        open_first: str,
    ) -> None:
        self._screen = screen
        self._client = client
        self._notices = notices
        self._show_message = show_message
        self._open_first = open_first
        self._drafts: dict[str, str] = {}
        """The text about each draft that was found at the start, by the id of its notice."""
        self._handover_shown = ""
        """The text of the handover that the operator has been shown."""
        self._pages_shown: dict[str, datetime] = {}
        """When each page that the operator has been shown was sent, by the ticket's reference."""
        self._to_record: set[str] = set()
        """The tickets with a page to the operator that is to be recorded as shown, once its notice appears."""
        self._unrecorded: set[str] = set()
        """The tickets with a page that was shown and could not be recorded."""
        notices.on_shown = self._record_shown

    async def begin(self, session: Session, typed: KeyHold, go_to: GoTo) -> None:
        """Open the requested ticket, or go to the one of the first page to the operator, one of the most severe.

        Tickets that were offered while the console was closed have a notice, as those offered later do.
        """
        try:
            self._show_startup_notices(session)
            if session.read_only_reason is None:
                for row in _rows(session):
                    self._show_offer(session, None, row)
                self.show_handover(session)
            if self._open_first:
                await go_to(self._open_first, inside=True)
            elif session.read_only_reason is None:
                from supportdesk.console.paging.open_page import is_for_operator

                pages = [row for row in _rows(session) if is_for_operator(row, session)]
                # In the order of the notices, so that none appears for a moment only.
                pages.sort(
                    key=lambda row: (_rank(session, row.policy, row.severity), -(row.paged_since or 0))
                )
                mine = [row.ref for row in pages if await self._show_page_notice(session, row.ref)]
                first = self._notices.notices.first
                if mine and first is not None:
                    await go_to(first.ref if first.ref in mine else mine[0], inside=False)
        finally:
            typed.release()

    def _show_startup_notices(self, session: Session) -> None:
        """Show the operator's unfinished forms, or why they cannot change anything."""
        if session.read_only_reason is None:
            for notice in draft_reminders(session.drafts, session.zone, session.now()):
                self._drafts[notice.id] = notice.text
                self._notices.add(notice)
        elif session.replay is None:
            self._show_message(session.read_only_reason, True)

    def refresh_draft_notices(self, session: Session) -> None:
        """Remove the notices of drafts that have been sent or continued since the console started."""
        current = {
            notice.id: notice for notice in draft_reminders(session.drafts, session.zone, session.now())
        }
        for id, text in self._drafts.items():  # noqa: A001
            if id not in current or current[id].text != text:
                self._notices.remove(id)

    def show_handover(self, session: Session) -> None:
        """Show the notice of an open handover of a shift to the operator, or remove it."""
        notice = handover_notice(session)
        if notice is None:
            self._notices.remove(HANDOVER)
            self._handover_shown = ""
        elif notice.text != self._handover_shown:
            self._handover_shown = notice.text
            self._notices.add(notice)

    def on_rows_changed(self, session: Session, rows: Iterable[QueueRow]) -> None:
        """Add and remove notices for changed tickets, before the queue applies the changes."""
        from supportdesk.console.paging.open_page import is_for_operator

        if session.read_only_reason is not None:
            return
        known = session.model.index.entries
        for row in rows:
            before = known[row.ref].row if row.ref in known else None
            if is_for_operator(row, session):
                start_worker(self._screen, self._show_page_notice, session, row.ref, group="paged")
            else:
                self._pages_shown.pop(row.ref, None)
                self._notices.remove(f"paged {row.ref}")
            self._show_offer(session, before, row)

    def _show_offer(self, session: Session, before: QueueRow | None, row: QueueRow) -> None:
        """Add or remove the notice of an offer; `before` is the row until now. An open page is shown instead of it."""
        key = f"offered {row.ref}"
        if not _is_offer(row, session):
            self._notices.remove(key)
        elif before is None or not _is_offer(before, session) or key in self._notices.notices:
            text = f"{row.ref} is offered to you: {row.summary}"
            self._notices.add(Notice(key, text, Rank.OFFER, row.ref, "claim", "claim it"))

    def show_pages_again(self, session: Session) -> None:
        """Show every page for the operator again that could not be read while the desk was disconnected.

        Those that were shown meanwhile are recorded now.
        """
        if session.read_only_reason is not None:
            return
        self.on_rows_changed(session, [row for row in _rows(session) if row.is_paging])
        unrecorded, self._unrecorded = self._unrecorded, set()
        for ref in unrecorded:
            start_worker(self._screen, partial(self._submit_shown, ref, is_last=True), group="page shown")

    def duty_began(self, session: Session) -> None:
        """Show the operator, who goes on duty, every open ticket whose page found nobody (rule 18)."""
        if session.read_only_reason is not None:
            return
        for ref in _nobody_paged(session):
            self._pages_shown.pop(ref, None)
            start_worker(self._screen, self._show_page_notice, session, ref, group="paged")

    def duty_ended(self, session: Session) -> None:
        """Remove the notices of tickets whose page found nobody: the operator is no longer on duty."""
        for ref in _nobody_paged(session):
            self._pages_shown.pop(ref, None)
            self._notices.remove(f"paged {ref}")

    async def _show_page_notice(self, session: Session, ref: str) -> bool:
        from supportdesk.console.paging.open_page import is_for_operator, page_notice, page_to

        view = await self._client.load_ticket(ref)
        if view is None:
            # The notice stays while the desk cannot be read; it is read again after the reconnection.
            return False
        page = page_to(view, session.username)
        if page is None or not is_for_operator(view.row, session):
            self._notices.remove(f"paged {ref}")
            return False
        since, text = page.since, page_notice(view, session)
        severity = _rank(session, view.ticket.policy, view.ticket.severity)
        notice = Notice(
            f"paged {ref}", text, Rank.PAGE, ref, "acknowledge", "acknowledge",
            severity=severity, sent_at=epoch(since),
        )  # fmt: skip
        if self._pages_shown.get(ref) == since:
            # Somebody else may have acknowledged meanwhile; what the operator has dismissed stays away.
            if notice.id in self._notices.notices:
                self._notices.add(notice)
        else:
            self._pages_shown[ref] = since
            if page.person == session.username and page.person not in view.ticket.pages_shown:
                self._to_record.add(ref)
            if session.settings.bell != ():
                self._screen.app.bell()
            self._notices.add(notice)
        return True

    def _record_shown(self, notice: Notice) -> None:
        """Record that the page to the operator has appeared, without waiting for it."""
        if notice.rank is not Rank.PAGE or notice.ref not in self._to_record:
            return
        self._to_record.discard(notice.ref)
        start_worker(self._screen, self._submit_shown, notice.ref, group="page shown")

    async def _submit_shown(self, ref: str, *, is_last: bool = False) -> None:
        """Send the command. A refusal changes nothing for the operator: the page has ended, or was recorded before.

        It is sent once more after the next reconnection, unless it `is_last`.
        """
        from supportdesk.tickets.process.page_shown import MarkPageShown
        from supportdesk.tickets.refusal import Refusal

        if isinstance(await self._client.submit(MarkPageShown(ref)), Refusal) and not is_last:
            self._unrecorded.add(ref)


def _rank(session: Session, policy: str, severity: str) -> int:
    """Return the place of a severity in a version of the policy, 0 for the most severe."""
    return session.desk.policies[policy].rank(severity)


def _rows(session: Session) -> Iterator[QueueRow]:
    """Yield the rows of the queue, by severity and urgency."""
    for group in session.model.index.groups.values():
        yield from (entry.row for entry in group)


def _nobody_paged(session: Session) -> list[str]:
    """Return the references of open tickets whose page found nobody."""
    return [row.ref for row in _rows(session) if row.nobody_paged]


def _is_offer(row: QueueRow, session: Session) -> bool:
    """Return whether the ticket waits for the operator to claim it, and they are not paged for it."""
    from supportdesk.console.paging.open_page import is_for_operator

    is_offered = row.owner == session.username and row.stage == Stage.ASSIGNMENT
    return is_offered and not is_for_operator(row, session)
