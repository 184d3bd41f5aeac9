"""Saves records, such as staff, customers and releases: shared by the commands that edit them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click
import msgspec

from supportdesk.cli.context import CliContext
from supportdesk.cli.decoding import decode_argument
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.desk_api import DeskReader
from supportdesk.sla.formatting import sentence
from supportdesk.tickets.command import LINE_LIMIT, Command
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.record_fields import compared_key, find_key_fault, record_field
from supportdesk.tickets.refusal import Refusal

C = TypeVar("C", bound=Command)
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

as_json = click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
another_option = click.option(
    "--another", is_flag=True, help="Save it although there is one of the same or nearly the same name."
)


def combine_options(*several: Decorator) -> Decorator:
    """Return one decorator that adds several options, for commands that share them."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(several):
            function = option(function)
        return function

    return add


def save_record(context: CliContext, make: Callable[[DeskReader], C]) -> C:
    """Run the command that `make` returns for the open desk, and return it. Raises BadRequestError if refused."""
    with context.desk() as desk:
        actor = context.operator(desk).username
        command = make(desk)
        outcome = desk.do(command, by=actor)
    if isinstance(outcome, Refusal):
        raise BadRequestError(refusal_message(outcome))
    return command


def provided(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details whose option was given, texts as plain lines."""
    return {
        name: plain_line(value) if isinstance(value, str) else value
        for name, value in details.items()
        if value is not None and value != ()
    }


def plain_line(text: str) -> str:
    """Return a text as one line without control characters."""
    return clean_line(decode_argument(text), LINE_LIMIT).text


def new_key(what: str, typed: str, known: Sequence[str]) -> str:
    """Return the key of a new record. Raises BadRequestError for one that exists or cannot be typed."""
    key = plain_line(typed)
    fault = find_key_fault(key)
    if fault is not None:
        raise BadRequestError(f"{fault}.")
    same = next((each for each in known if compared_key(each) == compared_key(key)), None)
    if same is not None:
        raise BadRequestError(f"The {what} {same} already exists.")
    return key


def field_help(document_type: type[msgspec.Struct], name: str) -> str:
    """Return the help text of a document's field as a sentence."""
    return sentence(record_field(document_type, name).help)
