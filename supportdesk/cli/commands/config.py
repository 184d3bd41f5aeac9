"""`supportdesk config`: find, create and check the console's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BAD_REQUEST, BadRequestError, FailureError
from supportdesk.cli.output import count_noun, echo, echo_error
from supportdesk.files import create_file, is_there, make_folder
from supportdesk.resources import data_path

if TYPE_CHECKING:
    from supportdesk.settings.load import LoadedSettings

EXAMPLE = "config.toml"


@click.command()
@click.option("--check", "wanted", flag_value="check", help="List everything that is wrong with the file.")
@click.option("--init", "wanted", flag_value="init", help="Create the file, with every setting explained.")
@click.option("--example", "wanted", flag_value="example", help="Print that file.")
@click.option("--keys", "wanted", flag_value="keys", help="List every key with the id for rebinding it.")
@pass_cli_context
@click.pass_context
def config(ctx: click.Context, context: CliContext, wanted: str | None) -> None:
    """Show where the console's settings file is.

    The console also starts with a faulty file: it ignores the faulty settings and says so.
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
            there = "" if is_there(path) else "  (does not exist; `supportdesk config --init` creates it)"
            echo(f"{path}{there}")


def _check(context: CliContext) -> int:
    from msgspec.structs import replace

    from supportdesk.console.preferences.store import read_preferences

    files = context.settings_files
    if not is_there(files.config):
        raise BadRequestError(f"There is no {files.config}; `supportdesk config --init` creates it.")
    found = read_preferences(files)
    found = replace(found, loaded=with_watcher_faults(with_desk_faults(context, found.loaded)))
    faults = found.faults
    for fault in faults:
        echo_error(fault)
    if faults:
        echo_error(f"{count_noun(len(faults), 'fault')}; faulty settings are ignored.")
        return BAD_REQUEST
    echo(f"{files.config}: no faults.")
    return 0


def with_desk_faults(context: CliContext, loaded: LoadedSettings) -> LoadedSettings:
    """Return the settings with the faults of names that the desk does not have; unchanged where no desk can be read."""
    from supportdesk.console.preferences.validation import find_desk_faults
    from supportdesk.console.queue.desk_vocabulary import vocabulary_of

    try:
        if not context.exists:
            return loaded
        with context.desk() as desk:
            policy, now = desk.policy_at(desk.now()), desk.now()
            vocabulary = vocabulary_of(
                context.username, desk.policies.values(), desk.roster(), zone=policy.timezone, now=lambda: now
            )
            return loaded.with_faults(loaded.settings, find_desk_faults(loaded, policy, vocabulary))
    except (BadRequestError, FailureError):
        return loaded


def with_watcher_faults(loaded: LoadedSettings) -> LoadedSettings:
    """Return the settings with the faults of the table that only the watcher reads."""
    from supportdesk.settings.watcher import decode_watcher

    if not isinstance(loaded.document.get("watcher"), dict):
        return loaded
    return loaded.with_faults(
        loaded.settings, decode_watcher(loaded.path, loaded.text, loaded.document).faults
    )


def _write(context: CliContext) -> None:
    path = context.settings_files.config
    try:
        # The settings have a folder of their own, which only this command makes.
        make_folder(path.parent)
        create_file(path, data_path(EXAMPLE).read_bytes())
    except FileExistsError:
        raise BadRequestError(
            f"{path} already exists and was not changed; `supportdesk config --example` prints every setting."
        ) from None
    except OSError as error:
        raise FailureError(f"{path} cannot be written: {error.strerror}.") from error
    echo(f"Created {path}, with every setting explained and none changed.")


def _list_keys() -> None:
    from supportdesk.console.keys.keymap import KEYS
    from supportdesk.console.main.help_entries import title_of

    for key in KEYS:
        echo(f"{key.id:<22} {key.keys:<28} {title_of(key) or key.help}".rstrip())
