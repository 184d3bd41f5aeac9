"""A notice about the rota, and who gets those for supervisors."""

from __future__ import annotations

import msgspec

from supportdesk.tickets.documents import Role
from supportdesk.tickets.rota.data import RotaData


class RotaNotice(msgspec.Struct, frozen=True):
    """What `people`, usernames, are to be told; it is sent once for each `key`.

    `kind` is one of `MESSAGE_KINDS`. What is `urgent` is sent at any time of day.
    """

    key: str
    kind: str
    people: tuple[str, ...]
    text: str
    urgent: bool = False


def supervisors(data: RotaData) -> tuple[str, ...]:
    """Return the usernames of the supervisors who work here; without one, of the administrators."""
    for role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        found = tuple(
            sorted(each.username for each in data.staff.values() if each.active and role in each.roles)
        )
        if found:
            return found
    return ()
