"""A desk as it was, for every surface that can show the present one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from supportdesk.clock import Clock, SystemClock
from supportdesk.desk_api import (
    Commands,
    DeskApi,
    Erasures,
    Outbox,
    OutboxQueries,
    Outcome,
    PageLinks,
    Transaction,
    WatchQueries,
)
from supportdesk.past.erasure_watch import ErasureWatch, read_timeline
from supportdesk.past.incoming import PastIncoming
from supportdesk.past.queries import PastQueries
from supportdesk.past.searches import PastSearches
from supportdesk.past.state import PastState
from supportdesk.playback import PlaybackClock, PlaybackControls
from supportdesk.store.outbox_models import SentFiles, SentMail, Shipment, ThreadMail, UnsentPage
from supportdesk.store.read_models import DueTicket, QueueRow
from supportdesk.store.time_travel import EventTimeline
from supportdesk.tickets.outbox.entry import DeliveryAttempt, Fate, ListedDelivery, OutboxEntry
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.store.page_links import PageLink
    from supportdesk.store.read_models import Erasure
    from supportdesk.tickets.command import Command, TicketCommand
    from supportdesk.tickets.documents import DeskNotice

T = TypeVar("T")

_READ_ONLY = Refusal("nothing can be changed in a replay")


class RefusedCommands(Commands):
    """Refuses every command: the past cannot be changed."""

    def do(
        self, command: Command, *, by: str, command_id: str | None = None, begun: int | None = None
    ) -> Outcome:
        """Return the refusal; nothing is decided or written."""
        return _READ_ONLY

    def transaction(self, work: Callable[[Transaction], T]) -> T | Refusal:
        """Return the refusal, without calling `work`."""
        return _READ_ONLY

    def preview(self, commands: Iterable[TicketCommand], *, by: str) -> list[QueueRow | Refusal]:
        """Return the refusal for each of the commands."""
        return [_READ_ONLY for _ in commands]


class NoErasures(Erasures):
    """Erases nobody: what was erased since is not in the past either."""

    def find_last_erasure(self) -> Erasure | None:
        """Return None: nobody was erased yet."""
        return None

    def preview_erasure(self, contact: str, *, by: str) -> Refusal:
        """Return the refusal."""
        return _READ_ONLY

    def remove_traces(self) -> None:
        """Do nothing: nothing was erased here."""


class NothingDue(WatchQueries):
    """Finds nothing due: what was due in the past was done, or was not."""

    def due_refs(self, at: datetime, limit: int = 1_000) -> list[str]:
        """Return no ticket: nothing is due."""
        return []

    def next_watch_due(self) -> datetime | None:
        """Return None: the watcher never has something to do in the past."""
        return None

    def notices(self, prefix: str) -> list[DeskNotice]:
        """Return no notice: each was sent in its time."""
        return []

    def overdue_steps(self, at: datetime, limit: int = 10) -> list[DueTicket]:
        """Return no ticket: nothing is overdue."""
        return []


class EmptyOutbox(OutboxQueries, Outbox):
    """Has nothing to send: what was sent in the past was sent then."""

    def outbox(self, limit: int = 1_000) -> list[OutboxEntry]:
        """Return no message: none waits."""
        return []

    def deliveries(
        self, *, fate: Fate | None = None, before: ListedDelivery | None = None, limit: int = 100
    ) -> list[ListedDelivery]:
        """Return no delivery."""
        return []

    def find_deliveries(self, beginning: str) -> list[str]:
        """Return no identity."""
        return []

    def count_deliveries(self) -> dict[Fate, int]:
        """Return that there are none."""
        return {}

    def delivery_attempts(self, delivery: ListedDelivery) -> list[DeliveryAttempt]:
        """Return no attempt."""
        return []

    def next_delivery_due(self, methods: Iterable[str]) -> datetime | None:
        """Return None: no message waits."""
        return None

    def claim_shipments(
        self, holder: str, room: Mapping[str, tuple[int, int]], in_flight: frozenset[str] = frozenset()
    ) -> list[Shipment]:
        """Return no shipment to send."""
        return []

    def renew_claims(self, holder: str, deliveries: Iterable[str]) -> None:
        """Do nothing: nothing was claimed."""

    def release_claims(self, holder: str, deliveries: Iterable[str]) -> None:
        """Do nothing: nothing was claimed."""

    def is_wanted(self, delivery: str) -> bool:
        """Return False: nothing is still to be sent."""
        return False

    def find_sent_mail(self, message_id: str) -> SentMail | None:
        """Return None: what was sent in the past answers nothing any more."""
        return None

    def mail_thread(self, mail: SentMail) -> list[ThreadMail]:
        """Return no mail: none is sent."""
        return []

    def sent_files(self, ref: str) -> list[SentFiles]:
        """Return no file: at a past moment none can be read."""
        return []

    def attached_content(self, digest: str) -> bytes | None:
        """Return None: nothing is sent."""
        return None

    def unsent_pages(self) -> list[UnsentPage]:
        """Return no page: each escalated then."""
        return []


class NoLinks(PageLinks):
    """Has no links to pages, and takes none."""

    def save_page_link(self, digest: str, link: PageLink) -> None:
        """Do nothing: a link would acknowledge nothing."""

    def find_page_link(self, digest: str) -> PageLink | None:
        """Return None: every link is unknown."""
        return None


class PastDesk(
    RefusedCommands,
    NoErasures,
    PastQueries,
    PastSearches,
    PastIncoming,
    NothingDue,
    EmptyOutbox,
    NoLinks,
    DeskApi,
):
    """A desk at the moment that its clock shows; `controls` moves that moment. Every command is refused.

    Event numbers in `Snapshot` and `Changes` are the replay's own: they grow although time may go back. A ticket that
    does not exist yet at the moment shown, because time went back, is among the changes as a closed one.
    """

    def __init__(
        self, timeline: EventTimeline, clock: PlaybackClock, erasures: ErasureWatch | None = None
    ) -> None:
        super().__init__(PastState(timeline, clock))
        self._erasures = erasures

    @classmethod
    def open(
        cls,
        address: str,
        start: datetime | None = None,
        speed: float = 1.0,
        *,
        present: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> PastDesk:
        """Return the desk at an address, played from `start`, or else its first event, up to the present.

        `speed` is in seconds of the past in each real second. The ledger is read once, and again when a contact is
        erased: what else is written later is not shown. Raises DeskUnavailableError where there is no desk.
        """
        until = (present or SystemClock()).now()
        last, timeline = read_timeline(address)
        assert timeline is not None
        begin = start or timeline.began or until
        clock = PlaybackClock(begin, until, speed=speed, monotonic=monotonic)
        return cls(timeline, clock, ErasureWatch(address, last, monotonic))

    @property
    def controls(self) -> PlaybackControls:
        """Pause, speed and steps of the replay."""
        return self._state.clock

    def wait_for_change(self, timeout: float) -> bool:
        """Wait up to `timeout` real seconds; return True as soon as something happened by the moment shown, or a
        contact was erased since, who is then forgotten.
        """
        timeline = self._erasures.read_again() if self._erasures is not None else None
        if timeline is None:
            return super().wait_for_change(timeout)
        with self._state.lock:
            self._state.read_again(timeline)
        return True

    def close(self) -> None:
        """End every wait; the database was closed after the ledger was read."""
        self._state.closed = True
        self._state.clock.pause()
