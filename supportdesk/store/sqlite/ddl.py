"""How SQLite creates the tables: what `tables` leaves to the backend. Imported where tables are created or compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles

from supportdesk.store.tables import EventNumber, metadata


@compiles(EventNumber, "sqlite")
def _compile_event_number(element: EventNumber, compiler: Any, **options: Any) -> str:
    """Return INTEGER: only then is a primary key the row's own number, without an index."""
    return "INTEGER"


for _table in metadata.sorted_tables:
    for _index in _table.indexes:
        if "where" in _index.info:
            _index.dialect_options["sqlite"]["where"] = _index.info["where"]
