"""The words by which tickets, articles and contacts are found. They are filled in afterwards."""

from alembic import op

revision = "0003"
down_revision = "0002"
kind = "expands"


def upgrade() -> None:
    """Make the full-text indexes."""
    if op.get_bind().dialect.name != "sqlite":
        return
    folding = "tokenize = 'unicode61 remove_diacritics 2'"
    op.execute(
        "CREATE VIRTUAL TABLE ticket_words"
        f" USING fts5(ref UNINDEXED, organisation UNINDEXED, summary, description, {folding}, prefix = '2 3')"
    )
    op.execute(f"CREATE VIRTUAL TABLE article_words USING fts5(key, title, text, {folding}, prefix = '2 3')")
    op.execute(
        "CREATE VIRTUAL TABLE contact_words"
        f" USING fts5(key UNINDEXED, name, company, numbers, {folding}, prefix = '1 2 3')"
    )
