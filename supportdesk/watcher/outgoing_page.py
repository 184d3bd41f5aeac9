"""Makes the page that a sender gets of what waits in the outbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from zoneinfo import ZoneInfo

from supportdesk.desk_api import DeskApi
from supportdesk.sla.clocks import instant
from supportdesk.store.outbox_models import OutgoingMessage, Shipment
from supportdesk.watcher.sending.page import Kind, OutgoingPage

FindLink = Callable[[DeskApi, OutgoingMessage], str | None]
"""Returns the address of a web page where a message is acknowledged; None where there is none. May block."""


def make_page(shipment: Shipment, timezone: str, link: str | None = None) -> OutgoingPage:
    """Return the page of a shipment, whose times are shown in `timezone`."""
    message = shipment.first
    about_ticket = message.ref is not None
    return OutgoingPage(
        key=message.id,
        target=message.target,
        person=message.person_name,
        kind=cast(Kind, message.kind),
        at=instant(message.at).astimezone(ZoneInfo(timezone)),
        summary=message.summary if about_ticket else message.text,
        why=message.text if about_ticket else "",
        reference=message.ref or "",
        severity=message.severity,
        company=message.company,
        urgent=message.urgent,
        link=link,
        bundled=tuple(map(_summarise, shipment.bundled)),
        username=message.person,
    )


def _summarise(message: OutgoingMessage) -> str:
    """Return a message in one line, for a list of those that are sent with another one."""
    if message.ref is None:
        return message.text
    return f"{message.ref} {message.severity}: {message.summary} ({message.text})"
