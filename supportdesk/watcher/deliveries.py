"""Sends the pages and notices that wait in the outbox, and escalates the pages that nothing sends in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from supportdesk.crash_log import write_crash
from supportdesk.desk_api import Applied, DeskApi, DeskUnavailableError
from supportdesk.store.outbox_models import OutgoingMessage, Shipment
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.documents import NOTICE
from supportdesk.tickets.process.sending import EscalateUnsent
from supportdesk.watcher.outbox_task import CLOSING, OutboxTask, shorten_detail
from supportdesk.watcher.outgoing_page import FindLink, make_page
from supportdesk.watcher.sending.sender import Sender, SendResult
from supportdesk.watcher.task import Say

SHOWN = 3
"""How many tickets that cannot be escalated are named."""


class Deliveries(OutboxTask[Sender]):
    """Sends pages and notices to the staff.

    A watcher without methods sends nothing, and judges no page to be unsent; one whose methods cannot be used says so,
    and does judge.
    """

    def __init__(
        self,
        say: Say,
        load_senders: Callable[[], Mapping[str, Sender]],
        find_link: FindLink | None = None,
        closing: float = CLOSING,
    ) -> None:
        """Make the task; see `OutboxTask`. `find_link` returns where a message is acknowledged with one press."""
        super().__init__(say, load_senders, closing)
        self._find_link = find_link
        self._unescalated: tuple[str, ...] = ()

    def _send(self, desk: DeskApi, sender: Sender, shipment: Shipment) -> SendResult:
        zone = desk.policy_at(desk.now()).timezone
        return sender.send(make_page(shipment, zone, self._make_link(desk, shipment.first)))

    def _finish_tick(self, desk: DeskApi, now: datetime) -> bool:
        return self._escalate_unsent(desk) if self._senders or self._unusable else False

    def _find_more_faults(self) -> Iterable[str]:
        return self._unescalated

    def _make_link(self, desk: DeskApi, message: OutgoingMessage) -> str | None:
        if self._find_link is None or message.kind == NOTICE:
            return None
        try:
            return self._find_link(desk, message)
        except DeskUnavailableError:
            return None  # A page without a link is better than none.
        except Exception as error:  # noqa: BLE001 - whatever fails about a link must not hold a page back
            write_crash(error)
            self._say(f"a page goes without its link: {type(error).__name__}; see the crash log")
            return None

    def _escalate_unsent(self, desk: DeskApi) -> bool:
        """Escalate the pages that no method handed off in time; return whether there were any (rule 24).

        A ticket that fails keeps no other from being escalated.
        """
        is_more = False
        failing: set[str] = set()
        for page in desk.unsent_pages():
            command = EscalateUnsent(page.ref, page.person, shorten_detail(page.detail))
            try:
                # Two watchers may notice at the same time; the later one must not escalate the page that followed.
                outcome = desk.do(command, by=WATCHER.key, command_id=page.command_id)
            except DeskUnavailableError:
                raise
            except Exception as error:  # noqa: BLE001 - one ticket must not keep the others from being escalated
                failing.add(f"the unsent page of {page.ref} cannot be escalated ({type(error).__name__})")
                continue
            if isinstance(outcome, Applied) and not outcome.repeated:
                is_more = True
                self._say(f"{page.ref}: the page to {page.person} could not be sent by any method")
        self._unescalated = tuple(sorted(failing)[:SHOWN])
        return is_more
