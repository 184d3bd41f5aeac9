"""Checks a desk's file: whether SQLite finds it intact, and whether its schema is exactly the program's."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import cache, partial
from pathlib import Path

from sqlalchemy import create_engine

from supportdesk.store import schema
from supportdesk.store.backend import FULL_TEXT, Row
from supportdesk.store.findings import MAX_LISTED, Findings, shorten_text
from supportdesk.store.sqlite import database_file, full_text
from supportdesk.store.sqlite.reader import SqliteReader

Schema = dict[tuple[str, str], tuple[str, str]]
"""The table and the statement of everything in a schema, by type and name."""

_FULL_TEXT = re.compile(r"CREATE VIRTUAL TABLE (\w+) USING fts5", re.IGNORECASE)
_PART_BITS = 37
"""The bits of a page's key above which the number of its part of the index is stored (fts5SegmentRowid)."""

_BEGINNINGS = (1, 2, 3)
"""Lengths of prefixes, in letters, for which some indexes have lists."""

_COUNTS = {"application_id": database_file.APPLICATION_ID, "user_version": 0}


class CheckingReader(SqliteReader):
    """A reader that also checks the file and its indexes."""

    def checks(self) -> Sequence[tuple[str, Callable[[Findings], None]]]:
        """Return the checks of the schema, the file and the full-text indexes, each with the name of what it checks."""
        return (
            ("schema", partial(check_schema, self)),
            ("file", partial(check_content, self)),
            ("ticket_words", partial(check_words, self)),
        )


def check_schema(reader: SqliteReader, findings: Findings) -> None:
    """Compare the schema with that of a new desk."""
    expected = _new_schema()
    for name, value in _COUNTS.items():
        found = reader.row(f"PRAGMA {name}")
        if found is None or found[0] != value:
            findings.add("file", name, f"it is {shorten_text(found and found[0])}, not {value}")
    revisions = [row[0] for row in reader.rows("SELECT version_num FROM alembic_version")]
    if revisions != [schema.REVISIONS[-1]]:
        findings.add("alembic_version", "", f"it is {shorten_text(revisions)}, not {schema.REVISIONS[-1]}")
    stored = _schema(reader.rows)
    for kind, name in sorted(
        expected.keys() | stored.keys(), key=lambda each: tuple(map(shorten_text, each))
    ):
        if (kind, name) not in stored:
            findings.add("schema", name, f"the {kind} is missing")
        elif (kind, name) not in expected:
            findings.add("schema", name, f"the {shorten_text(kind)} does not belong to supportdesk")
        elif stored[kind, name] != expected[kind, name]:
            findings.add("schema", name, f"the {kind} was altered")


def check_content(reader: SqliteReader, findings: Findings) -> None:
    """Let SQLite check its pages, indexes and references; writers wait until it ends."""
    for (fault,) in reader.rows(f"PRAGMA integrity_check({MAX_LISTED})"):
        if fault != "ok":
            findings.add("file", "", shorten_text(fault))
    for table, row, parent, _ in reader.rows("PRAGMA foreign_key_check"):
        findings.add(
            shorten_text(table),
            f"row {row}",
            f"it refers to a row of {shorten_text(parent)} that is not there",
        )


def check_words(reader: SqliteReader, findings: Findings) -> None:
    """Let SQLite compare each full-text index with its rows; on a copy where the file may only be read."""
    for name in _full_text():
        # These determine the ranking; the program does not change them, and the version is SQLite's own.
        settings = f"SELECT k, v FROM {name}_config WHERE k IS NOT 'version' ORDER BY k"  # noqa: S608 - a name of ours
        for setting, value in reader.rows(settings):
            findings.add(
                name, "", f"the full-text index is set to {shorten_text(setting)} = {shorten_text(value)}"
            )
        try:
            _check_index(reader.connection, name)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
                findings.add(name, "", f"the full-text index cannot be read: {error}")
                continue
            try:
                _check_copy(reader.connection, name)
            except sqlite3.DatabaseError as fault:
                findings.add(name, "", _of_index(fault))
        except sqlite3.DatabaseError as fault:
            findings.add(name, "", _of_index(fault))
        else:
            _check_lookup(reader, findings, name)


def _of_index(fault: sqlite3.DatabaseError) -> str:
    return f"the full-text index does not match its rows: {fault}"


def _check_index(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"INSERT INTO {name}({name}) VALUES ('integrity-check')")  # noqa: S608 - a name of ours
    finally:
        connection.execute("ROLLBACK")


def _check_copy(connection: sqlite3.Connection, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(_file(Path(folder) / "copy.db")) as copy:
        connection.backup(copy)
        _check_index(copy, name)


def _check_lookup(reader: SqliteReader, findings: Findings, name: str) -> None:
    """Look up every word of an index, and prefixes of words: SQLite does not check the way to them."""
    parts = f"SELECT DISTINCT id >> {_PART_BITS} FROM {name}_data WHERE id > 10 EXCEPT SELECT segid FROM {name}_idx"  # noqa: S608
    if reader.row(parts) is not None:
        findings.add(name, "", "the full-text index cannot reach a part of itself")
    vocabulary = f"temp.{name}_vocabulary"
    reader.connection.execute(f"CREATE VIRTUAL TABLE {vocabulary} USING fts5vocab(main, {name}, row)")
    begun: dict[str, int] = {}
    with reader.moment():
        lost = 0
        for term, documents in reader.rows(f"SELECT term, doc FROM {vocabulary}"):  # noqa: S608 - a name of ours
            lost += _found(reader, name, f"{_quoted(term)}") != documents
            for length in _BEGINNINGS:
                begun[term[:length]] = max(begun.get(term[:length], 0), documents)
        lost += sum(_found(reader, name, f"{_quoted(begin)}*") < most for begin, most in begun.items())
    if lost:
        findings.add(name, "", f"the full-text index does not find {lost:,} of the words that are in it")


def _found(reader: SqliteReader, name: str, wanted: str) -> int:
    query = f"SELECT count(*) FROM {name} WHERE {name} MATCH ?"  # noqa: S608 - a name of ours
    found = reader.row(query, (wanted,))
    return int(found[0]) if found else 0


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _file(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


@cache
def _new_schema() -> Schema:
    """Return the schema of a new desk."""
    from supportdesk.store.migrations import upgrade

    engine = create_engine("sqlite://", execution_options={FULL_TEXT: full_text})
    try:
        with engine.connect() as connection, connection.begin():
            upgrade(connection)
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            return _schema(raw.execute)
    finally:
        engine.dispose()


def _full_text() -> list[str]:
    """Return the names of the full-text indexes of a new desk."""
    return sorted(
        found[1] for _, statement in _new_schema().values() if (found := _FULL_TEXT.match(statement))
    )


def _schema(read: Callable[..., Iterable[Row]]) -> Schema:
    """Return what is in a schema. Of the tables inside a full-text index, only the columns count, as they are SQLite's
    own.
    """
    rows = list(read("SELECT type, name, tbl_name, sql FROM sqlite_schema"))
    indexes = tuple(f"{found[1]}_" for *_, sql in rows if (found := _FULL_TEXT.match(str(sql))))
    return {
        (kind, name): (
            table,
            ", ".join(_columns(read, name))
            if kind == "table" and str(name).startswith(indexes)
            else " ".join(str(sql).split()),
        )
        for kind, name, table, sql in rows
    }


def _columns(read: Callable[..., Iterable[Row]], table: str) -> Iterator[str]:
    for (name,) in read("SELECT name FROM pragma_table_xinfo(?)", (table,)):
        yield str(name)
