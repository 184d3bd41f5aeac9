"""Finds keys with two actions in one scope, among the console's keys and those that the operator has rebound."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import msgspec

from supportdesk.console.keys.key import Key, Scope
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.keys.names import canonical_key, display

EXCLUSIVE = (
    {Scope.QUEUE, Scope.TICKET_PANE},
    {Scope.QUEUE, Scope.VOICEMAIL},
    {Scope.TICKET_PANE, Scope.VOICEMAIL},
    {Scope.REPLAY, Scope.QUEUE},
    {Scope.REPLAY, Scope.TICKET_PANE},
    {Scope.REPLAY, Scope.VOICEMAIL},
)
"""Scopes whose keys never conflict: the focus decides between queue, ticket and voicemails, and a replay's keys come
first.
"""

ISOLATED = {
    Scope.BOARD,
    Scope.LIST,
    Scope.DIRECTORY,
    Scope.ROTA,
    Scope.INBOX,
    Scope.SHIFT,
    Scope.INTAKE,
    Scope.OUTBOX,
    Scope.FILTER,
}
"""Scopes on a screen of their own, or in the filter bar, whose keys conflict with no other scope's."""

DIALOGS = {
    Scope.DIALOG,
    Scope.FORM,
    Scope.QUESTION,
    Scope.READ_BACK,
    Scope.CALL,
    Scope.LISTENING,
    Scope.ATTACHMENTS,
}
"""Scopes in front of everything else. The keys of `DIALOG` conflict with those of the others."""


class KeyConflict(msgspec.Struct, frozen=True):
    """Two actions that one key would have in the same scope."""

    key: str
    first: str
    second: str

    @property
    def ids(self) -> tuple[str, str]:
        """The ids of both actions."""
        return self.first, self.second

    def __str__(self) -> str:
        return (
            f"{display(self.key)} is bound to both {self.first} and {self.second}; choose another key for one"
        )


def find_conflicts(keys: Sequence[Key] = KEYS) -> list[KeyConflict]:
    """Return every key with two actions in the same scope; Textual would silently use the last one."""
    actions: dict[str, list[Key]] = {}
    for key in keys:
        for name in dict.fromkeys(map(canonical_key, key.keys.split(","))):
            actions.setdefault(name, []).append(key)
    return [
        KeyConflict(name, first.id, second.id)
        for name, bound in sorted(actions.items())
        for first, second in combinations(bound, 2)
        if first.is_global or second.is_global or _can_conflict(first.scope, second.scope)
    ]


def _can_conflict(first: Scope, second: Scope) -> bool:
    if first in DIALOGS or second in DIALOGS:
        return first is second or ({first, second} <= DIALOGS and Scope.DIALOG in {first, second})
    if first in ISOLATED or second in ISOLATED:
        return first is second
    return {first, second} not in EXCLUSIVE
