"""The link of a page that is sent: a fault in making it holds no page back."""

from __future__ import annotations

from supportdesk.desk import Desk
from supportdesk.desk_api import DeskApi
from supportdesk.store.outbox_models import OutgoingMessage
from supportdesk.tickets.documents import Address
from supportdesk.watcher.deliveries import Deliveries
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import SendResult, delivered
from tests.patience import wait_for
from tests.store.desks import logged
from tests.store.outboxes import set_addresses


class NotingSender:
    """Notes what it sends."""

    def __init__(self) -> None:
        self.sent: list[OutgoingPage] = []

    def send(self, page: OutgoingPage) -> SendResult:
        self.sent.append(page)
        return delivered()


def test_a_page_whose_link_cannot_be_made_is_sent_without_it(desk: Desk) -> None:
    def fail(desk: DeskApi, message: OutgoingMessage) -> str | None:
        raise NameError("PAGE")

    set_addresses(desk, "dora", Address("sms", "+44 7700 900123"))
    logged(desk, severity="critical", channel="hotline")
    sender, said = NotingSender(), list[str]()
    task = Deliveries(said.append, lambda: {"sms": sender}, fail)
    try:
        task.tick(desk, desk.now(), is_stopped=lambda: False)
        wait_for(lambda: bool(sender.sent), lambda: "nothing was sent")
        assert sender.sent[0].link is None
        assert said[0] == "a page goes without its link: NameError; see the crash log"
    finally:
        task.close()
