"""`supportdesk release`: in which releases fixes are promised, and when they go out."""

from __future__ import annotations

import click
import msgspec

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_session
from supportdesk.cli.output import columns, say, say_json
from supportdesk.cli.param_types import DAY_EXAMPLES, PAST_EXAMPLES, Day, Instant, TypedDay, TypedInstant
from supportdesk.cli.records import as_json, keep, new_key, told
from supportdesk.cli.shell_complete import known
from supportdesk.cli.table import Column, lines
from supportdesk.desk_api import DeskApi
from supportdesk.tickets.documents import Release
from supportdesk.tickets.records.commands import KeepRelease
from supportdesk.tickets.time_input import Direction


@click.group()
def release() -> None:
    """Releases of the product, in which fixes are promised."""


@release.command()
@click.argument("key", metavar="RELEASE")
@click.option(
    "--day",
    type=Day(Direction.FUTURE),
    required=True,
    help=f"{told(Release, 'day')} Today or later. {DAY_EXAMPLES}",
)
@pass_session
def add(session: CliContext, key: str, day: TypedDay) -> None:
    """Plan a release; from now on a fix can be promised in it."""

    def make(door: DeskApi) -> KeepRelease:
        known = [each.key for each in door.roster().releases]
        return KeepRelease(Release(new_key("release", key, known), day.on(door)), new=True)

    kept = keep(session, make).release
    say(f"{key} is planned for {kept.day:%d %b %Y}.")


@release.command()
@click.argument("key", metavar="RELEASE", shell_complete=known("release"))
@click.option(
    "--day", type=Day(Direction.FUTURE), required=True, help="When it is planned now: today or later."
)
@pass_session
def move(session: CliContext, key: str, day: TypedDay) -> None:
    """Move a release to another day. Every ticket that promises a fix in it shows the new one."""

    def make(door: DeskApi) -> KeepRelease:
        return KeepRelease(msgspec.structs.replace(_planned(door, key), day=day.on(door)))

    kept = keep(session, make).release
    say(f"{key} is planned for {kept.day:%d %b %Y}.")


@release.command()
@click.argument("key", metavar="RELEASE", shell_complete=known("release"))
@click.option("--at", type=Instant(Direction.PAST), help=f"When it went out, {PAST_EXAMPLES}, if not now.")
@pass_session
def ship(session: CliContext, key: str, at: TypedInstant | None) -> None:
    """Say that a release is out: the fixes promised in it are given."""

    def make(door: DeskApi) -> KeepRelease:
        shipped_at = at.on(door) if at else door.now()
        return KeepRelease(msgspec.structs.replace(_planned(door, key), shipped_at=shipped_at))

    keep(session, make)
    say(f"{key} is out.")


def _planned(door: DeskApi, typed: str) -> Release:
    key = lookup.release(door, typed)
    return next(each for each in door.roster().releases if each.key == key)


@release.command("list")
@as_json
@pass_session
def list_(session: CliContext, as_json: bool) -> None:
    """All releases and their days."""
    with session.desk() as door:
        releases = door.roster().releases
    if as_json:
        say_json([msgspec.to_builtins(each) for each in releases])
        return
    rows = [
        (
            each.key,
            f"{each.day:%d %b %Y}",
            f"shipped {each.shipped_at:%d %b %Y}" if each.shipped_at else "planned",
        )
        for each in releases
    ]
    say("\n".join(lines((Column("RELEASE"), Column("DAY"), Column("STANDING")), rows, columns())))
