"""How SQLite creates the tables: what `tables` leaves to the backend. Imported where tables are created or compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.ext.compiler import compiles

from supportdesk.store.tables import EventNumber


@compiles(EventNumber, "sqlite")
def _compile_event_number(_element: EventNumber, _compiler: Any, **_options: Any) -> str:
    """Return INTEGER: only then is a primary key the row's own number, without an index."""
    return "INTEGER"


def prepare(metadata: MetaData) -> MetaData:
    """Return the tables with the conditions of their partial indexes in SQLite's own option."""
    for table in metadata.sorted_tables:
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_options["sqlite"]["where"] = index.info["where"]
    return metadata
