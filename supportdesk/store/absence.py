"""Why there is no file of a desk at a path, and what to do. Light to import."""

from __future__ import annotations

from pathlib import Path

from supportdesk.files import is_there
from supportdesk.heartbeat import heartbeat_path
from supportdesk.store.errors import RESTORE


def explain_absence(path: Path, init: str = "supportdesk init", *, is_named: bool = True) -> str | None:
    """Return what to say of a path where there is no file, after the path; None where nothing tells of a desk there.

    `init` is the command that creates one. A path that the operator did not name may lack its folder as well.
    """
    if is_there(heartbeat_path(path)):
        return f"is gone: put it back, or {RESTORE}; for a new desk, run `{init}`"
    if is_named and not is_there(path.expanduser().absolute().parent):
        fault = "is not there, nor is its folder: check the name, and that its disk is mounted"
        return f"{fault}; for a new desk, run `{init}`"
    return None
