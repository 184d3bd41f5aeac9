"""The words of the indexes are folded and cut by the program, in every script alike. They are filled in afterwards."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from supportdesk.store.migrations import server_guard

revision = "0004"
down_revision = "0003"
kind = "contracts"


def upgrade() -> None:
    """Make the full-text indexes anew: words stand between spaces, and the database neither folds nor cuts them."""
    if op.get_bind().dialect.name == "sqlite":
        _make_sqlite_indexes()
    else:
        _make_on_server()


def _make_sqlite_indexes() -> None:
    for index in ("ticket_words", "article_words", "contact_words"):
        op.execute(f"DROP TABLE {index}")
    op.execute(
        "CREATE VIRTUAL TABLE ticket_words"
        " USING fts5(ref UNINDEXED, organisation UNINDEXED, summary, description, tokenize = 'ascii', prefix = '2 3')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE article_words"
        " USING fts5(key UNINDEXED, title, text, tokenize = 'ascii', prefix = '2 3')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE contact_words"
        " USING fts5(key UNINDEXED, name, company, numbers, tokenize = 'ascii', prefix = '1 2 3')"
    )


def _make_on_server() -> None:
    """Make tables whose vectors PostgreSQL computes from the texts, and what lies beside the file of a desk elsewhere.

    That is the heartbeat, a report of each commit to those who listen, and what the server refuses by itself.
    """
    _make_words("ticket_words", "ref", ("summary", "description"), sa.Column("organisation", sa.Text()))
    op.create_index("ix_ticket_words_size", "ticket_words", ["size"])
    _make_words("article_words", "key", ("title", "text"))
    _make_words(
        "contact_words",
        "key",
        ("name", "company"),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("number_words", TSVECTOR(), sa.Computed(_vector("numbers"), persisted=True)),
    )
    op.create_index("ix_contact_words_numbers", "contact_words", ["number_words"], postgresql_using="gin")
    op.create_table("heartbeat", sa.Column("document", sa.Text(), nullable=False))
    op.execute("INSERT INTO heartbeat (document) VALUES ('')")
    op.execute(
        "CREATE FUNCTION supportdesk_notify() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF current_setting('supportdesk.notify', true) IS DISTINCT FROM 'off' THEN"
        " PERFORM pg_notify('supportdesk', NEW.seq::text); END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER supportdesk_notify AFTER UPDATE ON head FOR EACH ROW"
        " WHEN (NEW.seq <> OLD.seq) EXECUTE FUNCTION supportdesk_notify()"
    )
    schema = op.get_bind().scalar(sa.text("SELECT current_schema()"))
    for statement in server_guard.list_statements(str(schema)):
        op.execute(sa.text(statement.replace(":", r"\:")))


def _make_words(name: str, key: str, texts: Sequence[str], *others: sa.Column[Any]) -> None:
    said = " || ' ' || ".join(texts)
    op.create_table(
        name,
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column(key, sa.Text(), nullable=False),
        *(sa.Column(each, sa.Text(), nullable=False) for each in texts),
        *others,
        sa.Column("words", TSVECTOR(), sa.Computed(_vector(said), persisted=True)),
        sa.Column("size", sa.Integer(), sa.Computed(f"cardinality({_listed(said)})", persisted=True)),
        sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
        sa.UniqueConstraint("number", name=f"uq_{name}_number"),
    )
    op.create_index(f"ix_{name}_words", name, ["words"], postgresql_using="gin")


def _vector(said: str) -> str:
    return f"array_to_tsvector({_listed(said)})"


def _listed(said: str) -> str:
    return f"array_remove(string_to_array({said}, ' '), '')"
