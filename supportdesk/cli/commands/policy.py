"""`supportdesk policy`: check, install and list policy versions, and move tickets between them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from pathlib import Path

import click
from msgspec.structs import replace

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.default_policy import load_default_policy
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import count_noun, echo, echo_error, echo_json, echo_note, terminal_width
from supportdesk.cli.param_types import utc
from supportdesk.cli.records import as_json, save_record
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.desk_api import DeskReader
from supportdesk.sla.clocks import ClockProjection, instant
from supportdesk.sla.formatting import full_time
from supportdesk.sla.policy import NO_CRITICAL_NUMBER, Policy, lacks_promised_number
from supportdesk.sla.policy_file import PolicyError, load_policy
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.documents import Person
from supportdesk.tickets.escalation.vacancies import find_vacant_steps
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.records.commands import InstallPolicy
from supportdesk.tickets.refusal import Refusal
from supportdesk.toml_file.document import Fault, read_toml

file = click.argument("path", metavar="FILE", type=click.Path(path_type=Path))


@click.group()
def policy() -> None:
    """Check, install and list versions of the support policy."""


@policy.command()
@file
def check(path: Path) -> None:
    """Check a policy file; no desk is needed."""
    read = _read(path)
    echo(
        f"{read.name}, version {read.version}, in force from {full_time(read.effective, read.timezone)}: no faults."
    )
    _warn_of_number(read)


@policy.command()
@click.argument("path", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--built-in", is_flag=True, help="Install the policy that comes with the program.")
@click.option(
    "--new-version",
    metavar="TEXT",
    help="Install it as this version, in force from now on; by default, version and date are those of the file.",
)
@click.option(
    "--despite-vacancy",
    is_flag=True,
    help="Do it although a step of a ladder goes to a role that nobody holds.",
)
@pass_cli_context
def install(
    context: CliContext, path: Path | None, *, built_in: bool, new_version: str | None, despite_vacancy: bool
) -> None:
    """Install a policy version. It applies to requests received from its effective date on.

    Open tickets keep their version; `policy move` moves them.
    """
    if built_in == (path is not None):
        raise click.UsageError(
            "Give a policy file, or --built-in for the policy that comes with the program."
        )
    read = load_default_policy() if path is None else _read(path)
    if new_version is not None:
        now = context.clock.now().astimezone(UTC).replace(microsecond=0)
        read = replace(read, version=new_version.strip(), effective=now)

    def make(desk: DeskReader) -> InstallPolicy:
        if path is not None and not despite_vacancy:
            _refuse_vacancies(path, read, desk.roster().staff)
        return InstallPolicy(read)

    save_record(context, make)
    echo(f"Version {read.version} is in force from {full_time(read.effective, read.timezone)}.")
    _warn_of_number(read)


def _warn_of_number(policy: Policy) -> None:
    """Say that receipts have no number to call: it may be supplied later, so that this is no fault."""
    if lacks_promised_number(policy):
        echo_note(
            f"Receipts do not say which number to call for a Critical, as {NO_CRITICAL_NUMBER};"
            " add it in a new version."
        )


def _refuse_vacancies(path: Path, policy: Policy, staff: Iterable[Person]) -> None:
    """Raise BadRequestError, with file and line, where a step of a ladder goes to roles that nobody holds."""
    faults = [
        Fault(
            f"$.severities[{severity}].ladder[{step}].to",
            f"nobody is {' or '.join(role.name for role in roles)}, so the step would be skipped; give somebody the"
            f" rung (supportdesk staff change USERNAME --rung {roles[0].key}), or add --despite-vacancy",
        )
        for severity, step, roles in find_vacant_steps(policy, staff)
    ]
    if faults:
        raise BadRequestError(str(PolicyError(path, faults, read_toml(path)[0])))


def _read(path: Path) -> Policy:
    try:
        return load_policy(path)
    except PolicyError as error:
        raise BadRequestError(str(error)) from error


@policy.command()
@click.argument("version")
@click.option("--apply", is_flag=True, help="Move the tickets; by default, only show what would change.")
@pass_cli_context
def move(context: CliContext, version: str, apply: bool) -> None:
    """Move all open tickets to a version, or show the effect.

    Without --apply it only shows how due times would change.
    """
    with context.desk() as desk:
        actor = context.operator(desk).username
        if version not in desk.policies:
            noun = "version is" if len(desk.policies) == 1 else "versions are"
            installed = f"{noun} {', '.join(desk.policies)}"
            raise BadRequestError(f"There is no version {version}; the installed {installed}.")
        rows = [row for row in desk.queue().rows if row.is_open and row.policy != version]
        commands = [MoveToPolicy(row.ref, version) for row in rows]
        zone = desk.policy_at(desk.now()).timezone
        if not apply:
            after = desk.preview(commands, by=actor)
            if not rows:
                echo(f"No open ticket needs moving to version {version}.")
                return
            _echo_moves(rows, after, zone)
            echo(
                f"{count_noun(len(rows), 'open ticket')} would move to version {version}; --apply moves them."
            )
            return
        refused = 0
        for command in commands:
            outcome = desk.do(command, by=actor)
            if isinstance(outcome, Refusal):
                refused += 1
                echo_error(f"{command.ref}: {refusal_message(outcome)}")
    echo(f"{count_noun(len(rows) - refused, 'open ticket')} moved to version {version}.")
    if refused:
        raise BadRequestError(f"{count_noun(refused, 'ticket')} could not be moved; see above.")


def _echo_moves(before: list[QueueRow], after: list[QueueRow | Refusal], zone: str) -> None:
    """Print the due times that would change, before and after, and the tickets that cannot move."""
    rows = []
    for row, then in zip(before, after, strict=True):
        if isinstance(then, Refusal):
            rows.append((row.ref, "refused", refusal_message(then), ""))
            continue
        for was, will_be in ((row.response, then.response), (row.resolution, then.resolution)):
            if was.due != will_be.due:
                rows.append((row.ref, was.kind.value, _due(was, zone), _due(will_be, zone)))
    headings = (
        TableColumn("TICKET"),
        TableColumn("CLOCK"),
        TableColumn("DUE NOW", least=NAME_WIDTH),
        TableColumn("WOULD BE"),
    )
    if rows:
        echo("\n".join(table_lines(headings, rows, terminal_width())))
    else:
        echo("No due time would move.")


def _due(clock: ClockProjection, zone: str) -> str:
    return full_time(instant(clock.due), zone) if clock.due is not None else "no time"


@policy.command("list")
@as_json
@pass_cli_context
def list_(context: CliContext, as_json: bool) -> None:
    """List the installed versions and mark the one in force."""
    with context.desk() as desk:
        in_force = desk.policy_at(desk.now()).version
        versions = sorted(desk.policies.values(), key=lambda each: each.effective)
    if as_json:
        echo_json(
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
    headings = (
        TableColumn("VERSION"),
        TableColumn("NAME", least=NAME_WIDTH),
        TableColumn("FROM"),
        TableColumn(),
    )
    echo("\n".join(table_lines(headings, rows, terminal_width())))
