"""Makes command-line options from the arguments of the desk's commands, with their names and help texts."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from supportdesk.cli.decoding import decode_argument, decode_stdin
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.lookup import LOOKUPS
from supportdesk.cli.param_types import (
    DAY_EXAMPLES,
    IN_ZONE,
    PAST_EXAMPLES,
    ChoiceParam,
    DayParam,
    InstantParam,
    ReferenceParam,
)
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.tickets.command import Argument, ArgumentType, Command
from supportdesk.tickets.direction import Direction

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader

OPTION_NAMES = {"received_at": "received"}
"""Options whose name differs from the argument's."""
FROM_STDIN = "-"
COMPLETED = frozenset({*LOOKUPS, ArgumentType.ORGANISATION, ArgumentType.ESCALATION_TARGET})
"""Argument types that a shell completes from the desk; `ReferenceParam` completes itself."""


def option_for(argument: Argument) -> click.Option:
    """Return the option for an argument; its value is passed under the argument's name."""
    name = "--" + OPTION_NAMES.get(argument.name, argument.name).replace("_", "-")
    if argument.value_type is ArgumentType.FLAG:
        return click.Option([name, argument.name], is_flag=True, help=_help(argument))
    # An option with a default of None would no longer be required: click asks whether one was given at all.
    shown_default = {"default": _default(argument), "show_default": True} if argument.default else {}
    return click.Option(
        [name, argument.name],
        type=_param_type(argument),
        # A text that is needed can come from stdin, so click must not insist on the option.
        required=argument.required and argument.value_type is not ArgumentType.TEXT,
        **shown_default,
        metavar=None if argument.value_type is ArgumentType.CHOICE else _metavar(argument),
        help=_help(argument),
        shell_complete=complete_from_desk(argument.value_type) if argument.value_type in COMPLETED else None,
    )


def _default(argument: Argument) -> Any:
    """Return the default as it is typed: `impact-changed`."""
    is_word = argument.value_type is ArgumentType.CHOICE
    return str(argument.default).replace(" ", "-") if is_word else argument.default


def _param_type(argument: Argument) -> click.ParamType[Any]:
    match argument.value_type:
        case ArgumentType.CHOICE:
            return ChoiceParam(argument.choices)
        case ArgumentType.INSTANT:
            return InstantParam(Direction.PAST)
        case ArgumentType.DAY:
            return DayParam(Direction.FUTURE)
        case ArgumentType.TICKET:
            return ReferenceParam()
        case _:
            return click.STRING


def _metavar(argument: Argument) -> str:
    named = {ArgumentType.PERSON, ArgumentType.ORGANISATION, ArgumentType.CONTACT}
    if argument.value_type in (
        ArgumentType.LINE,
        ArgumentType.TEXT,
        ArgumentType.KEY,
        ArgumentType.ESCALATION_TARGET,
        ArgumentType.POLICY,
    ):
        return "TEXT"
    if argument.value_type is ArgumentType.INSTANT:
        return "TIME"
    return "NAME" if argument.value_type in named else argument.value_type.upper()


def _help(argument: Argument) -> str:
    text = argument.help[:1].upper() + argument.help[1:]
    match argument.value_type:
        case ArgumentType.TEXT if argument.required:
            return f"{text}; - or no option reads standard input."
        case ArgumentType.TEXT:
            return f"{text}; - reads standard input."
        case ArgumentType.INSTANT:
            return f"{text}; {PAST_EXAMPLES}, {IN_ZONE}."
        case ArgumentType.DAY:
            return f"{text}; {DAY_EXAMPLES}."
        case _:
            return f"{text}."


def command_fields(desk: DeskReader, command: type[Command], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a command from its option values: texts read, names looked up, times in UTC.

    Organisations and contacts stay as typed: only `log` knows how to add new ones.
    """
    return {argument.name: _value(desk, argument, values[argument.name]) for argument in command.arguments()}


def _value(desk: DeskReader, argument: Argument, typed: Any) -> Any:
    if argument.value_type is ArgumentType.TEXT and (typed is not None or argument.required):
        return _text(argument, typed)
    if typed is None:
        return argument.default
    if isinstance(typed, str):
        typed = decode_argument(typed)
    if argument.value_type in (ArgumentType.INSTANT, ArgumentType.DAY):
        return typed.resolve(desk)
    if argument.value_type not in LOOKUPS:
        return typed
    return LOOKUPS[argument.value_type](desk, typed)


def _text(argument: Argument, typed: str | None) -> str:
    if typed is None and (sys.stdin is None or sys.stdin.isatty()):
        raise click.UsageError(f"Missing option '--{argument.name}'; give the text, or pipe it in.")
    return read_text(typed if typed is not None else FROM_STDIN)


def read_text(typed: str) -> str:
    """Return the typed text, or standard input for `-`."""
    if typed != FROM_STDIN:
        return decode_argument(typed)
    if sys.stdin is None:
        raise BadRequestError("Standard input is closed; give the text as an argument.")
    return decode_stdin(sys.stdin.buffer.read())
