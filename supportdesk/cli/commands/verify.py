"""`supportdesk verify`: check the ledger, the tables and the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import FAILURE, BadRequestError
from supportdesk.cli.output import count_noun, echo, echo_error

if TYPE_CHECKING:
    from supportdesk.store.anchors import Anchor
    from supportdesk.store.verification.verify import Verification


class _PointParam(click.ParamType[tuple[int, str]]):
    """An event of the ledger as `verify` prints it: its number and hash."""

    name = "SEQ:HASH"
    _FORM = re.compile(r"(?:Last event )?([0-9]{1,18}):([0-9a-fA-F]{64})")

    def convert(
        self, value: str | tuple[int, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, str]:
        """Return the event's number and its hash."""
        if isinstance(value, tuple):
            return value
        found = self._FORM.fullmatch(value.strip())
        if found is None:
            form = "give it as `supportdesk verify` prints it: a number, a colon and 64 hexadecimal digits"
            self.fail(form, param, ctx)
        return int(found[1]), found[2].lower()


@click.command()
@click.option(
    "--expect",
    metavar="SEQ:HASH",
    type=_PointParam(),
    help="An event noted earlier, as this command and `backup` print it; the ledger must contain it.",
)
@click.option(
    "--anchor",
    "anchor_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file of events noted earlier, as `anchor` and the system log write them; the ledger must contain them all.",
)
@click.option(
    "--since",
    metavar="SEQ",
    type=click.IntRange(0, 10**18),
    default=0,
    help="Check what follows from the events behind this one only, which is quick; see --anchor for what is before.",
)
@click.pass_context
@pass_cli_context
def verify(
    context: CliContext,
    ctx: click.Context,
    /,
    *,
    expect: tuple[int, str] | None,
    anchor_file: Path | None,
    since: int,
) -> None:
    """Check that the ledger is intact and that the tables match it.

    Every event is read and replayed, and the file, its schema and its indexes are checked. The exit code is 1 if
    anything is wrong. Note the last event elsewhere, for which there is the command `anchor`, and give the notes with
    --anchor: only they show that a ledger was cut short or rewritten.

    Every day, verify --since the event that was anchored last, with --anchor, and then anchor the end; verify
    everything now and then.
    """
    from supportdesk.store.anchors import Anchor, Point
    from supportdesk.store.verification.verify import verify as prove

    noted = [Anchor(Point(*expect))] if expect else []
    noted += _load(anchor_file) if anchor_file is not None else []
    with context.database() as database:
        found = prove(database, noted, since)
    for finding in found.findings:
        echo_error(f"{finding}.")
    if found.unlisted:
        echo_error(f"{count_noun(found.unlisted, 'finding')} more.")
    if not found.is_intact:
        echo_error(f"{database.location} {database.damage}")
        ctx.exit(FAILURE)
    _report_intact(found)
    if found.newer:
        _report_unknown(found)
    if anchor_file is not None:
        count = len(noted) - bool(expect)
        echo(
            f"It contains {count_noun(count, 'anchor')} of {anchor_file}, the last at event {noted[-1].point.seq:,}."
        )
    if since:
        _report_unread(found, noted)


def _report_intact(found: Verification) -> None:
    if not found.since:
        counted = f"{count_noun(found.events, 'event')}, {count_noun(found.tickets, 'ticket')}"
        echo(f"The ledger is intact: {counted}.")
    else:
        checked = count_noun(found.events - found.since, "event")
        tickets = count_noun(found.tickets - found.unread, "ticket")
        echo(f"The ledger is intact since event {found.since:,}: {checked}, {tickets}.")
    echo(f"Last event {found.point}")


def _report_unknown(found: Verification) -> None:
    """Say what this version cannot check on the desk of a newer one."""
    echo(
        f"Not checked, as a newer version upgraded this desk to schema {found.newer}: its schema,"
        f" {count_noun(found.unknown_events, 'event')} of a newer version and what these changed, and"
        f" {count_noun(found.unknown_tickets, 'ticket')}. Verify it with the newest version."
    )


def _report_unread(found: Verification, anchors: list[Anchor]) -> None:
    """Say what was not looked at."""
    is_anchored = any(each.point.seq >= found.since for each in anchors)
    trusted = (
        ""
        if is_anchored
        else f", and whether event {found.since:,} is the right one (no anchor is behind it)"
    )
    echo(
        f"Not checked: events up to {found.since:,} that change no record,"
        f" {count_noun(found.unread, 'ticket')} without an event since, the file and the search indexes{trusted}."
    )


def _load(file: Path) -> list[Anchor]:
    """Return the anchors of a file. Raises BadRequestError for one without any, or with anything else."""
    from supportdesk.store.anchor_places import load_anchors
    from supportdesk.store.anchors import BadAnchorError

    try:
        anchors = load_anchors(file)
    except OSError as error:
        raise BadRequestError(f"{file} cannot be read: {error.strerror}.") from error
    except BadAnchorError as error:
        raise BadRequestError(f"{file}: {error}.") from error
    if not anchors:
        raise BadRequestError(f"{file} has no anchor; `supportdesk anchor FILE` writes one.")
    return anchors
