"""The address of a desk on a PostgreSQL server: a URI of libpq, which may name several hosts.

Light to import: the driver is not loaded.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from supportdesk.store.errors import DeskUnavailableError

_SCHEME = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://", re.IGNORECASE)
_USER_INFO = re.compile(r"[^/?#]*@")

CREDENTIALS_GIVEN = (
    "an address with a password cannot be used, because others could read it in the list of processes:"
    " leave it out, and put it into ~/.pgpass or the file that PGPASSFILE names"
)
"""Why an address is refused; it quotes nothing of it."""


def is_postgres(address: str) -> bool:
    """Return whether an address is that of a PostgreSQL server."""
    return _SCHEME.match(address) is not None


def parse_uri(address: str) -> str:
    """Return libpq's URI for an address such as `postgresql+psycopg://host1,host2/desk?service=...`.

    Raises DeskUnavailableError for a password in it, which others could read in the list of processes.
    """
    scheme = _SCHEME.match(address)
    rest = address[scheme.end() :] if scheme is not None else address
    user_info = _USER_INFO.match(rest)
    if (user_info is not None and ":" in user_info[0]) or "password" in dict(_options(rest)):
        raise DeskUnavailableError(CREDENTIALS_GIVEN)
    return f"postgresql://{rest}"


def to_read(address: str) -> str:
    """Return an address at which a server that can only be read will do, unless it says itself which."""
    if "target_session_attrs" in dict(_options(address.partition("://")[2])):
        return address
    return f"{address}{'&' if '?' in address else '?'}target_session_attrs=any"


def _options(rest: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(f"//{rest}").query, keep_blank_values=True)
    except ValueError:
        return parse_qsl(rest.partition("?")[2], keep_blank_values=True)
