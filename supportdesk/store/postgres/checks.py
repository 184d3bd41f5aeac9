"""Checks a desk's database: whether its schema is exactly the program's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from supportdesk.store import schema
from supportdesk.store.findings import Findings, shorten_text
from supportdesk.store.postgres.catalog import load_expected, read_catalog
from supportdesk.store.postgres.reader import PostgresReader


class CheckingReader(PostgresReader):
    """A reader that also checks the schema. The server itself guards its files and indexes."""

    def checks(self) -> Sequence[tuple[str, Callable[[Findings], None]]]:
        """Return the checks, each with the name of what it checks."""
        return (("schema", partial(check_schema, self)),)


def check_schema(reader: PostgresReader, findings: Findings) -> None:
    """Compare the schema with that of a new desk."""
    with reader.moment():
        revisions = [row[0] for row in reader.rows("SELECT version_num FROM alembic_version")]
        with reader.told_apart():
            stored = read_catalog(reader.connection)
    if revisions != [schema.REVISIONS[-1]]:
        findings.add("alembic_version", "", f"it is {shorten_text(revisions)}, not {schema.REVISIONS[-1]}")
    expected = load_expected()
    for kind, name in sorted(expected.keys() | stored.keys()):
        if (kind, name) not in stored:
            findings.add("schema", name, f"the {kind} is missing")
        elif (kind, name) not in expected:
            findings.add("schema", name, f"the {kind} does not belong to supportdesk")
        elif stored[kind, name] != expected[kind, name]:
            findings.add("schema", name, f"the {kind} was altered")
