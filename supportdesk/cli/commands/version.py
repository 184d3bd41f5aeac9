"""`supportdesk --version`: the version and details for a bug report, without passwords."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

from supportdesk import __version__
from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext
from supportdesk.files import is_there
from supportdesk.store.location import read_database_version

_LIBRARIES = {"Textual": "textual", "SQLAlchemy": "sqlalchemy", "click": "click"}
_TERMINAL_VARIABLES = ("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "TEXTUAL_THEME")
_INSIDE = {"TMUX": "in tmux", "STY": "in screen", "SSH_CONNECTION": "over SSH"}


def version_lines(context: CliContext) -> Iterator[str]:
    """Yield the lines; the first is the version alone."""
    yield f"supportdesk {__version__}"
    yield f"Python {platform.python_version()}, {', '.join(_libraries())}, {read_database_version()}"
    yield f"{platform.system()} {platform.release()}, {platform.machine()}"
    yield f"terminal: {terminal(os.environ)}"
    yield f"settings: {_settings(context)}"
    yield f"desk: {desk_address.display(context.address)}"


def terminal(environment: Mapping[str, str]) -> str:
    """Return what the environment says about the terminal: `TERM=tmux-256color, COLORTERM=truecolor, in tmux`."""
    named = [f"{name}={environment[name]}" for name in _TERMINAL_VARIABLES if environment.get(name)]
    inside = [where for name, where in _INSIDE.items() if environment.get(name)]
    return ", ".join([*named, *inside]) or "unknown"


def _libraries() -> Iterator[str]:
    for name, package in _LIBRARIES.items():
        try:
            yield f"{name} {version(package)}"
        except PackageNotFoundError:
            yield f"{name} missing"


def _settings(context: CliContext) -> str:
    file = context.settings_files.config
    return str(file) if is_there(file) else f"{file} (does not exist: using defaults)"
