"""The words of the indexes are folded and cut by the program, in every script alike. They are filled in afterwards."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the full-text indexes anew: words stand between spaces, and SQLite neither folds nor cuts them."""
    if op.get_bind().dialect.name != "sqlite":
        return
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
