"""`supportdesk config`: where the console's settings are, and whether they are good."""

from __future__ import annotations

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BAD_REQUEST, BadRequestError, FailureError
from supportdesk.cli.output import counted, echo, echo_error
from supportdesk.files import create_file, is_there
from supportdesk.resources import data_path

EXAMPLE = "config.toml"


@click.command()
@click.option("--check", "wanted", flag_value="check", help="Say everything that is wrong with the file.")
@click.option("--init", "wanted", flag_value="init", help="Write a file in which everything is explained.")
@click.option("--example", "wanted", flag_value="example", help="Print that file.")
@click.option("--keys", "wanted", flag_value="keys", help="List every key with the id by which it is bound.")
@pass_cli_context
@click.pass_context
def config(ctx: click.Context, context: CliContext, wanted: str | None) -> None:
    """Say where the console's settings are.

    The console starts with a bad file, too: it leaves out what is wrong, and says so.
    """
    match wanted:
        case "check":
            ctx.exit(_check(context))
        case "init":
            _write(context)
        case "example":
            echo(data_path(EXAMPLE).read_text(encoding="utf-8").rstrip("\n"))
        case "keys":
            _list_keys()
        case _:
            path = context.settings_files.config
            there = "" if is_there(path) else "  (not there; `supportdesk config --init` writes one)"
            echo(f"{path}{there}")


def _check(context: CliContext) -> int:
    from supportdesk.console.preferences.store import read_personal

    files = context.settings_files
    if not is_there(files.config):
        raise BadRequestError(f"There is no {files.config}; `supportdesk config --init` writes one.")
    faults = read_personal(files).faults
    for told in faults:
        echo_error(told)
    if faults:
        echo_error(f"{counted(len(faults), 'fault')}; the console leaves out what is wrong.")
        return BAD_REQUEST
    echo(f"{files.config}: good.")
    return 0


def _write(context: CliContext) -> None:
    path = context.settings_files.config
    try:
        create_file(path, data_path(EXAMPLE).read_bytes())
    except FileExistsError:
        raise BadRequestError(
            f"{path} is there already and left as it is; `supportdesk config --example` prints what can stand in it."
        ) from None
    except OSError as error:
        raise FailureError(f"{path} cannot be written: {error.strerror}.") from error
    echo(f"{path} is written; everything in it is explained, and nothing set yet.")


def _list_keys() -> None:
    from supportdesk.console.keys.keymap import KEYS
    from supportdesk.console.main.help_entries import title_of

    for key in KEYS:
        echo(f"{key.id:<22} {key.keys:<28} {title_of(key) or key.help}".rstrip())
