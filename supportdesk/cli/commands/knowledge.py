"""`supportdesk knowledge`: the articles that answer requests before anybody has to."""

from __future__ import annotations

import click

from supportdesk.cli import lookup
from supportdesk.cli.context import CliContext, pass_session
from supportdesk.cli.options import read_text
from supportdesk.cli.output import columns, say, say_json
from supportdesk.cli.records import as_json, keep, new_key, plain, told
from supportdesk.cli.table import NARROW, Column, lines
from supportdesk.desk_api import DeskApi
from supportdesk.tickets.documents import Article
from supportdesk.tickets.records.commands import KeepArticle

text_option = click.option("--text", metavar="TEXT", help=f"{told(Article, 'text')} - reads it from stdin.")


@click.group()
def knowledge() -> None:
    """The articles of the knowledge base."""


@knowledge.command()
@click.argument("key", metavar="ARTICLE")
@click.option("--title", required=True, help=told(Article, "title"))
@text_option
@pass_session
def add(session: CliContext, key: str, title: str, text: str | None) -> None:
    """Write an article, such as KB-12."""
    known = read_text(text) if text else ""

    def make(door: DeskApi) -> KeepArticle:
        taken = [each.key for each in door.find_articles("", lookup.ALL)]
        return KeepArticle(Article(new_key("article", key, taken), plain(title), known), new=True)

    keep(session, make)
    say(f"{key} is in the knowledge base.")


@knowledge.command()
@click.argument("words", nargs=-1, required=True)
@as_json
@pass_session
def find(session: CliContext, words: tuple[str, ...], as_json: bool) -> None:
    """The articles that match best."""
    with session.desk() as door:
        found = door.find_articles(" ".join(words))
    if as_json:
        say_json([{"key": each.key, "title": each.title} for each in found])
        return
    rows = [(each.key, each.title) for each in found]
    say("\n".join(lines((Column("ARTICLE"), Column("TITLE", least=NARROW)), rows, columns())))
