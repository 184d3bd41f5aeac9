"""What is to be sent to people outside the desk, and the links in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from supportdesk.store.outbox_models import SentFiles, SentMail, Shipment, ThreadMail, UnsentPage
    from supportdesk.store.page_links import PageLink
    from supportdesk.tickets.outbox.entry import DeliveryAttempt, Fate, ListedDelivery, OutboxEntry


class Outbox(Protocol):
    """What is to be sent to people outside the desk; in a past moment, nothing is.

    Messages get there with the events that cause them. Who sends them claims them first, sends them outside any
    transaction, and gives the command `RecordAttempt` for each.
    """

    def outbox(self, limit: int = 1_000) -> list[OutboxEntry]:
        """Return what waits to be sent and what has failed lately, what is urgent first."""
        ...

    def next_delivery_due(self, methods: Iterable[str]) -> datetime | None:
        """Return when the next message by one of the methods is due, perhaps in the past; None where none waits."""
        ...

    def claim_shipments(
        self, holder: str, room: Mapping[str, tuple[int, int]], in_flight: frozenset[str] = frozenset()
    ) -> list[Shipment]:
        """Claim what is due for `holder`, what is urgent first, and cancel what is no longer wanted.

        `room` says by method how many urgent shipments are claimed and how many others; `in_flight` are the deliveries
        that the holder is sending already. A claim expires, so that what a killed sender claimed is sent by another.
        """
        ...

    def renew_claims(self, holder: str, deliveries: Iterable[str]) -> None:
        """Renew the claims of `holder` on deliveries that are still on their way, before they expire."""
        ...

    def release_claims(self, holder: str, deliveries: Iterable[str]) -> None:
        """Give up the claims of `holder` on deliveries that it did not send."""
        ...

    def is_wanted(self, delivery: str) -> bool:
        """Return whether a claimed delivery is still to be sent: nobody has acknowledged or closed meanwhile."""
        ...

    def find_sent_mail(self, message_id: str) -> SentMail | None:
        """Return the mail to a customer with a Message-ID, with or without `<>`; None for one of somebody else."""
        ...

    def mail_thread(self, mail: SentMail) -> list[ThreadMail]:
        """Return the mail about its ticket that a mail to a customer follows, the oldest first."""
        ...

    def unsent_pages(self) -> list[UnsentPage]:
        """Return the open pages that were handed off by no method in time; the command `EscalateUnsent` settles one."""
        ...


class OutboxQueries(Protocol):
    """What is shown of the outbox: all that waits, what went out in the last 30 days, and the files of replies.

    In the past there is nothing.
    """

    def deliveries(
        self, *, fate: Fate | None = None, before: ListedDelivery | None = None, limit: int = 100
    ) -> list[ListedDelivery]:
        """Return the deliveries of which this became, or all, those of the newest messages first.

        `before` is the last delivery of the page before, for the next one.
        """
        ...

    def find_deliveries(self, beginning: str) -> list[str]:
        """Return the identities of all deliveries that begin with these hexadecimal digits, of any age."""
        ...

    def count_deliveries(self) -> dict[Fate, int]:
        """Return how many deliveries there are by what became of them, without that of which there are none."""
        ...

    def delivery_attempts(self, delivery: ListedDelivery) -> list[DeliveryAttempt]:
        """Return the attempts at a delivery, the oldest first; none for one about no ticket."""
        ...

    def sent_files(self, ref: str) -> list[SentFiles]:
        """Return the files that went with the replies on a ticket, the oldest first."""
        ...

    def attached_content(self, digest: str) -> bytes | None:
        """Return the content of a file that goes with a reply, by its SHA-256; None once it was erased."""
        ...


class PageLinks(Protocol):
    """The links by which pages are acknowledged; only a desk over a database has them. The ledger holds none."""

    def save_page_link(self, digest: str, link: PageLink) -> None:
        """Save a link under the digest of its secret part, and forget links that have expired."""
        ...

    def find_page_link(self, digest: str) -> PageLink | None:
        """Return the link whose secret part has this digest, expired or not; None for an unknown one."""
        ...
