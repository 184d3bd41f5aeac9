"""Sends pages by a service that apprise supports, such as ntfy or Matrix.

Needs the package extra `notify`. apprise is imported when the first page is sent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from msgspec import Struct

from supportdesk.access.secret import SetupError
from supportdesk.tickets.plain_text import clean_line
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.page_text import body, short_text, subject
from supportdesk.watcher.sending.sender import (
    TIMEOUT,
    SendResult,
    delivered,
    not_delivered,
    possibly_delivered,
)

if TYPE_CHECKING:
    from apprise import AppriseResult, NotifyType

TARGET = "{target}"
"""What stands for the person's address in that of the service."""

_GRACE = 5.0
"""Seconds that a service has beyond the timeout of its connection."""
_SEVERAL = re.compile(r"[,;\s]")
_UNANSWERED = re.compile(
    r"Socket Exception: .*(?:read timed out|connection (?:aborted|reset|broken)|broken pipe|without response)",
    re.IGNORECASE,
)
"""What the log of a service says where the other side had the request and did not answer it. Other lines may quote the
page.
"""
_SENT = re.compile(r"Sent ")
"""What the log of a service says of each target that accepted a message."""
_CODE = re.compile(r"error=\d{3}\b")
"""What the log of a service says where the other side refused the request; the rest may quote addresses."""


class ServiceSender(Struct, frozen=True):
    """Sends by the service whose address `url` reads, since it contains passwords. `text` says how much is sent.

    One address per page: with several, some of them might have it and some not.
    """

    url: Callable[[], str]
    text: Literal["full", "short"] = "full"
    timeout: float = TIMEOUT

    def send(self, page: OutgoingPage) -> SendResult:
        """Send a page; see `Sender`. Without the answer of the service, it is possibly delivered."""
        target = "".join(page.target.split()) if page.target[:1] in "+0123456789" else page.target
        try:
            address = self.url()
            if TARGET in address and (not target or _SEVERAL.search(target)):
                return not_delivered(
                    "the address must be a single one, without spaces or commas", permanent=True
                )
            address = address.replace(TARGET, quote(target, safe="", errors="replace"))
            return self._notify(address, page)
        except SetupError as error:
            return not_delivered(str(error))
        except ImportError:
            return not_delivered(
                "apprise is not installed; run `pip install supportdesk[notify]`", permanent=True
            )

    def _notify(self, address: str, page: OutgoingPage) -> SendResult:
        from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType

        # Only its log says whether the other side had the request. It may quote passwords, so it goes no further.
        log = logging.getLogger("apprise")
        log.propagate = False
        log.setLevel(logging.DEBUG)
        asset = AppriseAsset(service_timeout=self.timeout + _GRACE, storage_mode="memory")
        services = Apprise(asset=asset)
        if not services.add(address) or len(services) != 1:
            return not_delivered(
                "apprise does not know the address of this service, or it is several", permanent=True
            )
        for service in services:
            service.socket_connect_timeout = service.socket_read_timeout = self.timeout
            service.retry = 0
            # A redirect would turn a page into a request without one, whose success would count.
            service.redirects = False
        short = self.text == "short"
        result = services.notify(
            title="" if short else subject(page),
            body=short_text(page) if short else body(page),
            body_format=NotifyFormat.TEXT,
            notify_type=_type(page, NotifyType),
            log_level=logging.DEBUG,
        )
        return _judge(result, is_one=all(len(service) <= 1 for service in services))


def _type(page: OutgoingPage, types: type[NotifyType]) -> NotifyType:
    """Return which colour and sign a service gives the page."""
    if page.kind == "page":
        return types.FAILURE if page.urgent else types.WARNING
    return types.INFO


def _judge(result: AppriseResult, *, is_one: bool) -> SendResult:
    """Return the outcome. A refusal means not delivered, and silence after the request possibly delivered.

    Where the address of the service contains several targets, not `is_one`, some of them may have accepted it.
    """
    from apprise import AppriseResultStatus

    name = clean_line(result.results[0].name, 40).text if result.results else "the service"
    if result.status is AppriseResultStatus.SUCCESS:
        return delivered(name)
    if result.status is AppriseResultStatus.TIMEOUT:
        return possibly_delivered(f"{name} did not answer in time")
    has_sent = not is_one and any(_SENT.match(entry.message) for entry in result.logs())
    if has_sent or result.status is AppriseResultStatus.PARTIAL:
        return possibly_delivered(f"{name} sent it to some of several addresses; give each its own method")
    if any(_UNANSWERED.match(entry.message) for entry in result.logs()):
        return possibly_delivered(f"{name} did not confirm it")
    warnings = [entry.message for entry in result.logs() if entry.level in ("WARNING", "ERROR")]
    codes = [found[0] for each in warnings if (found := _CODE.search(each))]
    return not_delivered(f"{name} refused it, {codes[-1]}" if codes else f"{name} could not be reached")
