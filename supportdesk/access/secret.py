"""Passwords, tokens and addresses that grant access: from the environment, or from a file that only its owner reads."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from msgspec import Struct

from supportdesk.files import read_bytes

_LARGEST = 64 << 10


class SetupError(ValueError):
    """What the settings name cannot be used; the message says why and what to do, and contains no secret."""


class Secret(Struct, frozen=True):
    """Where a secret is: in a file, or in a variable of the environment. It is read each time that it is used."""

    file: Path | None = None
    variable: str | None = None

    def read(self) -> str:
        """Return the secret, without the line end after it. Raises SetupError."""
        text = (
            self._read_file(self.file) if self.file is not None else os.environ.get(self.variable or "", "")
        )
        secret = text.strip()
        where = str(self.file) if self.file is not None else f"the environment variable {self.variable}"
        if not secret:
            raise SetupError(f"{where} is empty or missing; the secret belongs there")
        if len(secret.splitlines()) > 1 or not secret.isprintable():
            raise SetupError(f"{where} has more than one line; it should hold only the secret")
        return secret

    @staticmethod
    def _read_file(path: Path) -> str:
        try:
            mode = path.stat().st_mode
            # Before the content is read, so that a warning comes before the harm.
            if stat.S_ISREG(mode) and stat.S_IMODE(mode) & 0o077:
                raise SetupError(f"{path} can be used by others; run `chmod 600 {path}`")
            return read_bytes(path, _LARGEST).decode("utf-8-sig")
        except OSError as error:
            raise SetupError(f"{path} cannot be read: {error.strerror or error}") from error
        except UnicodeDecodeError:
            raise SetupError(f"{path} is not UTF-8 text; it should hold only the secret") from None


def secret_at(file: Path | None, variable: str | None) -> Secret | None:
    """Return where a secret is; None where the settings name neither."""
    return Secret(file, variable) if file is not None or variable else None
