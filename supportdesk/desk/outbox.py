"""The outbox of a desk, for those who send what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from supportdesk.desk.desk_database import DeskDatabase
from supportdesk.desk_api import Outbox, OutboxQueries
from supportdesk.sla.clocks import epoch, instant
from supportdesk.store.outbox_models import SentFiles, SentMail, Shipment, ThreadMail, UnsentPage
from supportdesk.tickets.outbox.entry import DeliveryAttempt, Fate, ListedDelivery, OutboxEntry


class DeskOutbox(DeskDatabase, OutboxQueries, Outbox):
    """The outbox in the database. `Outbox` and `OutboxQueries` say what each method returns."""

    def outbox(self, limit: int = 1_000) -> list[OutboxEntry]:
        """Return what waits to be sent and what has failed lately, what is urgent first."""
        from supportdesk.store.outbox_queries import load_outbox

        now = epoch(self.now())
        return self._checked.read(
            lambda connection: load_outbox(connection, self._cache.refresh(connection), now, limit)
        )

    def deliveries(
        self, *, fate: Fate | None = None, before: ListedDelivery | None = None, limit: int = 100
    ) -> list[ListedDelivery]:
        """Return the deliveries of which this became, or all, those of the newest messages first."""
        from supportdesk.store.outbox_lists import list_deliveries

        now = epoch(self.now())

        def read(connection: Connection) -> list[ListedDelivery]:
            data = self._cache.refresh(connection)
            return list_deliveries(connection, data, now, fate=fate, before=before, limit=limit)

        return self._checked.read(read)

    def find_deliveries(self, beginning: str) -> list[str]:
        """Return the identities of all deliveries that begin with these hexadecimal digits."""
        from supportdesk.store.outbox_lists import find_deliveries

        return self._checked.read(lambda connection: find_deliveries(connection, beginning))

    def count_deliveries(self) -> dict[Fate, int]:
        """Return how many deliveries there are by what became of them."""
        from supportdesk.store.outbox_lists import count_deliveries

        now = epoch(self.now())
        return self._checked.read(lambda connection: count_deliveries(connection, now))

    def delivery_attempts(self, delivery: ListedDelivery) -> list[DeliveryAttempt]:
        """Return the attempts at a delivery, the oldest first; none for one about no ticket."""
        from supportdesk.store.outbox_lists import load_attempts

        ref = delivery.ref
        if ref is None:
            return []
        return self._checked.read(lambda connection: load_attempts(connection, ref, delivery.id))

    def next_delivery_due(self, methods: Iterable[str]) -> datetime | None:
        """Return when the next message by one of the methods is due; None where none waits."""
        from supportdesk.store.outbox_claims import find_next_due

        now, wanted = epoch(self.now()), frozenset(methods)
        due = self._checked.read(lambda connection: find_next_due(connection, wanted, now))
        return instant(due) if due is not None else None

    def claim_shipments(
        self, holder: str, room: Mapping[str, tuple[int, int]], in_flight: frozenset[str] = frozenset()
    ) -> list[Shipment]:
        """Claim what is due, what is urgent first, and cancel what is no longer wanted."""
        from supportdesk.store.outbox_claims import Claimant, claim, release

        claimant = Claimant(holder, epoch(self.now()), room, in_flight)
        claimed: list[str] = []

        def claim_again(connection: Connection) -> list[Shipment]:
            if claimed:
                # It may have been committed although the answer was lost: nobody would send those until they expire.
                release(connection, holder, claimed)
            shipments = claim(connection, self._cache.refresh(connection), claimant)
            claimed[:] = [each.id for shipment in shipments for each in shipment.all]
            return shipments

        return self._checked.write(claim_again)

    def release_claims(self, holder: str, deliveries: Iterable[str]) -> None:
        """Give up the claims on deliveries."""
        from supportdesk.store.outbox_claims import release

        released = frozenset(deliveries)
        self._checked.write(lambda connection: release(connection, holder, released))

    def renew_claims(self, holder: str, deliveries: Iterable[str]) -> None:
        """Renew the claims on deliveries that are still on their way."""
        from supportdesk.store.outbox_claims import renew

        renewed, now = frozenset(deliveries), epoch(self.now())
        self._checked.write(lambda connection: renew(connection, holder, renewed, now))

    def is_wanted(self, delivery: str) -> bool:
        """Return whether a claimed delivery is still to be sent."""
        from supportdesk.store.outbox_claims import is_wanted

        now = epoch(self.now())
        return self._checked.read(lambda connection: is_wanted(connection, delivery, now))

    def find_sent_mail(self, message_id: str) -> SentMail | None:
        """Return the mail to a customer with a Message-ID; None where it is none of the desk's."""
        from supportdesk.store.mail_queries import find_sent_mail

        return self._checked.read(lambda connection: find_sent_mail(connection, message_id))

    def mail_thread(self, mail: SentMail) -> list[ThreadMail]:
        """Return the mail about its ticket that a mail to a customer follows, the oldest first."""
        from supportdesk.store.mail_queries import load_mail_thread

        return self._checked.read(lambda connection: load_mail_thread(connection, mail))

    def sent_files(self, ref: str) -> list[SentFiles]:
        """Return the files that went with the replies on a ticket, the oldest first."""
        from supportdesk.store.mail_queries import load_sent_files

        return self._checked.read(
            lambda connection: load_sent_files(connection, self._cache.refresh(connection), ref)
        )

    def attached_content(self, digest: str) -> bytes | None:
        """Return the content of a file that goes with a reply; None once it was erased."""
        from supportdesk.store.mail_queries import load_attached

        return self._checked.read(lambda connection: load_attached(connection, digest))

    def unsent_pages(self) -> list[UnsentPage]:
        """Return the open pages that were handed off by no method in time."""
        from supportdesk.store.outbox_queries import has_unsent_pages, settle_unsent_pages

        now = epoch(self.now())
        if not self._checked.read(lambda connection: has_unsent_pages(connection, now)):
            return []
        return self._checked.write(lambda connection: settle_unsent_pages(connection, now))
