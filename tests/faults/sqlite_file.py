"""A desk's SQLite file, taken apart into its pages."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

PAGE = 4096


def root_page(path: Path, name: str) -> int:
    """Return the number of the first page of a table or an index."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as desk:
        [(number,)] = desk.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,))
    return int(number)


def free_page(path: Path) -> int:
    """Return the number of a page that holds nothing, which is made if there is none."""
    with closing(sqlite3.connect(path, isolation_level=None)) as desk:
        desk.execute("PRAGMA secure_delete = OFF")
        desk.execute("CREATE TABLE spare AS SELECT * FROM ledger")
        desk.execute("DROP TABLE spare")
    content = path.read_bytes()
    trunk = int.from_bytes(content[32:36], "big")
    start = (trunk - 1) * PAGE
    assert int.from_bytes(content[start + 4 : start + 8], "big") > 0, (
        "there is no free page besides the list of them"
    )
    return int.from_bytes(content[start + 8 : start + 12], "big")


def spoil_page(path: Path, number: int) -> None:
    """Write nonsense over a page."""
    spoil_bytes(path, (number - 1) * PAGE, b"\xff" * PAGE)


def spoil_bytes(path: Path, at: int, content: bytes) -> None:
    """Write bytes at an offset of a file, as a fault of the disk does."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)
