"""The overrides, swaps and absences of the rota.

A weekly rotation needs no change: without a line and a layer, it is a version of the first line's base layer.
"""

from supportdesk.store.migrations.building_blocks import create_record_table

revision = "0006"
down_revision = "0005"
kind = "expands"


def upgrade() -> None:
    """Make the three tables, which are empty at first."""
    for name in ("overrides", "swaps", "absences"):
        create_record_table(name)
