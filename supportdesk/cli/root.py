"""The `supportdesk` command: the options before a command, and where each command is defined."""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from typing import Any, NoReturn

import click

from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import FAILURE, INTERRUPTED, READER_GONE, FailureError
from supportdesk.cli.lazy_group import LazyGroup
from supportdesk.cli.output import echo, echo_error, echo_note, shorten_message
from supportdesk.cli.shell_complete import COMPLETE_VARIABLE, complete_from_desk
from supportdesk.cli.streams import UNWRITABLE, discard_output
from supportdesk.settings.files import VARIABLE
from supportdesk.tickets.command_places import COMMAND_PLACES

SECTIONS = {
    "Set up": {
        "init": "supportdesk.cli.commands.init:init",
        "demo": "supportdesk.cli.commands.demo:demo",
        "doctor": "supportdesk.cli.commands.doctor:doctor",
        "watch": "supportdesk.cli.commands.watch:watch",
        "outbox": "supportdesk.cli.commands.outbox:outbox",
        "intake": "supportdesk.cli.commands.intake:intake",
        "mail": "supportdesk.cli.commands.mail:mail",
        "config": "supportdesk.cli.commands.config:config",
        "anchor": "supportdesk.cli.commands.anchor:anchor",
        "verify": "supportdesk.cli.commands.verify:verify",
        "backup": "supportdesk.cli.commands.backup:backup",
        "restore": "supportdesk.cli.commands.restore:restore",
        "export": "supportdesk.cli.commands.export:export",
        "db": "supportdesk.cli.commands.db:db",
        "completion": "supportdesk.cli.commands.completion:completion",
    },
    "View": {
        "queue": "supportdesk.cli.commands.queue:queue",
        "open": "supportdesk.cli.commands.open:open_ticket",
        "show": "supportdesk.cli.commands.show:show",
        "attachments": "supportdesk.cli.commands.attachments:attachments",
        "explain": "supportdesk.cli.commands.explain:explain",
        "due": "supportdesk.cli.commands.due:due",
        "replay": "supportdesk.cli.commands.replay:replay",
        "wall": "supportdesk.cli.commands.wall:wall",
        "report": "supportdesk.cli.commands.report:report",
    },
    "Work on tickets": {
        "log": "supportdesk.cli.commands.log:log",
        "call": "supportdesk.cli.commands.call:call",
        "voicemail": "supportdesk.cli.commands.voicemail:voicemail",
        "shift": "supportdesk.cli.commands.shift:shift",
        **COMMAND_PLACES,
    },
    "Administer": {
        "staff": "supportdesk.cli.commands.staff:staff",
        "rota": "supportdesk.cli.commands.rota:rota",
        "organisation": "supportdesk.cli.commands.organisation:organisation",
        "contact": "supportdesk.cli.commands.contact:contact",
        "erase": "supportdesk.cli.commands.erase:erase",
        "release": "supportdesk.cli.commands.release:release",
        "knowledge": "supportdesk.cli.commands.knowledge:knowledge",
        "policy": "supportdesk.cli.commands.policy:policy",
        "day": "supportdesk.cli.commands.day:day",
        "import": "supportdesk.cli.commands.import_:import_",
    },
}
MAKE_COMMAND = "supportdesk.cli.commands.ticket_commands:ticket_command"


class RootGroup(LazyGroup):
    """The outermost command: turns every exception into one helpful line and the right exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a closed pipe ends it silently."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            discard_output()
            ctx.exit(READER_GONE)
        except click.NoSuchOption as error:
            if error.option_name in ("--db", "--as", "--config", "--confirm-date"):
                message = f"{error.option_name} goes before the command."
                raise click.UsageError(message, error.ctx) from error
            raise
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except Exception as error:
            # A value that the program did not write can make any code fail.
            damage = ctx.obj.describe_damage() if isinstance(ctx.obj, CliContext) else ""
            if not damage:
                raise
            raise FailureError(damage) from error

    def main(self, *arguments: Any, **settings: Any) -> Any:
        """Run the command line. Raises SystemExit with the exit code."""
        settings["standalone_mode"] = False
        settings["complete_var"] = COMPLETE_VARIABLE
        try:
            code = super().main(*arguments, **settings)
        except click.Abort:
            sys.exit(INTERRUPTED)
        except click.ClickException as error:
            shown = io.StringIO()
            error.show(shown)
            with suppress(OSError):
                echo_note(shorten_message(shown.getvalue().rstrip("\n")))
            sys.exit(error.exit_code)
        except OSError as error:
            if error.errno not in UNWRITABLE or error.filename is not None:
                _crash(error)
            discard_output()
            echo_error(f"the output cannot be written: {error.strerror}.")
            sys.exit(FAILURE)
        except Exception as error:  # noqa: BLE001 - a traceback would quote what customers wrote
            _crash(error)
        sys.exit(code if isinstance(code, int) else 0)


def _crash(error: Exception) -> NoReturn:
    from supportdesk.crash_log import write_crash

    echo_error(" ".join(write_crash(error).splitlines()))
    sys.exit(FAILURE)


@click.group(cls=RootGroup, sections=SECTIONS, make_command=MAKE_COMMAND, invoke_without_command=True)
@click.option(
    "--db",
    "address",
    metavar="URL",
    envvar=desk_address.VARIABLE,
    show_envvar=True,
    help="The desk: a path, or a URL such as postgresql://HOST/DATABASE; by default, desk.db in your data folder."
    " A URL never contains a password: that comes from ~/.pgpass or a service file.",
)
@click.option(
    "--as",
    "username",
    metavar="USERNAME",
    help="Act as this member of staff; by default, your username on this machine.",
    shell_complete=complete_from_desk("person"),
)
@click.option(
    "--config",
    metavar="FILE",
    envvar=VARIABLE,
    show_envvar=True,
    help="The console's settings; by default, config.toml in your config folder.",
)
@click.option(
    "--confirm-date",
    is_flag=True,
    help="Confirm that this machine's date is right, although the desk's last event is much older, or later.",
)
@click.option(
    "--locked", is_flag=True, help="Begin with the lock screen, which hides the desk, but not its alarms."
)
@click.option("--version", is_flag=True, help="Show the version and the details that a bug report needs.")
@click.pass_context
def root(
    ctx: click.Context,
    /,
    address: str | None,
    username: str | None,
    config: str | None,
    *,
    confirm_date: bool,
    locked: bool,
    version: bool,
) -> None:
    """A service desk in the terminal. Without a command it opens the console.

    The exit code is 0 for success, 2 for a bad request and 1 for a failure.
    """
    for option, value in (("--db", address), ("--as", username), ("--config", config)):
        if value is not None and not value.strip():
            raise click.UsageError(f"{option} is empty; give a value or leave it out.", ctx)
    if locked and ctx.invoked_subcommand is not None:
        raise click.UsageError("--locked is for the console; leave the command out.", ctx)
    context = ctx.obj = CliContext(address, username, ctx.obj, config, date_is_confirmed=confirm_date)
    if version:
        from supportdesk.cli.commands.version import version_lines

        echo("\n".join(version_lines(context)))
        ctx.exit()
    if ctx.invoked_subcommand is None:
        from supportdesk.cli.console import open_console

        open_console(context, locked=locked)
