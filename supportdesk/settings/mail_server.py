"""The settings of a mail server and of the login there, for mail that is sent and mail that is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from supportdesk.settings.web_address import is_this_machine

Security = Literal["starttls", "tls", "none"]


class LoginSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to log in to a mail server, and how its name is proved: with a password, or with a token (XOAUTH2)."""

    ca_file: str | None = None
    user: str | None = None
    password_file: str | None = None
    password_env: str | None = None
    token_command: tuple[str, ...] = ()


def split_server(text: str) -> tuple[str, int | None] | None:
    """Return host and port of `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`; None for any other text."""
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?", text)
    if found is None or (found[3] is not None and not 0 < int(found[3]) < 65536):
        return None
    return found[1] or found[2], int(found[3]) if found[3] else None


def find_login_faults(login: LoginSettings, security: Security, server: str) -> Iterator[tuple[str, str]]:
    """Yield setting and reason for what cannot be right about a login, whatever the server says."""
    yield from at_most_one(login, "password_file", "password_env", "token_command")
    secrets = login.password_file or login.password_env or login.token_command
    if secrets and not login.user:
        yield "user", "give the user name that goes with the password or token"
    if login.user and not secrets:
        yield "user", "give password_file, password_env or token_command as well"
    host = split_server(server)
    if login.user and security == "none" and not (host and is_this_machine(host[0])):
        yield "security", 'a password would be sent in the clear; use "starttls" or "tls"'


def at_most_one(settings: Struct, *names: str) -> Iterator[tuple[str, str]]:
    """Yield setting and reason where more than one of the settings is given."""
    given = [name for name in names if getattr(settings, name)]
    if len(given) > 1:
        yield given[1], f"say either {' or '.join(given)}, not both"
