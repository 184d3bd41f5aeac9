"""Web addresses in the settings."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_LONGEST_BASE = 100


def check_link_base(text: str) -> str:
    """Return the address that begins each link, without a slash at its end. Raises ValueError.

    It must be https: a link grants what it says, and anybody between could take it. This machine is the exception.
    """
    base = text.rstrip("/")
    address = split_address(base)
    if address is None or address.query or address.fragment or len(base) > _LONGEST_BASE:
        raise ValueError("give a web address such as https://desk.example.com")
    if address.scheme == "http" and not is_this_machine(str(address.hostname)):
        raise ValueError("it must begin with https://: links are served behind a TLS proxy")
    return base


def split_address(text: str) -> SplitResult | None:
    """Return the parts of a web address; None for any other text, and for one that names a user."""
    try:
        address = urlsplit(text)
        usable = (
            re.fullmatch(r"[!-~]+", text)
            and address.scheme in ("http", "https")
            and address.hostname
            and not address.username
            and address.port != 0
        )
    except ValueError:
        return None
    return address if usable else None


def is_this_machine(host: str) -> bool:
    """Return whether a host, by name or address, is this machine whatever the network says."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
