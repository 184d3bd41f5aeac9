"""`supportdesk policy`: what this desk promises, version by version."""

from __future__ import annotations

from pathlib import Path

import click

from supportdesk.cli.faults import BadRequestError
from supportdesk.cli.keeping import as_json, keep
from supportdesk.cli.kinds import utc
from supportdesk.cli.output import columns, say, say_json
from supportdesk.cli.session import Session, pass_session
from supportdesk.cli.table import NARROW, Column, lines
from supportdesk.resources import data_path
from supportdesk.sla.policy import Policy
from supportdesk.sla.policy_file import PolicyError, load_policy
from supportdesk.sla.words import full_time
from supportdesk.tickets.records import InstallPolicy

BUILT_IN = "policies/claritum.toml"

file = click.argument("path", metavar="FILE", type=click.Path(path_type=Path))


def built_in() -> Policy:
    """The policy that comes with the program."""
    return load_policy(data_path(BUILT_IN))


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
def install(session: Session, path: Path) -> None:
    """Install a version of the policy; requests received from its date of effect on keep it."""
    read = _read(path)
    keep(session, lambda door: InstallPolicy(read))
    say(f"Version {read.version} is in force from {full_time(read.effective, read.timezone)}.")


def _read(path: Path) -> Policy:
    try:
        return load_policy(path)
    except PolicyError as error:
        raise BadRequestError(str(error)) from error


@policy.command("list")
@as_json
@pass_session
def list_(session: Session, as_json: bool) -> None:
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
