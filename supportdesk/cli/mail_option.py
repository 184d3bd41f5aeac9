"""The option by which a contact or a customer chooses the mail that they get, and how that is listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from msgspec import Struct

from supportdesk.cli.records import field_help
from supportdesk.cli.table import TableColumn
from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.wanted_mail import describe_wanted_mail

ALL, NONE = "all", "none"


class MailChoice(Struct, frozen=True):
    """The kinds of mail that somebody wants."""

    wanted: frozenset[MailKind]


class MailChoiceParam(click.ParamType[MailChoice]):
    """`all`, `none`, or kinds of mail separated by commas."""

    name = "kinds"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return what can be typed."""
        return f"{ALL}|{NONE}|KIND,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> MailChoice:
        """Return the kinds that were typed."""
        if isinstance(value, MailChoice):
            return value
        typed = [each.strip().casefold() for each in str(value).split(",")]
        if typed in ([ALL], [NONE]):
            return MailChoice(frozenset(MailKind) if typed == [ALL] else frozenset())
        for each in typed:
            if each not in list(MailKind):
                from supportdesk.tickets.typed_text import quoted

                self.fail(f"{quoted(each)} is not {ALL}, {NONE} or one of {', '.join(MailKind)}", param, ctx)
        return MailChoice(frozenset(map(MailKind, typed)))


mail_option = click.option(
    "--mail",
    type=MailChoiceParam(),
    help=f"{field_help(Contact, 'unwanted_mails').removesuffix('.')}: {', '.join(MailKind)}.",
)


def show_wanted_mail(
    columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], records: Sequence[Contact | Organisation]
) -> tuple[list[TableColumn], list[list[str]]]:
    """Return a table of records with a column for the mail that they get, if any of them does not get all of it."""
    described = [describe_wanted_mail(each.unwanted_mails) for each in records]
    if not any(described):
        return list(columns), [list(row) for row in rows]
    return [*columns, TableColumn("MAIL")], [[*row, mail] for row, mail in zip(rows, described, strict=True)]


def wanted_mails(choice: MailChoice | None) -> dict[str, Any]:
    """Return the field of a record that a choice changes; nothing where none was made."""
    if choice is None:
        return {}
    return {"unwanted_mails": tuple(each for each in MailKind if each not in choice.wanted)}
