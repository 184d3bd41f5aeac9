"""Which keys the key bar shows, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from supportdesk.console.keys.keymap import KEYS, Key, Scope

PAGED_BAR = {"ticket.acknowledge": 1, "ticket.reply": 2, "ticket.handover": 3, "desk.call": 13}
"""Positions in the key bar while somebody is paged for the ticket under the cursor."""


def key_bar(
    scope: Scope, *, replaying: bool, narrow: bool, paged: bool = False, keys: Sequence[Key] = KEYS
) -> list[Key]:
    """Return the keys of the key bar while the focus is in `scope`, in the order in which they are shown.

    A replay is read-only, and a `narrow` screen has no split to zoom. While somebody is `paged` for the ticket, the
    keys that they need come first.
    """
    if paged:
        keys = [replace(key, bar=PAGED_BAR[key.id]) if key.id in PAGED_BAR else key for key in keys]
    if scope is Scope.FILTER:
        return [key for key in keys if key.bar and key.scope is Scope.FILTER]
    first = Scope.REPLAY if replaying else scope
    shown = [key for key in keys if key.bar and key.scope in {first, scope, Scope.DESK}]
    pointless = "detail.zoom" if narrow else ""
    if scope is not Scope.TICKET_PANE:
        pointless = "desk.back"
    shown = [key for key in shown if key.id != pointless]
    if replaying:
        return sorted((key for key in shown if not key.verbs), key=lambda key: key.scope is not Scope.REPLAY)
    shown += [key for key in keys if key.bar and key.scope is Scope.TICKET]
    scopes = (scope, Scope.TICKET, Scope.DESK)
    first_of_all = "ticket.acknowledge" if paged else "desk.call"
    return sorted(shown, key=lambda key: (key.id != first_of_all, scopes.index(key.scope)))
