"""`supportdesk rota override`, `absence` and `swap`: what changes the rota besides its rotations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import click

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo
from supportdesk.cli.param_types import InstantParam, TypedInstant
from supportdesk.cli.records import plain_line, save_record
from supportdesk.cli.rota_options import despite_gap_option, line_option
from supportdesk.cli.rota_text import absence_sentence, override_sentence, swap_sentence
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.desk_api import DeskReader
from supportdesk.sla.formatting import full_time
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.documents import Absence, Line, Override, Swap
from supportdesk.tickets.records.rota_commands import (
    AcceptSwap,
    ApproveSwap,
    CloseSwap,
    EndAbsence,
    EndOverride,
    OfferSwap,
    OverrideShifts,
    RecordAbsence,
)
from supportdesk.tickets.rota.data import RotaData

D = TypeVar("D", Override, Swap, Absence)

_from_option = click.option(
    "--from", "start", type=InstantParam(Direction.FUTURE), metavar="TIME", help="From when; now by default."
)
_to_option = click.option(
    "--to", "end", type=InstantParam(Direction.FUTURE), metavar="TIME", help="Until when."
)
_reason_option = click.option("--reason", default="", metavar="TEXT", help="Why.")
_end_option = click.option(
    "--end",
    "ended",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="End the one with this number now, or cancel it.",
)


@click.command()
@click.argument("username", required=False, shell_complete=complete_from_desk("person"))
@_from_option
@_to_option
@_reason_option
@line_option
@_end_option
@despite_gap_option
@pass_cli_context
def override(
    context: CliContext,
    /,
    username: str | None,
    line: Line,
    ended: int | None,
    *,
    despite_gap: bool,
    **details: Any,
) -> None:
    """Put USERNAME on call until --to, instead of those whose shifts these are.

    Everybody may cover a gap; a supervisor or an administrator may put anybody on call instead of others. Without one,
    those on call agree: they offer a swap (`rota swap offer`), or name a deputy (`rota absence`).
    """
    _require_one("override", username, details["end"], ended)
    if ended is not None:
        number = ended
        save_record(context, lambda desk: EndOverride(number, despite_gap))
        _echo_one(context, lambda data: data.overrides, number, _ended_override)
        return

    def make(desk: DeskReader) -> OverrideShifts:
        start, end = _times(desk, details)
        person = lookup.find_person(desk, username or "")
        return OverrideShifts(line, start, end, person, plain_line(details["reason"]), despite_gap)

    save_record(context, make)
    _echo_one(context, lambda data: data.overrides, None, override_sentence)


@click.command()
@click.argument("username", required=False, shell_complete=complete_from_desk("person"))
@_from_option
@_to_option
@click.option(
    "--deputy",
    shell_complete=complete_from_desk("person"),
    metavar="NAME",
    help="Who has their shifts meanwhile.",
)
@_reason_option
@_end_option
@despite_gap_option
@pass_cli_context
def absence(
    context: CliContext,
    /,
    username: str | None,
    deputy: str | None,
    ended: int | None,
    *,
    despite_gap: bool,
    **details: Any,
) -> None:
    """Record that USERNAME is away until --to, and who deputises on call.

    Everybody may do this for themselves; a supervisor or an administrator for everybody.
    """
    _require_one("absence", username, details["end"], ended)
    if ended is not None:
        number = ended
        save_record(context, lambda desk: EndAbsence(number, despite_gap))
        _echo_one(context, lambda data: data.absences, number, _ended_absence)
        return

    def make(desk: DeskReader) -> RecordAbsence:
        start, end = _times(desk, details)
        person = lookup.find_person(desk, username or "")
        deputising = lookup.find_person(desk, deputy) if deputy is not None else None
        return RecordAbsence(person, start, end, deputising, plain_line(details["reason"]), despite_gap)

    save_record(context, make)
    _echo_one(context, lambda data: data.absences, None, absence_sentence)


@click.group()
def swap() -> None:
    """Offer, accept and approve the swap of a shift."""


@swap.command()
@click.option(
    "--at",
    type=InstantParam(Direction.FUTURE),
    metavar="TIME",
    required=True,
    help="A time in the shift that is given away.",
)
@click.option(
    "--to",
    "colleague",
    shell_complete=complete_from_desk("person"),
    metavar="NAME",
    help="The only person who may accept it; anybody may by default.",
)
@click.option(
    "--for",
    "owner",
    shell_complete=complete_from_desk("person"),
    metavar="NAME",
    help="Whose shift it is; yours by default. For supervisors and administrators.",
)
@line_option
@pass_cli_context
def offer(
    context: CliContext, at: TypedInstant, colleague: str | None, owner: str | None, line: Line
) -> None:
    """Offer a shift that has not begun."""

    def make(desk: DeskReader) -> OfferSwap:
        asked = lookup.find_person(desk, colleague) if colleague is not None else None
        whose = lookup.find_person(desk, owner) if owner is not None else None
        return OfferSwap(line, at.resolve(desk), asked, whose)

    save_record(context, make)
    _echo_one(context, lambda data: data.swaps, None, swap_sentence)


_number = click.argument("number", type=click.IntRange(min=1))


@swap.command()
@_number
@click.option(
    "--in-return",
    type=InstantParam(Direction.FUTURE),
    metavar="TIME",
    help="A time in a shift of yours that you give in return; without it, you take the shift over.",
)
@pass_cli_context
def accept(context: CliContext, number: int, in_return: TypedInstant | None) -> None:
    """Accept swap NUMBER. It changes the rota once a supervisor approves it."""
    save_record(
        context,
        lambda desk: AcceptSwap(number, in_return.resolve(desk) if in_return is not None else None),
    )
    _echo_one(context, lambda data: data.swaps, number, swap_sentence)


@swap.command()
@_number
@despite_gap_option
@pass_cli_context
def approve(context: CliContext, number: int, despite_gap: bool) -> None:
    """Approve swap NUMBER. For supervisors and administrators."""
    save_record(context, lambda desk: ApproveSwap(number, despite_gap))
    _echo_one(context, lambda data: data.swaps, number, swap_sentence)


@swap.command()
@_number
@pass_cli_context
def close(context: CliContext, number: int) -> None:
    """Withdraw swap NUMBER if you offered it, or decline it."""
    save_record(context, lambda desk: CloseSwap(number))
    _echo_one(context, lambda data: data.swaps, number, swap_sentence)


@swap.command("list")
@pass_cli_context
def list_(context: CliContext) -> None:
    """List every swap, the latest last."""
    with context.desk() as desk:
        data, zone = desk.roster().reference_data, desk.policy_at(desk.now()).timezone
    for each in data.swaps:
        echo(swap_sentence(data, each, zone))
    if not data.swaps:
        echo("No shift was offered.")


COMMANDS = (override, absence, swap)
"""The commands of the group `rota` in this module."""


def _require_one(what: str, username: str | None, end: TypedInstant | None, ended: int | None) -> None:
    """Raise BadRequestError unless either a person with an end or the number of a recorded one is given."""
    if ended is not None and (username is not None or end is not None):
        raise BadRequestError(f"Give either a username or --end with the number of an {what}, not both.")
    if ended is None and (username is None or end is None):
        raise BadRequestError(
            "Give a username and --to, or --end with a number; `supportdesk rota show` has them."
        )


def _times(desk: DeskReader, details: Mapping[str, Any]) -> tuple[datetime | None, datetime]:
    """Return the times of --from, None for now, and of --to."""
    start: TypedInstant | None = details["start"]
    end: TypedInstant = details["end"]
    return start.resolve(desk) if start is not None else None, end.resolve(desk)


def _echo_one(
    context: CliContext,
    of: Callable[[RotaData], Sequence[D]],
    number: int | None,
    sentence: Callable[[RotaData, D, str], str],
) -> None:
    """Print the sentence of the document with a number, or of the last one."""
    with context.desk() as desk:
        data, zone = desk.roster().reference_data, desk.policy_at(desk.now()).timezone
    found = [each for each in of(data) if number in (None, each.number)]
    echo(sentence(data, found[-1], zone))


def _ended_override(data: RotaData, document: Override, zone: str) -> str:
    return f"Override {document.number} {_how_ended(document.start, document.end, zone)}."


def _ended_absence(data: RotaData, document: Absence, zone: str) -> str:
    return f"Absence {document.number} {_how_ended(document.start, document.end, zone)}."


def _how_ended(start: datetime, end: datetime, zone: str) -> str:
    return "is cancelled" if start == end else f"ended on {full_time(end, zone)}"
