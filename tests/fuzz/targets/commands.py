"""Texts that come with commands, from every surface."""

from __future__ import annotations

from datetime import UTC, datetime

from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Article, Contact
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import SaveArticle, SaveContact
from supportdesk.tickets.sanitize import SanitizedCommand, sanitize
from tests.fuzz.target import assert_plain, text_target


@text_target("commands")
def commands(text: str) -> None:
    """A command holds only plain texts once it is cleaned, is the same when cleaned again, and records what was cut."""
    contact = Contact("jo", "acme", text, telephone=text, email=text)
    article = Article("KB-1", text, text=text)
    asked: tuple[Command, ...] = (
        Note("CD-4C00-W", text),
        Log(
            "high",
            "phone",
            text,
            text,
            text,
            text,
            received_at=datetime(2026, 11, 24, 9, 42, 1, 5, tzinfo=UTC),
        ),
        Note(text, "words"),
        SaveContact(contact),
        SaveArticle(article),
    )
    for command in asked:
        found = sanitize(command)
        assert isinstance(found, SanitizedCommand)
        again = sanitize(found.command)
        assert isinstance(again, SanitizedCommand)
        assert (again.command, again.cuts) == (found.command, ())
        for cut in found.cuts:
            assert cut.original.decode("utf-8", "surrogatepass") == text
    cleaned = sanitize(SaveContact(contact))
    assert isinstance(cleaned, SanitizedCommand)
    assert isinstance(cleaned.command, SaveContact)
    plain = cleaned.command.contact
    for value in (plain.name, plain.telephone, plain.email):
        assert_plain(value)
