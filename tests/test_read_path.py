"""What is imported to read a desk, and what only with its first command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.store.furnished import furnished_desk, logged

WRITE_PATH = (
    "alembic",
    "supportdesk.desk.commands",
    "supportdesk.store.command_handler",
    "supportdesk.store.migrations",
    "supportdesk.store.unit_of_work",
    "supportdesk.tickets.decide",
    "supportdesk.tickets.process",
    "supportdesk.tickets.records.commands",
    "supportdesk.tickets.records.rules",
)

READ = """
import sys
from supportdesk.desk import Desk

desk = Desk.open(sys.argv[1])
[row] = desk.queue().rows
desk.changes(0), desk.ticket(row.ref), desk.roster(), desk.person("ann")
print(*sys.modules)
desk.commands
desk.close()
print(*sys.modules)
"""


def test_a_desk_is_read_without_rules_commands_and_migrations(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        logged(desk)
    command = [sys.executable, "-c", READ, str(tmp_path / "desk.db")]
    ran = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
    before, after = (line.split() for line in ran.stdout.splitlines())
    assert not [name for name in before if name.startswith(WRITE_PATH)]
    assert {"supportdesk.desk.commands", "supportdesk.tickets.decide"} <= set(after)
