"""The text of a refusal in the console: each remedy with its key, as it is bound."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.keys.names import display
from supportdesk.sla.formatting import sentence

if TYPE_CHECKING:
    from supportdesk.console.keys.key import Key
    from supportdesk.tickets.refusal import Refusal

DIRECTORY = "desk.directory"
RECORDS = frozenset({"staff", "organisation", "contact", "release", "knowledge", "rota"})
"""The first words of the commands whose records are in the directory."""
ROTA = "desk.rota"
ON_ROTA = frozenset({"rota show", "rota override", "rota swap", "rota absence"})
"""The commands that the rota's screen has."""


def with_keys(refusal: Refusal, keys: Sequence[Key]) -> str:
    """Return the reason, with the key beside each remedy: `it is resolved; reopen it (X) or close it (z)`.

    A remedy without a key is named by its command.
    """
    return refusal.render(partial(_key_for, keys))


def refusal_sentence(refusal: Refusal, keys: Sequence[Key]) -> str:
    """Return the reason as a sentence, with the key beside each remedy; see `with_keys`."""
    return sentence(with_keys(refusal, keys))


def bound_key(id: str, keys: Sequence[Key]) -> str:  # noqa: A002 - as a key has it
    """Return how the key with this id is shown, as it is bound."""
    return next(display(key.keys) for key in keys if key.id == id)


def _key_for(keys: Sequence[Key], verb: str) -> str:
    command = verb.partition(" --")[0]
    place = (
        ROTA
        if " ".join(command.split()[:2]) in ON_ROTA
        else DIRECTORY
        if verb.partition(" ")[0] in RECORDS
        else None
    )
    for key in keys:
        if command in key.verbs or key.id == place:
            return display(key.keys)
    return f"supportdesk {verb}"
