"""What the desk would say to a command before anybody has written it: it is asked, and nothing is done."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from supportdesk.tickets.command import Argument, ArgumentType, Refusal, TicketCommand

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi

PLACEHOLDER = "…"
"""Stands for a text that is still to be written."""
TEXTS = {ArgumentType.LINE, ArgumentType.TEXT}
"""Arguments for which `PLACEHOLDER` may stand: any other kind names something, and nothing has that name."""


def possible_commands(command: type[TicketCommand], ref: str) -> list[TicketCommand]:
    """The command about a ticket in each way that its choices allow, the usual one first, as if its texts were written.

    A text that may be left out is left out in further ways: something may be refused with it, or without it.

    None where it asks for more than choices and texts: nobody can tell what will be found.
    """
    arguments = command.asked()
    if not all(_is_plain(each) for each in arguments):
        return []
    ways = product(*(_values(each) for each in arguments))
    return [
        command(ref, **{each.name: value for each, value in zip(arguments, way, strict=True)}) for way in ways
    ]


def _is_plain(argument: Argument) -> bool:
    return bool(argument.choices) or argument.of in TEXTS or argument.of is ArgumentType.FLAG


def _values(argument: Argument) -> Sequence[Any]:
    if argument.choices:
        return sorted(argument.choices, key=lambda each: each != argument.default)
    if argument.of in TEXTS:
        return [PLACEHOLDER] if argument.required else [PLACEHOLDER, argument.default]
    return [argument.default]


def common_refusal(door: DeskApi, ways: Sequence[TicketCommand], by: str) -> Refusal | None:
    """Why none of these commands would be carried out; None where one would, or where it cannot be known. Blocks.

    Of several reasons it is the first that does not send the operator back to the same command.
    """
    from supportdesk.desk_api import DeskUnavailableError

    if not ways:
        return None
    try:
        outcomes = door.preview(ways, by=by)
    except DeskUnavailableError:
        return None
    refusals = [each for each in outcomes if isinstance(each, Refusal)]
    if len(refusals) < len(ways):
        return None
    return next((each for each in refusals if not _leads_back(each, ways[0].verb)), refusals[0])


def _leads_back(refusal: Refusal, verb: str) -> bool:
    return any(remedy.verb.split(" ")[0] == verb for way in refusal.remedies for remedy in way)
