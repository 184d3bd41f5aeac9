"""Whatever is changed with a database tool is found: rows, types, words, commands, the head, the schema."""

import pytest

from supportdesk.desk import Desk
from supportdesk.store import tables
from tests.store.conftest import Tamper
from tests.store.desks import verified

RAW = [
    # What is no whole number, no text, or more than one may be.
    ("UPDATE tickets SET summary = X'ff'", "summary"),
    ("UPDATE tickets SET owner = 7", "owner"),
    ("UPDATE tickets SET promised_release = ''", "promised_release"),
    ("UPDATE tickets SET received_at = received_at + 0.5", "received_at"),
    ("UPDATE tickets SET changed_seq = changed_seq + 1", "differs from the ledger: changed_seq"),
    ("UPDATE tickets SET changed_seq = changed_seq + 1000", "changed_seq"),
    ("UPDATE tickets SET state = replace(state, '{', '{\"ref\":\"CD-4C01-T\",')", "state"),
    ("UPDATE tickets SET state = replace(state, '\"version\":', '\"version\":0,\"version\":')", "state"),
    ("UPDATE releases SET changed_seq = changed_seq + 1", "releases"),
    ("UPDATE staff SET document = replace(document, '{', '{\"username\":\"x\",')", "staff"),
    ("UPDATE staff SET document = document || ' '", "differs from the ledger: document"),
    ("INSERT INTO staff SELECT 'eve', name, document, changed_seq FROM staff WHERE key = 'ann'", "staff eve: no event"),
    ("INSERT INTO rotations SELECT X'00', document, changed_seq FROM rotations", "rotations"),
    ("DELETE FROM rotations", "Z: it is missing"),
    ("UPDATE policies SET effective = effective - 1", "policies 1"),
    ("DELETE FROM contacts WHERE key = 'jo'", "contacts jo: it is missing"),
    ("INSERT INTO attachments VALUES ('x', X'00')", "attachments x: no event in the ledger explains it"),
    # Commands.
    ("UPDATE commands SET seq = seq + 1", "differs from the ledger: seq"),
    ("UPDATE commands SET ref = NULL WHERE ref IS NOT NULL", "differs from the ledger: ref"),
    ("UPDATE commands SET ref = 'CD-4C00-W' WHERE ref IS NULL", "differs from the ledger: ref"),
    ("UPDATE commands SET digest = 'x'", "differs from the ledger: digest"),
    ("UPDATE commands SET digest = replace(digest, 'a', 'b')", "or the digest of its command was"),
    ("UPDATE commands SET id = id || 'x'", "it is missing, so that it could be carried out again"),
    ("INSERT INTO commands VALUES ('planted', 'x', NULL, 3)", "commands planted: no event in the ledger explains it"),
    ("INSERT INTO commands SELECT 'planted', digest, 'CD-4C01-T', 3 FROM commands LIMIT 1", "commands planted"),
    # The words by which things are found.
    ("DELETE FROM ticket_words", "ticket_words CD-4C00-W: it is missing"),
    ("DELETE FROM contact_words", "contact_words jo: it is missing"),
    ("DELETE FROM article_words", "article_words"),
    ("UPDATE ticket_words SET summary = 'another'", "ticket_words CD-4C00-W: differs from the ledger: summ"),
    ("UPDATE contact_words SET numbers = 'another'", "contact_words"),
    # The head.
    ("DELETE FROM head", "the head is missing"),
    ("UPDATE head SET records_seq = records_seq + 1", "the head does not count"),
    ("UPDATE head SET next_ticket = next_ticket + 0.5", "the head does not count"),
    ("UPDATE head SET next_ticket = next_ticket + 1", "the head does not count"),
    # The ledger.
    ("UPDATE ledger SET payload = NULL", "The ledger is broken at event 1: its payload is missing"),
    ("UPDATE ledger SET at = at + 0.5 WHERE seq = 3", "broken at event 3: it was changed"),
    ("UPDATE ledger SET actor = X'ff' WHERE seq = 3", "broken at event 3: it was changed"),
    ("UPDATE ledger SET hash = X'ff' WHERE seq = 3", "broken at event 3: it was changed"),
    ("UPDATE ledger SET version = 99 WHERE version = 2", "it was changed"),
    ("DELETE FROM ledger", "the head gives"),
    (("INSERT INTO ledger SELECT 0, at, subject, ref, version, actor, event, payload, salt, payload_digest, previous, "
      "hash, command_id FROM ledger WHERE seq = 1"), "broken at event 0: the first event is number 1"),
    ("DELETE FROM ledger WHERE seq < 5", "broken at event 1: event 1 is missing"),
]  # fmt: skip

