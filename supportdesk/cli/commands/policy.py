"""`supportdesk policy`: what this desk promises, version by version."""

from __future__ import annotations

from pathlib import Path

import click

from supportdesk.cli.context import CliContext, pass_session
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import columns, complain, counted, say, say_json
from supportdesk.cli.param_types import utc
from supportdesk.cli.records import as_json, keep
from supportdesk.cli.refusal_text import in_commands
from supportdesk.cli.table import NARROW, Column, lines
from supportdesk.sla.clocks import ClockProjection, instant
from supportdesk.sla.formatting import full_time
from supportdesk.sla.policy import Policy
from supportdesk.sla.policy_file import PolicyError, load_policy
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.command import Refusal
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.records.commands import InstallPolicy

file = click.argument("path", metavar="FILE", type=click.Path(path_type=Path))


@click.group()
def policy() -> None:
    """What this desk promises, version by version."""


@policy.command()
@file
def check(path: Path) -> None:
    """Say what is wrong with a policy's file, or that nothing is; no desk is needed."""
    read = _read(path)
    say(
        f"{read.name}, version {read.version}, in force from {full_time(read.effective, read.timezone)}: good."
    )


@policy.command()
@file
@pass_session
def install(session: CliContext, path: Path) -> None:
    """Install a version of the policy; requests received from its date of effect on keep it."""
    read = _read(path)
    keep(session, lambda door: InstallPolicy(read))
    say(f"Version {read.version} is in force from {full_time(read.effective, read.timezone)}.")


def _read(path: Path) -> Policy:
    try:
        return load_policy(path)
    except PolicyError as error:
        raise BadRequestError(str(error)) from error


@policy.command()
@click.argument("version")
@click.option("--apply", is_flag=True, help="Move them; without it, only say what would move.")
@pass_session
def move(session: CliContext, version: str, apply: bool) -> None:
    """Move every open ticket to a version, or say what that would do to their due times."""
    with session.desk() as door:
        actor = session.actor(door).username
        if version not in door.policies:
            raise BadRequestError(f"There is no version {version}; installed are {', '.join(door.policies)}.")
        rows = [row for row in door.queue().rows if row.is_open and row.policy != version]
        commands = [MoveToPolicy(row.ref, version) for row in rows]
        zone = door.policy_at(door.now()).timezone
        if not apply:
            after = door.preview(commands, by=actor)
            _tell_moves(rows, after, zone)
            say(f"{counted(len(rows), 'open ticket')} would move to version {version}; --apply moves them.")
            return
        refused = 0
        for command in commands:
            outcome = door.do(command, by=actor)
            if isinstance(outcome, Refusal):
                refused += 1
                complain(f"{command.ref}: {in_commands(outcome)}")
    say(f"{counted(len(rows) - refused, 'open ticket')} moved to version {version}.")
    if refused:
        raise BadRequestError(f"{counted(refused, 'ticket')} could not move; see above.")


def _tell_moves(before: list[QueueRow], after: list[QueueRow | Refusal], zone: str) -> None:
    """The tickets whose due times move, was and is, and those that cannot."""
    rows = []
    for row, then in zip(before, after, strict=True):
        if isinstance(then, Refusal):
            rows.append((row.ref, "refused", in_commands(then), ""))
            continue
        for was, will_be in ((row.response, then.response), (row.resolution, then.resolution)):
            if was.due != will_be.due:
                rows.append((row.ref, was.kind.value, _due(was, zone), _due(will_be, zone)))
    headings = (Column("TICKET"), Column("CLOCK"), Column("DUE WAS", least=NARROW), Column("WOULD BE"))
    if rows:
        say("\n".join(lines(headings, rows, columns())))
    else:
        say("No due time would move.")


def _due(course: ClockProjection, zone: str) -> str:
    return full_time(instant(course.due), zone) if course.due is not None else "no time"


@policy.command("list")
@as_json
@pass_session
def list_(session: CliContext, as_json: bool) -> None:
    """The versions that are installed; the one in force is marked."""
    with session.desk() as door:
        in_force = door.policy_at(door.now()).version
        versions = sorted(door.policies.values(), key=lambda each: each.effective)
    if as_json:
        say_json(
            [
                {
                    "version": each.version,
                    "name": each.name,
                    "effective": utc(each.effective),
                    "in_force": each.version == in_force,
                }
                for each in versions
            ]
        )
        return
    rows = [
        (
            each.version,
            each.name,
            full_time(each.effective, each.timezone),
            "in force" if each.version == in_force else "",
        )
        for each in versions
    ]
    headings = (Column("VERSION"), Column("NAME", least=NARROW), Column("FROM"), Column())
    say("\n".join(lines(headings, rows, columns())))
