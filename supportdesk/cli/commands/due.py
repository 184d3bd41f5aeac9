"""`supportdesk due`: when a request would be due, without logging it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click

from supportdesk.cli import desk_address, json_output, lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.default_policy import load_default_policy
from supportdesk.cli.errors import report_errors
from supportdesk.cli.output import echo, echo_json, echo_note
from supportdesk.cli.param_types import IN_ZONE, InstantParam, TypedInstant
from supportdesk.sla.clock_projection import project_clock
from supportdesk.sla.clocks import Basis, ClockKind, instant
from supportdesk.sla.formatting import amount, exact_time
from supportdesk.sla.policy import Policy


@click.command()
@click.option("--severity", required=True, metavar="SEVERITY", help="Key or name of the severity.")
@click.option(
    "--at",
    type=InstantParam(),
    required=True,
    help=f"When it is received, such as tomorrow 9:15, in 2 h or 2026-11-24T09:15Z, {IN_ZONE}.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@pass_cli_context
def due(context: CliContext, severity: str, at: TypedInstant, as_json: bool) -> None:
    """Show when a request would be due under the policy.

    Without a desk, the built-in policy is used.
    """
    with report_errors():
        policy, received_at = _in_force(context, at)
        key = lookup.match_severity(policy, severity)
        if as_json:
            echo_json(json_output.promises_to_json(policy, key, received_at))
        else:
            echo("\n".join(promise_lines(policy, key, received_at)))


def _in_force(context: CliContext, at: TypedInstant) -> tuple[Policy, datetime]:
    """Return the policy in force when a request is received, and that instant."""
    if not context.exists:
        policy = load_default_policy()
        echo_note(f"There is no desk at {desk_address.display(context.address)}; using the built-in policy.")
        return policy, at.resolve_in_zone(policy.timezone, context.clock.now())
    with context.desk() as desk:
        received_at = at.resolve(desk)
        return desk.policy_at(received_at), received_at


def promise_lines(policy: Policy, severity: str, received_at: datetime) -> Iterator[str]:
    """Yield the promises as lines."""
    wanted, basis, zone = policy.severity(severity), Basis(severity, received_at), policy.timezone
    yield f"{wanted.name}, received {exact_time(received_at, zone)}"
    for label, kind, target in (
        ("Response", ClockKind.RESPONSE, wanted.response),
        ("Resolution", ClockKind.RESOLUTION, wanted.resolution),
    ):
        at = project_clock(policy, kind, basis).due
        if at is not None and target is not None:
            hours = next(each.name for each in policy.calendars if each.key == target.calendar)
            yield f"{label:<12}by {exact_time(instant(at), zone)}  ({amount(target.seconds)}, {hours})"
        else:
            yield f"{label:<12}{wanted.promise}"