RAW_OF_FILES = [
    ("UPDATE tickets SET in_queue = 2", "tickets CD-4C00-W: differs from the ledger: in_queue"),
    ("UPDATE tickets SET in_queue = 1.5", "tickets CD-4C00-W: differs from the ledger: in_queue"),
    ("UPDATE tickets SET rung = 'x'", "tickets CD-4C00-W: differs from the ledger: rung"),
    ("UPDATE tickets SET severity_rank = 1.25", "severity_rank"),
    ("UPDATE tickets SET summary = CAST(summary AS BLOB)", "summary"),
    ("UPDATE tickets SET summary = summary || char(0) || 'x'", "summary"),
    ("UPDATE tickets SET state = json_set(state, '$.rung', 0.0)", "state"),
    ("UPDATE tickets SET state = json_set(state, '$.planted', 1)", "state"),
    ("UPDATE tickets SET state = CAST(state AS BLOB)", "state"),
    ("UPDATE releases SET day = 'soon'", "differs from the ledger: day"),
    ("UPDATE releases SET day = '2026-02-31'", "differs from the ledger: day"),
    ("UPDATE releases SET day = 20261209", "differs from the ledger: day"),
    ("UPDATE staff SET changed_seq = 'x'", "staff"),
    ("INSERT INTO tickets SELECT 'CD-4C01-T', " + ", ".join(
        column.name for column in tables.tickets.columns if column.name != "ref"
    ) + " FROM tickets", "tickets CD-4C01-T: no event in the ledger explains it"),
    ("UPDATE attachments SET content = CAST(content AS TEXT)", "it is not the text that was cut"),
    ("UPDATE commands SET seq = 'x'", "differs from the ledger: seq"),
    ("INSERT INTO ticket_words (rowid, ref, summary) VALUES (99, 'CD-4C00-W', 'x')", "CD-4C00-W: no event"),
    ("INSERT INTO contact_words (rowid, key, name) VALUES (99, 'eve', 'Eve')", "contact_words eve: no event"),
    ("DELETE FROM contact_words_idx", "contact_words: the full-text index cannot reach a part"),
    ("DELETE FROM contact_words_data WHERE id > 10", "contact_words: the full-text index"),
    ("UPDATE ticket_words_docsize SET sz = X'00'", "ticket_words: the full-text index"),
    ("UPDATE head SET seq = 'x'", "the head gives x events"),
    ("UPDATE head SET hash = CAST(hash AS BLOB)", "the head gives"),
    ("UPDATE ledger SET payload = CAST(payload AS BLOB) WHERE seq = 3", "broken at event 3: it was changed"),
    ("UPDATE ledger SET at = 'soon' WHERE seq = 3", "it was changed after it was written: at is soon"),
]  # fmt: skip
"""What a file takes as well: values of another type, statements of SQLite, and the tables of its indexes."""


def cases(everywhere: list[tuple[str, str]], of_files: list[tuple[str, str]]) -> pytest.MarkDecorator:
    """Run a test for each statement and what is said of it."""
    return pytest.mark.parametrize(
        ("statement", "said"),
        [
            *(pytest.param(*each, id=each[0][:50]) for each in everywhere),
            *(pytest.param(*each, id=each[0][:50], marks=pytest.mark.sqlite) for each in of_files),
        ],
    )


@cases(RAW, RAW_OF_FILES)
def test_whatever_is_done_to_a_row_is_said(desk: Desk, tamper: Tamper, statement: str, said: str) -> None:
    tamper(statement, checked=False)
    found = verified(desk)
    assert not found.is_intact
    assert any(said in str(each) for each in found.findings), list(map(str, found.findings))
    if len(found.findings) > 1:
        assert list(map(str, verified(desk).findings)) == list(map(str, found.findings)), "in the same order"


SCHEMA = [
    ("CREATE INDEX planted ON ledger (actor)", "schema planted: the index does not"),
    ("DROP INDEX ix_tickets_queue", "schema ix_tickets_queue: the index is missing"),
    ("DROP INDEX ix_ledger_closed", "schema ix_ledger_closed: the index is missing"),
    ("INSERT INTO alembic_version VALUES ('0001')", "alembic_version: it is"),
]  # fmt: skip

