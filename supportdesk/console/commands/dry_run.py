"""Dry runs: whether a command would be refused, before its form is filled in. Nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from supportdesk.tickets.command import Argument, ArgumentType, TicketCommand
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk_api import Commands

PLACEHOLDER = "…"
"""Stands for a text that has not been written yet."""
TEXTS = {ArgumentType.LINE, ArgumentType.TEXT}
"""Argument types that accept `PLACEHOLDER`: the other types name a record, and none has that name."""


def possible_commands(command: type[TicketCommand], ref: str) -> list[TicketCommand]:
    """Return the command with every combination of its choices, the default first, and placeholders as texts.

    Optional texts are also left out, as a rule may depend on them. Optional times are left out, which stands
    for now. Return an empty list where the command has other arguments, whose values cannot be enumerated.
    """
    arguments = command.asked()
    if not all(_is_plain(each) for each in arguments):
        return []
    ways = product(*(_values(each) for each in arguments))
    return [
        command(ref, **{each.name: value for each, value in zip(arguments, way, strict=True)}) for way in ways
    ]


def _is_plain(argument: Argument) -> bool:
    return (
        bool(argument.choices)
        or argument.value_type in TEXTS
        or argument.value_type is ArgumentType.FLAG
        or (argument.value_type in (ArgumentType.INSTANT, ArgumentType.DAY) and not argument.required)
    )


def _values(argument: Argument) -> Sequence[Any]:
    if argument.choices:
        return sorted(argument.choices, key=lambda each: each != argument.default)
    if argument.value_type in TEXTS:
        return [PLACEHOLDER] if argument.required else [PLACEHOLDER, argument.default]
    return [argument.default]


def common_refusal(desk: Commands, ways: Sequence[TicketCommand], by: str) -> Refusal | None:
    """Return why all of `ways` would be refused; None where one would not, or where the desk is unavailable. Blocks.

    Of several reasons it is the first that does not name the same command as the remedy.
    """
    from supportdesk.desk_api import DeskUnavailableError

    if not ways:
        return None
    try:
        outcomes = desk.preview(ways, by=by)
    except DeskUnavailableError:
        return None
    refusals = [each for each in outcomes if isinstance(each, Refusal)]
    if len(refusals) < len(ways):
        return None
    return next((each for each in refusals if not _names_same_command(each, ways[0].verb)), refusals[0])


def _names_same_command(refusal: Refusal, verb: str) -> bool:
    return any(remedy.verb.split(" ")[0] == verb for way in refusal.remedies for remedy in way)
