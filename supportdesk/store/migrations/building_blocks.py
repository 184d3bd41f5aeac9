"""What several revisions make alike. A revision always makes the same, so what is here never changes."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""The type of the number of an event: SQLite numbers rows only in a column of this type."""

_RENEWED = "tickets_renewed"


def create_partial_index(name: str, table: str, columns: Sequence[str], where: sa.TextClause) -> None:
    """Create an index of the rows that meet a condition."""
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def create_record_table(name: str, *columns: sa.Column[Any] | sa.Constraint) -> None:
    """Create a table of records, each a document with a key; `columns` are those by which it is found as well."""
    op.create_table(
        name,
        sa.Column("key", sa.Text(), nullable=False),
        *(each for each in columns if isinstance(each, sa.Column)),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        *(each for each in columns if not isinstance(each, sa.Column)),
        sa.PrimaryKeyConstraint("key", name=f"pk_{name}"),
    )


def create_tickets() -> None:
    """Create the table of tickets of the first revision, with its indexes."""
    _create_tickets("tickets", {})
    _create_indexes()


def renew_tickets(added: Mapping[str, sa.Column[Any]]) -> None:
    """Create the table of tickets again, with the rows that it has and the columns that revisions have `added`.

    Each of those is given by the name of the column before it. A column that SQLite adds to a table stands outside the
    statement that created the table, which a new desk has as well; other databases add the column.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        for column in added.values():
            if column.name not in {each["name"] for each in sa.inspect(connection).get_columns("tickets")}:
                op.add_column("tickets", column)
        return
    names = ", ".join(column["name"] for column in sa.inspect(connection).get_columns("tickets"))
    _create_tickets(_RENEWED, added)
    connection.execute(
        sa.text(f"INSERT INTO {_RENEWED} ({names}) SELECT {names} FROM tickets")  # noqa: S608 - names of ours
    )
    op.drop_table("tickets")
    op.rename_table(_RENEWED, "tickets")
    _create_indexes()


def _create_tickets(name: str, added: Mapping[str, sa.Column[Any]]) -> None:
    columns: list[sa.Column[Any]] = [
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_seq", number, nullable=False),
        sa.Column("in_queue", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("severity_rank", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("waiting", sa.Text(), nullable=False),
        sa.Column("out_of_policy", sa.Boolean(), nullable=False),
        sa.Column("page_open", sa.Boolean(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("promised_release", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
    ]
    for before, column in added.items():
        place = [each.name for each in columns].index(before)
        columns.insert(place + 1, column)
    op.create_table(
        name,
        *columns,
        sa.ForeignKeyConstraint(["contact"], ["contacts.key"], name="fk_tickets_contact"),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.key"], name="fk_tickets_organisation"),
        sa.PrimaryKeyConstraint("ref", name="pk_tickets"),
    )


def _create_indexes() -> None:
    for column in ("changed_seq", "contact", "organisation", "owner", "promised_release"):
        op.create_index(f"ix_tickets_{column}", "tickets", [column], unique=False)
    op.create_index(
        "ix_tickets_queue",
        "tickets",
        ["in_queue", "severity_rank", "urgency", "received_at", "ref"],
        unique=False,
    )
