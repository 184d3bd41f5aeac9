"""`supportdesk release`: plan, move, ship and list product releases."""

from __future__ import annotations

import click
import msgspec

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.output import echo, echo_json, terminal_width
from supportdesk.cli.param_types import (
    DAY_EXAMPLES,
    PAST_EXAMPLES,
    DayParam,
    InstantParam,
    TypedDay,
    TypedInstant,
)
from supportdesk.cli.records import as_json, field_help, new_key, save_record
from supportdesk.cli.shell_complete import complete_from_desk
from supportdesk.cli.table import TableColumn, table_lines
from supportdesk.desk_api import DeskReader, RecordQueries
from supportdesk.sla.formatting import full_day
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.documents import Release
from supportdesk.tickets.records.commands import SaveRelease


@click.group()
def release() -> None:
    """Plan, move, ship and list product releases."""


@release.command()
@click.argument("key", metavar="RELEASE")
@click.option(
    "--day",
    type=DayParam(Direction.FUTURE),
    required=True,
    help=f"{field_help(Release, 'day').rstrip('.')}: today or later, {DAY_EXAMPLES}.",
)
@pass_cli_context
def add(context: CliContext, key: str, day: TypedDay) -> None:
    """Plan a release, so that fixes can be promised for it."""

    def make(desk: DeskReader) -> SaveRelease:
        taken = [each.key for each in desk.roster().releases]
        return SaveRelease(Release(new_key("release", key, taken), day.resolve(desk)), new=True)

    saved = save_record(context, make).release
    echo(f"{key} is planned for {full_day(saved.day)}.")


@release.command()
@click.argument("key", metavar="RELEASE", shell_complete=complete_from_desk("release"))
@click.option("--day", type=DayParam(Direction.FUTURE), required=True, help="The new date: today or later.")
@pass_cli_context
def move(context: CliContext, key: str, day: TypedDay) -> None:
    """Move a release to another day. Every ticket with a fix promised for it shows the new date."""

    def make(desk: DeskReader) -> SaveRelease:
        return SaveRelease(msgspec.structs.replace(_planned(desk, key), day=day.resolve(desk)))

    saved = save_record(context, make).release
    echo(f"{key} is planned for {full_day(saved.day)}.")


@release.command()
@click.argument("key", metavar="RELEASE", shell_complete=complete_from_desk("release"))
@click.option(
    "--at", type=InstantParam(Direction.PAST), help=f"When it was shipped, {PAST_EXAMPLES}; now by default."
)
@pass_cli_context
def ship(context: CliContext, key: str, at: TypedInstant | None) -> None:
    """Mark a release as shipped: the fixes promised for it are delivered."""

    def make(desk: DeskReader) -> SaveRelease:
        shipped_at = at.resolve(desk) if at else desk.now()
        return SaveRelease(msgspec.structs.replace(_planned(desk, key), shipped_at=shipped_at))

    save_record(context, make)
    echo(f"{key} is shipped.")


def _planned(desk: RecordQueries, typed: str) -> Release:
    key = lookup.find_release(desk, typed)
    return next(each for each in desk.roster().releases if each.key == key)


@release.command("list")
@as_json
@pass_cli_context
def list_(context: CliContext, as_json: bool) -> None:
    """List releases and their dates."""
    with context.desk() as desk:
        releases = desk.roster().releases
    if as_json:
        echo_json([msgspec.to_builtins(each) for each in releases])
        return
    if not releases:
        echo("No release is planned.")
        return
    rows = [
        (
            each.key,
            full_day(each.day),
            f"shipped {full_day(each.shipped_at)}" if each.shipped_at else "planned",
        )
        for each in releases
    ]
    echo(
        "\n".join(
            table_lines(
                (TableColumn("RELEASE"), TableColumn("DAY"), TableColumn("STATUS")), rows, terminal_width()
            )
        )
    )
