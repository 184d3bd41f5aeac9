"""The options that describe a source of messages: the name of a mailbox, its addresses and its servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from supportdesk.settings.source_names import is_address, is_host, is_source_name


class CheckedTextParam(click.ParamType[str]):
    """A text for which `is_valid` holds; otherwise the error says what it should be."""

    def __init__(self, name: str, is_valid: Callable[[str], bool], wanted: str) -> None:
        self.name = name
        self._is_valid, self._wanted = is_valid, wanted

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text."""
        text = str(value)
        if not self._is_valid(text):
            from supportdesk.tickets.typed_text import quoted

            self.fail(f"{quoted(text)} is not {self._wanted}", param, ctx)
        return text


SOURCE_NAME = CheckedTextParam(
    "name", is_source_name, "a name of small letters, digits and dashes, such as support"
)


def mailbox_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with the options that describe its mailbox."""
    for option in (
        click.option(
            "--voicemail",
            is_flag=True,
            help="A telephone system sends recordings to this mailbox: these become voicemails.",
        ),
        click.option(
            "--team",
            metavar="KEY",
            default="",
            help="The team to which its requests go, except those that page. Default: the team of their severity.",
        ),
        click.option(
            "--channel",
            metavar="KEY",
            default="email",
            show_default=True,
            help="The channel of the policy by which its requests are logged: not the portal, and none for calls.",
        ),
        click.option(
            "--server",
            "servers",
            metavar="HOST",
            type=CheckedTextParam("host", is_host, "the name of a server, such as mx.example.com"),
            multiple=True,
            help="The name of our mail server, as it writes it into the header: a message counts from when it had it."
            " May be repeated. Default: this machine's name.",
        ),
        click.option(
            "--address",
            "addresses",
            metavar="ADDRESS",
            type=CheckedTextParam("address", is_address, "an email address, such as support@example.com"),
            multiple=True,
            help="The mailbox's own address: mail from it is ours. May be repeated.",
        ),
        click.option(
            "--mailbox",
            metavar="NAME",
            type=SOURCE_NAME,
            default="mail",
            show_default=True,
            help="The name of the mailbox.",
        ),
    ):
        command = option(command)
    return command
