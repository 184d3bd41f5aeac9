"""Asks the operating system, by a program of the operator's settings, whether a password is theirs."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

LONGEST = 30.0
"""Seconds after which the program is ended."""
REFUSED = "Not accepted. Type the password again."


def refuse_password(command: Sequence[str], password: str) -> str:
    """Return why a password does not unlock the console, empty if it does. Blocks.

    The program reads the password as one line of its standard input, so that it is in no list of processes, and accepts
    it by the exit code 0. It has no terminal: what it prints is discarded.
    """
    line = f"{password}\n".encode(errors="replace")
    try:
        ended = subprocess.run(  # noqa: S603 - the operator's own program, without a shell
            command,
            input=line,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{command[0]} has not answered for {LONGEST:.0f} seconds. Type the password again."
    except OSError as error:
        # The reason alone: the arguments may be anything.
        return f"{command[0]} cannot be run: {error.strerror}. Mend that, then type the password again."
    return "" if ended.returncode == 0 else REFUSED
