"""`supportdesk watch`: alert people as time passes."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import FAILURE, FailureError
from supportdesk.cli.output import echo, echo_error
from supportdesk.cli.param_types import SecondsParam
from supportdesk.cli.watcher_outside import watcher_outside
from supportdesk.cli.watcher_status import describe_watcher
from supportdesk.files import PRIVATE, expand
from supportdesk.heartbeat import WATCHING
from supportdesk.store.location import find_heartbeat

if TYPE_CHECKING:
    from supportdesk.heartbeat import HeartbeatPlace
    from supportdesk.watcher.loop import Watcher
    from supportdesk.watcher.task import Say

_CLOSING = 60.0
"""Seconds for which the end waits for what is being sent."""


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option("--status", is_flag=True, help="Say whether a watcher is alive; the exit code is 1 if none is.")
@click.option(
    "--interval",
    type=SecondsParam(1, 60),
    default=5,
    show_default=True,
    metavar="DURATION",
    help="How often to look, in seconds.",
)
@click.option(
    "--log", "log_file", metavar="FILE", help="Add what happens to this file, not to standard error."
)
@click.option(
    "--listen",
    metavar="HOST:PORT",
    help="Also serve the links by which pages are acknowledged, such as on 127.0.0.1:8025 behind a TLS proxy.",
)
@click.option(
    "--behind-proxy",
    is_flag=True,
    help="Confirm that only a TLS proxy can reach an address of --listen that is not on this machine.",
)
@click.option(
    "--test",
    "trial",
    nargs=2,
    metavar="METHOD TARGET",
    help="Send a test page, as in --test mail you@example.com, and say what became of it.",
)
@click.pass_context
@pass_cli_context
def watch(
    context: CliContext,
    ctx: click.Context,
    /,
    *,
    once: bool,
    status: bool,
    interval: int,
    log_file: str | None,
    listen: str | None,
    behind_proxy: bool,
    trial: tuple[str, str] | None,
) -> None:
    """Watch the desk: escalate what nobody acknowledges, and alert people before a clock runs out.

    It runs until it is ended, as a service does. Any number may run: each step is recorded once. On a desk without
    one, an open console watches.
    """
    if trial is not None:
        from supportdesk.cli.trial_page import send_trial_page

        ctx.exit(send_trial_page(context, *trial))
    context.require_desk()
    if listen is not None and (once or status):
        raise click.UsageError("--listen needs a watcher that goes on: leave out --once and --status.", ctx)
    beat = find_heartbeat(context.address)
    if status:
        ctx.exit(_say_status(context, beat))
    say = _logger(log_file)
    watcher = _make_watcher(context, None if once else beat, say, interval)
    if once:
        ctx.exit(_watch_once(watcher))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: watcher.stop())
    if listen is None:
        watcher.run()
        return
    from supportdesk.cli.link_service import link_service

    with link_service(context.opener(), listen, say, behind_proxy=behind_proxy):
        watcher.run()


def _say_status(context: CliContext, beat: HeartbeatPlace) -> int:
    """Say whether a watcher is alive, and how much waits to be sent; return the exit code."""
    alive, text = describe_watcher(beat)
    (echo if alive else echo_error)(text)
    _echo_outbox(context)
    return 0 if alive else FAILURE


def _make_watcher(context: CliContext, beat: HeartbeatPlace | None, say: Say, interval: int) -> Watcher:
    from supportdesk.watcher.loop import Watcher
    from supportdesk.watcher.tasks import make_tasks

    outside = watcher_outside(context, say)
    make = partial(make_tasks, outside=outside, closing=_CLOSING)
    find_methods = outside.find_methods
    return Watcher(context.opener(), beat, make, say=say, interval=interval, find_methods=find_methods)


def _watch_once(watcher: Watcher) -> int:
    """Do everything that is due; return the exit code."""
    while watcher.tick():
        pass
    watcher.close()
    return 0 if watcher.heartbeat.state == WATCHING else FAILURE


def _echo_outbox(context: CliContext) -> None:
    """Say how much waits to be sent, if anything does."""
    from supportdesk.cli.outbox_text import MOST, summarise

    with context.desk() as desk:
        entries = desk.outbox(MOST)
    if entries:
        echo(f"{summarise(entries)} See `supportdesk outbox`.")


def _logger(log_file: str | None) -> Say:
    """Return the function that writes a line to the log, with the time in UTC. Raises FailureError."""
    stream = sys.stderr
    if log_file is not None:
        try:
            handle = os.open(expand(log_file), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, PRIVATE)
        except OSError as error:
            raise FailureError(f"{log_file} cannot be written: {error.strerror}.") from error
        stream = os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace")

    def say(line: str) -> None:
        # Nobody need read it: a log that cannot be written must not keep anybody from being alerted.
        with suppress(OSError, ValueError):
            stream.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}  {line}\n")
            stream.flush()

    return say
