"""Where links are served, and the address by which people reach them."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from msgspec import Struct

_LISTEN = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})")
_LONGEST_BASE = 100


class ListenAddress(Struct, frozen=True):
    """A host, name or address, and a port to listen on; port 0 takes a free one."""

    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return _is_this_machine(self.host)


def parse_listen(text: str) -> ListenAddress:
    """Return the address in `HOST:PORT` or `[ADDRESS]:PORT`. Raises ValueError."""
    found = _LISTEN.fullmatch(text)
    if found is None or int(found[3]) > 65535:
        raise ValueError(f"{text} is not HOST:PORT, such as 127.0.0.1:8025")
    return ListenAddress(found[1] or found[2], int(found[3]))


def check_base(text: str) -> str:
    """Return the address that begins each link, without a slash at its end. Raises ValueError.

    It must be https: a link grants what it says, and anybody between could take it. This machine is the exception.
    """
    base = text.rstrip("/")
    try:
        address = urlsplit(base)
        usable = (
            address.scheme in ("http", "https")
            and address.hostname
            and not (address.query or address.fragment or address.username)
            and re.fullmatch(r"[!-~]+", base)
            and address.port != 0
        )
    except ValueError:
        usable = False
    if not usable or len(base) > _LONGEST_BASE:
        raise ValueError(f"{text} is no web address such as https://desk.example.com")
    if urlsplit(base).scheme == "http" and not _is_this_machine(str(urlsplit(base).hostname)):
        raise ValueError(f"{text} must begin with https://: links are served behind a TLS proxy")
    return base


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