SCHEMA_OF_FILES = [
    ("CREATE TRIGGER planted AFTER INSERT ON ledger BEGIN DELETE FROM tickets; END", "planted: the trigger does not"),
    ("CREATE TABLE planted (a)", "schema planted: the table does not belong to supportdesk"),
    ("CREATE TABLE planted (id INTEGER PRIMARY KEY AUTOINCREMENT)", "schema sqlite_sequence: the table does not"),
    ("CREATE VIEW planted AS SELECT * FROM ledger", "schema planted: the view does not"),
    ("CREATE VIRTUAL TABLE planted USING fts5(a)", "schema planted: the table does not"),
    ("DROP TABLE attachments", "schema attachments: the table is missing"),
    ("DROP TABLE ticket_words", "schema ticket_words: the table is missing"),
    ("DROP TABLE head", "schema head: the table is missing"),
    ("DROP TABLE commands", "schema commands: the table is missing"),
    ("DROP TABLE ledger", "schema ledger: the table is missing"),
    ("ALTER TABLE tickets ADD COLUMN planted TEXT", "schema tickets: the table was altered"),
    ("ALTER TABLE tickets DROP COLUMN channel", "schema tickets: the table was altered"),
    ("ALTER TABLE ledger DROP COLUMN actor", "it cannot be read at event 1: no such column"),
    ("ALTER TABLE tickets RENAME TO others", "schema others: the table does not"),
    ("UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'ledger'", "ledger: the table was"),
    ("PRAGMA user_version = 7", "file user_version: it is 7, not 0"),
]  # fmt: skip
"""What is said in other words of a server's tables."""
ON_SERVERS = [
    ("CREATE VIEW planted AS SELECT * FROM ledger", "schema planted.actor: the column does not belong to supportdesk"),
    ("DROP TABLE attachments", "schema attachments.content: the column is missing"),
    ("DROP TABLE ticket_words", "schema ticket_words.description: the column is missing"),
    ("DROP TABLE head", "schema head.hash: the column is missing"),
    ("DROP TABLE commands", "schema commands.digest: the column is missing"),
    ("DROP TABLE ledger", "schema ledger.actor: the column is missing"),
    ("ALTER TABLE tickets ADD COLUMN planted TEXT", "schema tickets.planted: the column does not belong"),
    ("ALTER TABLE tickets DROP COLUMN channel", "schema tickets.channel: the column is missing"),
    ("ALTER TABLE ledger DROP COLUMN actor", "it cannot be read at event 1: column ledger.actor does not exist"),
    ("ALTER TABLE tickets RENAME TO others", "schema others.changed_seq: the column does not belong"),
    ("DROP TRIGGER supportdesk_notify ON head", "supportdesk_notify"),
]  # fmt: skip
"""The same on a server."""


@cases(SCHEMA, SCHEMA_OF_FILES)
def test_whatever_is_done_to_the_schema_is_said(
    desk: Desk, tamper: Tamper, statement: str, said: str
) -> None:
    tamper(statement, checked=False)
    found = verified(desk)
    assert not found.is_intact
    assert any(said in str(each) for each in found.findings), list(map(str, found.findings))


@pytest.mark.postgres
@cases(ON_SERVERS, [])
def test_whatever_is_done_to_the_schema_of_a_server_is_said(
    desk: Desk, tamper: Tamper, statement: str, said: str
) -> None:
    tamper(statement, checked=False)
    found = verified(desk)
    assert not found.is_intact
    assert any(said in str(each) for each in found.findings), list(map(str, found.findings))


@pytest.mark.sqlite
def test_a_reference_to_a_row_that_is_not_there_is_said(desk: Desk, tamper: Tamper) -> None:
    tamper("DELETE FROM organisations WHERE key = 'acme'")
    assert any(
        "it refers to a row of organisations that is not there" in str(each)
        for each in verified(desk).findings
    )


@pytest.mark.sqlite
def test_an_index_that_is_not_that_of_its_table_is_said(desk: Desk, tamper: Tamper) -> None:
    tamper(
        "UPDATE sqlite_schema SET sql = replace(sql, '(at, ref)', '(at, actor)') WHERE name = 'ix_ledger_closed'",
        "UPDATE sqlite_schema SET sql = replace(sql, '(owner)', '(team)') WHERE name = 'ix_tickets_owner'",
        checked=False,
    )
    said = list(map(str, verified(desk).findings))
    assert "schema ix_tickets_owner: the index was altered" in said
    assert any(each.startswith("file: ") for each in said), said


def test_several_findings_are_listed_and_very_many_are_counted(desk: Desk, tamper: Tamper) -> None:
    tamper(
        "UPDATE tickets SET rung = 3",
        "UPDATE staff SET name = 'Mallory'",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
        " INSERT INTO attachments SELECT 'x' || i, X'00' FROM n",
    )
    found = verified(desk)
    assert {"tickets", "staff", "attachments"} <= {each.table for each in found.mismatches}
    assert len(found.mismatches) == 50
    assert len(found.mismatches) + found.unlisted > 200
