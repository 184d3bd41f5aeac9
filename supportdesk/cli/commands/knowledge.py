"""`supportdesk knowledge`: add and find knowledge articles."""

from __future__ import annotations

import click

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.options import read_text
from supportdesk.cli.output import echo, echo_json, terminal_width
from supportdesk.cli.records import as_json, field_help, new_key, plain_line, save_record
from supportdesk.cli.table import NAME_WIDTH, TableColumn, table_lines
from supportdesk.desk_api import DeskReader
from supportdesk.tickets.documents import Article
from supportdesk.tickets.records.commands import SaveArticle

text_option = click.option(
    "--text", metavar="TEXT", help=f"{field_help(Article, 'text')} - reads standard input."
)


@click.group()
def knowledge() -> None:
    """Add and find knowledge articles."""


@knowledge.command()
@click.argument("key", metavar="ARTICLE")
@click.option("--title", required=True, help=field_help(Article, "title"))
@text_option
@pass_cli_context
def add(context: CliContext, key: str, title: str, text: str | None) -> None:
    """Add an article, such as KB-12."""
    known = read_text(text) if text else ""

    def make(desk: DeskReader) -> SaveArticle:
        taken = [each.key for each in desk.find_articles("", lookup.NO_LIMIT)]
        return SaveArticle(Article(new_key("article", key, taken), plain_line(title), known), new=True)

    save_record(context, make)
    echo(f"{key} is in the knowledge base.")


@knowledge.command()
@click.argument("words", nargs=-1, required=True)
@as_json
@pass_cli_context
def find(context: CliContext, words: tuple[str, ...], as_json: bool) -> None:
    """Find articles; the best matches come first."""
    with context.desk() as desk:
        found = desk.find_articles(" ".join(words))
    if as_json:
        echo_json([{"key": each.key, "title": each.title} for each in found])
        return
    if not found:
        echo("No article matches.")
        return
    rows = [(each.key, each.title) for each in found]
    echo(
        "\n".join(
            table_lines(
                (TableColumn("ARTICLE"), TableColumn("TITLE", least=NAME_WIDTH)), rows, terminal_width()
            )
        )
    )
