"""Tokens for mail servers that accept no password: a user's program prints a new one (XOAUTH2)."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.access.program import run_program
from supportdesk.access.secret import SetupError

_TIMEOUT = 15.0
"""Seconds that the program may take."""
_LARGEST = 32 << 10
"""Bytes of a token; those of Microsoft have a few thousand."""


def read_token(command: Sequence[str]) -> str:
    """Return the first line that a program prints. Raises SetupError, which quotes nothing of it."""
    name = command[0]
    try:
        ended = run_program(command, b"", timeout=_TIMEOUT, most=_LARGEST)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "its name is not possible"
        raise SetupError(f"token_command {name} cannot be started: {why}") from error
    if ended.exit_code is None:
        raise SetupError(f"token_command {name} was ended after {_TIMEOUT:g} s")
    if ended.exit_code != 0:
        raise SetupError(f"token_command {name} ended with code {ended.exit_code}")
    token = ended.output.partition("\n")[0].strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise SetupError(f"token_command {name} printed no token")
    return token
