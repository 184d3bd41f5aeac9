"""Where the focus goes, the next key goes, however soon it comes."""

from __future__ import annotations

import re
from pathlib import Path

from supportdesk import console


def test_nothing_of_the_console_moves_the_focus_later_than_the_next_key() -> None:
    package = Path(console.__file__).parent
    found = [
        f"{path.relative_to(package)}:{number}"
        for path in package.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\.focus\(", line)
    ]
    assert not found, f"a key may come before the focus has moved; use focus_at_once: {found}"
