"""The `supportdesk` command itself, to which every group of commands is added."""

import click

from supportdesk import __version__


@click.group(invoke_without_command=True)
@click.version_option(__version__, prog_name="supportdesk")
def root() -> None:
    """A service desk in the terminal."""
