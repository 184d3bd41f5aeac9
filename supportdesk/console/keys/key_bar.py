"""Which keys the key bar shows, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from supportdesk.console.keys.key import Key, Scope
from supportdesk.console.keys.keymap import KEYS
from supportdesk.tickets.ticket import Stage

PAGED_BAR = {"ticket.acknowledge": 1, "ticket.reply": 2, "ticket.handover": 3, "desk.call": 13}
"""Positions in the key bar while somebody is paged for the ticket under the cursor."""

POSSIBLE_KEYS = {Stage.RESOLVED: {"ticket.reply", "ticket.note"}, Stage.CLOSED: {"ticket.note"}}
"""The keys of the key bar that a ticket after its resolution allows, by stage; before it, all are shown.

The commands say the same, but are not imported before the first frame.
"""


def key_bar(
    scope: Scope,
    *,
    replaying: bool,
    narrow: bool,
    read_only: bool = False,
    paged: bool = False,
    stage: Stage | None = None,
    keys: Sequence[Key] = KEYS,
) -> list[Key]:
    """Return the keys of the key bar while the focus is in `scope`, in the order in which they are shown.

    A replay is `read_only`, as is a desk for somebody who is not on its staff, and a `narrow` screen has no split to
    zoom. While somebody is `paged` for the ticket, the keys that they need come first. `stage` is the ticket's.
    """
    if paged:
        keys = [replace(key, bar=PAGED_BAR[key.id]) if key.id in PAGED_BAR else key for key in keys]
    if scope is Scope.FILTER:
        return [key for key in keys if key.bar and key.scope is Scope.FILTER]
    if scope is Scope.VOICEMAIL:
        return [key for wanted in (scope, Scope.DESK) for key in keys if key.bar and key.scope is wanted]
    first = Scope.REPLAY if replaying else scope
    shown = [key for key in keys if key.bar and key.scope in {first, scope, Scope.DESK}]
    pointless = "detail.zoom" if narrow else ""
    if scope is not Scope.TICKET_PANE:
        pointless = "desk.back"
    shown = [key for key in shown if key.id != pointless]
    if replaying or read_only:
        shown = [key for key in shown if not key.changes_desk]
        return sorted(shown, key=lambda key: key.scope is not Scope.REPLAY)
    possible = POSSIBLE_KEYS.get(stage) if stage is not None else None
    shown += [
        key
        for key in keys
        if key.bar and key.scope is Scope.TICKET and (possible is None or key.id in possible)
    ]
    scopes = (scope, Scope.TICKET, Scope.DESK)
    first_of_all = "ticket.acknowledge" if paged else "desk.call"
    return sorted(shown, key=lambda key: (key.id != first_of_all, scopes.index(key.scope)))
