"""Whether somebody watches the desk, as text."""

from __future__ import annotations

from datetime import UTC, datetime

from supportdesk.heartbeat import STOPPED, WATCHING, Heartbeat, HeartbeatPlace
from supportdesk.sla.formatting import amount
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL


def describe_watcher(place: HeartbeatPlace) -> tuple[bool, str]:
    """Return whether a watcher is alive and works as it should, and that in one sentence or two."""
    found = place.read()
    if found is None:
        return False, "Nobody watches this desk: run `supportdesk watch`, or leave a console open."
    now = datetime.now(UTC)
    age = f"{amount(max(0, int(found.age(now))))} ago"
    if found.state == STOPPED:
        return False, f"Nobody watches this desk. {_name(found)} was ended {age}: run `supportdesk watch`."
    looked = f"{_name(found)} last looked {age}"
    if not found.is_alive(now):
        return False, f"Nobody watches this desk. {looked}: run `supportdesk watch`."
    reach = _reach(found.find_methods(now))
    if found.state != WATCHING:
        return False, f"{looked}. It cannot work as it should: {found.state}. {reach}"
    return True, f"{looked}. {reach}"


def _reach(methods: tuple[str, ...]) -> str:
    """Return by which methods those who watch can send, in a sentence."""
    mail = " It sends mail to customers." if CUSTOMER_MAIL in methods else ""
    pages = [each for each in methods if each != CUSTOMER_MAIL]
    if not pages:
        return f"It sends by no method: pages appear in open consoles only.{mail}"
    return f"It sends by {' and '.join(pages)}.{mail}"


def _name(heartbeat: Heartbeat) -> str:
    place = ", in a console" if heartbeat.hosted else ""
    return f"The watcher on {heartbeat.host} (process {heartbeat.pid}{place})"
