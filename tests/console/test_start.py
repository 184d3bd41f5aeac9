"""What the console imports before its first frame, and what only after it."""

from __future__ import annotations

import subprocess
import sys

LOADED = "import sys, {module}; print(*sorted(sys.modules))"
SLOW = {
    *("sqlalchemy", "alembic", "sqlite3", "holidays", "click", "stdnum", "rapidfuzz", "dateutil"),
    *("msgspec", "zoneinfo"),
}
LATER = (
    "supportdesk.sla",
    "supportdesk.store",
    "supportdesk.tickets",
    "supportdesk.desk",
    "supportdesk.past",
)


def loaded_by(module: str) -> set[str]:
    """Return the modules that a new interpreter has loaded after importing one."""
    command = [sys.executable, "-c", LOADED.format(module=module)]
    return set(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.split())


def test_nothing_slow_is_imported_before_the_first_frame() -> None:
    loaded = loaded_by("supportdesk.console.app")
    assert not {name.partition(".")[0] for name in loaded} & SLOW
    assert not [name for name in loaded if name.startswith(LATER)]


def test_the_first_frame_imports_few_of_our_modules() -> None:
    ours = {name for name in loaded_by("supportdesk.console.app") if name.startswith("supportdesk.")}
    assert ours == {
        "supportdesk.console",
        "supportdesk.console.app",
        "supportdesk.console.terminal.app",
        "supportdesk.console.terminal.crash_handler",
        "supportdesk.console.terminal.signals",
        "supportdesk.console.keys",
        "supportdesk.console.preferences",
        "supportdesk.console.preferences.app",
        "supportdesk.console.dialogs",
        "supportdesk.console.terminal",
        "supportdesk.console.theme",
        "supportdesk.console.dialogs.splash",
        "supportdesk.console.theme.app",
        "supportdesk.console.theme.builtin",
        "supportdesk.console.keys.app",
        "supportdesk.console.keys.type_ahead",
        "supportdesk.console.workers",
    }


def test_showing_the_queue_imports_no_database() -> None:
    loaded = {name.partition(".")[0] for name in loaded_by("supportdesk.console.main.screen")}
    assert not loaded & {"sqlalchemy", "alembic", "sqlite3", "holidays"}
