"""The default addresses of desks, and addresses for display. An address is the path of a file, or a URL."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from supportdesk.store.location import find_file

VARIABLE = "SUPPORTDESK_DB"
READ_VARIABLE = "SUPPORTDESK_DB_READ"
"""Names the address that reports, walls and exports read, such as that of a standby, which may lag."""
_BEFORE_PASSWORD = re.compile(r"//[^/@:]*?(?=:|%3a)", re.IGNORECASE)
_OPTION = re.compile("([?&])([^?&]*)")


def default_address() -> str:
    """Return the address of the desk in the user's data folder."""
    return str(_data_folder() / "desk.db")


def demo_address() -> str:
    """Return the address of the demo desk, beside the user's own."""
    return str(_data_folder() / "demo.db")


def _data_folder() -> Path:
    import platformdirs

    return platformdirs.user_data_path("supportdesk")


def drafts_folder(address: str, username: str) -> Path:
    """Return the folder of a user's drafts for one desk."""
    import hashlib

    import platformdirs

    file = find_file(address)
    desk = str(file.expanduser().absolute()) if file is not None else address
    of = hashlib.sha256(f"{username}\n{desk}".encode(errors="replace")).hexdigest()[:16]
    return platformdirs.user_state_path("supportdesk") / "drafts" / of


def name(address: str) -> str:
    """Return a short name: `desk` for a file desk.db, `desk@db.example` for a server."""
    file = find_file(address)
    if file is not None:
        return file.stem
    if "://" not in address:
        return "desk"
    try:
        parts = urlsplit(display(address))
    except ValueError:
        return "desk"
    return f"{parts.path.strip('/') or 'desk'}@{parts.hostname or 'server'}"


def display(address: str) -> str:
    """Return the address for display: a file by its path, a server without its password."""
    file = find_file(address)
    if not file and "://" not in address:
        return "an address that is no URL"
    return str(file) if file else _OPTION.sub(_hide_password, _hide_login_password(address))


def _hide_login_password(address: str) -> str:
    """Return an address without what is between the user and the last @."""
    end = address.rfind("@")
    before = _BEFORE_PASSWORD.search(address, 0, max(end, 0))
    return f"{address[: before.end()]}:***{address[end:]}" if before is not None else address


def _hide_password(found: re.Match[str]) -> str:
    """Return an option as it is, or without its value where that may be a password."""
    if "password" not in unquote(found[2]).casefold():
        return found[0]
    name, given, _ = found[2].partition("=")
    return f"{found[1]}{name}=***" if given and "password" in unquote(name).casefold() else f"{found[1]}***"
