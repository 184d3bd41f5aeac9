"""`supportdesk shift`: the handover of a shift, and its acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo, echo_json
from supportdesk.cli.records import save_record
from supportdesk.cli.shell_complete import complete_from_desk

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi


@click.group()
def shift() -> None:
    """Hand your shift over, or accept one."""


@shift.command()
@click.option("--note", metavar="TEXT", help="Hand the shift over with this note.")
@click.option(
    "--to",
    "to",
    metavar="NAME",
    shell_complete=complete_from_desk("person"),
    help="The only person who may accept it; by default, who is on call next.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_cli_context
def handover(context: CliContext, /, note: str | None, to: str | None, *, as_json: bool) -> None:
    """Show what you hand over with your shift; with --note, hand it over.

    It shows the open tickets of the severities that page, the pages of the shift and what falls due in the next one. A
    shift is that on call by the rota, or today's office hours from your last handover on. Until the person who takes
    over has accepted it, another note replaces the first one.
    """
    from supportdesk.tickets.records.shift_commands import HandOverShift

    if to is not None and note is None:
        raise BadRequestError("Say where things stand: give --note as well.")
    if note is not None:
        with context.desk() as desk:
            operator = context.operator(desk).username
            receiver = lookup.find_person(desk, to) if to is not None else _next_person(desk, operator)
        text = note
        save_record(context, lambda desk: HandOverShift(text, receiver))
    _show(context, as_json=as_json)


def _next_person(desk: DeskApi, operator: str) -> str | None:
    """Return the username of who is on call next, if the operator's shift is one on call; else None."""
    from supportdesk.reports.shift_handover import find_shift

    person = find_shift(desk, operator).next_person
    return person if person not in ("", operator) else None


def _show(context: CliContext, *, as_json: bool) -> None:
    from supportdesk.cli.shift_text import handover_as_json, handover_lines, handover_sentence
    from supportdesk.reports.shift_handover import find_given, prepare_handover, severities_that_page

    with context.desk() as desk:
        operator = context.operator(desk).username
        found, data = prepare_handover(desk, operator), desk.roster().reference_data
        given = find_given(data, operator, found.shift)
        if as_json:
            echo_json(handover_as_json(found, given))
            return
        policy = desk.policy_at(desk.now())
        zone = policy.timezone
        echo("\n".join(handover_lines(data, found, zone, severities_that_page(policy))))
        if given is not None:
            echo(f"{handover_sentence(data, given, zone)}\n  {given.note}")


@shift.command()
@click.argument("number", type=click.IntRange(min=1), required=False)
@pass_cli_context
def accept(context: CliContext, number: int | None) -> None:
    """Accept the handover of a shift: you have read it, and take over.

    Without NUMBER it is the only one that waits for you.
    """
    from supportdesk.tickets.records.shift_commands import AcceptHandover

    chosen = number if number is not None else _only_open(context)
    save_record(context, lambda desk: AcceptHandover(chosen))
    _echo_handover(context, chosen)


@shift.command()
@click.argument("number", type=click.IntRange(min=1))
@pass_cli_context
def withdraw(context: CliContext, number: int) -> None:
    """Withdraw the handover of your shift, which nobody has accepted."""
    from supportdesk.tickets.records.shift_commands import WithdrawHandover

    save_record(context, lambda desk: WithdrawHandover(number))
    _echo_handover(context, number)


def _only_open(context: CliContext) -> int:
    """Return the number of the only handover that the operator may accept. Raises BadRequestError."""
    from supportdesk.cli.shift_text import handover_sentence
    from supportdesk.reports.shift_handover import open_handovers

    with context.desk() as desk:
        data = desk.roster().reference_data
        found = open_handovers(data, context.operator(desk).username)
        zone = desk.policy_at(desk.now()).timezone
    if not found:
        raise BadRequestError("No handover waits for you.")
    if len(found) > 1:
        listed = "\n".join(handover_sentence(data, each, zone) for each in found)
        raise BadRequestError(f"Several handovers wait for you; give the number of one.\n{listed}")
    return found[0].number


def _echo_handover(context: CliContext, number: int) -> None:
    from supportdesk.cli.shift_text import handover_sentence

    with context.desk() as desk:
        data, zone = desk.roster().reference_data, desk.policy_at(desk.now()).timezone
    handover = next(each for each in data.handovers if each.number == number)
    echo(f"{handover_sentence(data, handover, zone)}\n  {handover.note}")
