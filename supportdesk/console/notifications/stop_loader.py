"""Reads what stops the escalation of the tickets for which somebody is paged, on a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.messages import DeskOpened, DeskReconnected, QueueChanged
from supportdesk.console.workers import call_after, start_worker
from supportdesk.tickets.escalation.stop import EscalationStop, find_stop
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from textual.message import Message

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import QueueRow

FIRST_AFTER = 0.5
"""Seconds after which it is first read: the queue is on the screen before."""

Stops = dict[str, EscalationStop | None]


class StopLoader:
    """Keeps `Session.stops` up to date; `on_change` is called when it has changed."""

    def __init__(self, client: ScreenClient, on_change: Callable[[], None]) -> None:
        self._client = client
        self._on_change = on_change
        self._wanted: dict[str, None] = {}
        """The references of the tickets to read, in order."""
        self._is_reading = False

    def on_message(self, session: Session, message: Message) -> None:
        """Read the tickets whose pages or acknowledgements may have changed."""
        match message:
            case DeskOpened():
                call_after(self._client.screen, FIRST_AFTER, lambda: self._look(session, _all_rows(session)))
            case DeskReconnected():
                self._look(session, _all_rows(session))
            case QueueChanged(rows):
                self._look(session, rows)

    def _look(self, session: Session, rows: Iterable[QueueRow]) -> None:
        for row in rows:
            if row.is_paging and row.paged:
                self._wanted[row.ref] = None
            else:
                self._wanted.pop(row.ref, None)
                session.stops.pop(row.ref, None)
        if self._wanted and not self._is_reading:
            self._is_reading = True
            start_worker(self._client.screen, self._read, session, group="escalation stops")

    async def _read(self, session: Session) -> None:
        try:
            while self._wanted:
                refs, self._wanted = [*self._wanted], {}
                self._apply(session, await self._client.in_thread(partial(self._load, refs), "escalations"))
        finally:
            self._is_reading = False

    def _load(self, refs: Iterable[str]) -> Stops:
        """Return what stops each escalation. What cannot be read stops nothing."""
        read = {ref: self._client.desk_client.escalation(ref) for ref in refs}
        return {ref: None if isinstance(each, Refusal) else find_stop(each) for ref, each in read.items()}

    def _apply(self, session: Session, found: Stops) -> None:
        known = session.model.index.entries
        is_changed = False
        for ref, stop in found.items():
            if session.stops.get(ref) == stop or (stop is not None and ref not in known):
                continue
            is_changed = True
            if stop is None:
                del session.stops[ref]
            else:
                session.stops[ref] = stop
        if is_changed:
            self._on_change()


def _all_rows(session: Session) -> list[QueueRow]:
    return [entry.row for entry in session.model.index.entries.values()]
