"""The table of docs/faults.md, which is read, compared with what was observed, and printed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.faults.database import Fault
from tests.faults.observation import Observation

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "faults.md"


class Row(msgspec.Struct, frozen=True):
    """One row: a fault, what is said of it, and what brings the desk back."""

    fault: str
    command: str
    verify: str
    watcher: str
    remedy: str


def make_row(fault: Fault, seen: Observation) -> Row:
    """Return the row of a fault that was observed."""
    return Row(fault.name, seen.command, seen.verify, seen.watcher, fault.remedy)


def read_rows(kind: str) -> dict[str, Row]:
    """Return the rows under the heading of a kind of database, by fault."""
    return {cells[0]: Row(*cells) for cells in read_cells(kind)}


def read_cells(heading: str) -> list[list[str]]:
    """Return the cells of each row of the table under a heading."""
    _, _, section = DOCUMENT.read_text().partition(f"\n## {heading}\n")
    lines = section.partition("\n## ")[0].splitlines()
    # The first one names the columns.
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")
    ][1:]


def print_row(row: Row) -> None:
    """Print a row as it belongs into the document."""
    print(f"| {' | '.join(msgspec.structs.astuple(row))} |", flush=True)
