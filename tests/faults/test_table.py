"""Each fault does what docs/faults.md says of it, and the document has a row for each."""

from pathlib import Path

import pytest

from tests.faults.database import BreakableDatabase, Fault
from tests.faults.kinds import KINDS
from tests.faults.observation import observe
from tests.faults.table import make_row, read_rows

FAULTS = [
    pytest.param(
        kind, fault, id=f"{kind.kind}: {fault.name}", marks=pytest.mark.long if fault.is_long else ()
    )
    for kind in KINDS
    for fault in kind.list_faults()
]


@pytest.mark.parametrize(("kind", "fault"), FAULTS)
def test_a_fault_is_told_as_the_document_says_and_loses_nothing(
    kind: type[BreakableDatabase], fault: Fault, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    assert make_row(fault, observe(kind, fault, folder)) == read_rows(kind.kind)[fault.name]


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_has_a_row_for_each_fault_and_no_other(kind: type[BreakableDatabase]) -> None:
    faults, rows = [fault.name for fault in kind.list_faults()], list(read_rows(kind.kind))
    assert [name for name in rows if name in faults] == faults
    assert rows == faults or not kind.can_cause_all(), "some need a disk that can be mounted"
