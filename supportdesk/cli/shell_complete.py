"""Completes names from the desk. Where it cannot be read, nothing is offered and nothing is printed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from supportdesk.cli import desk_address
from supportdesk.cli.output import sanitize_line
from supportdesk.store.location import read_completions

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMPLETE_VARIABLE = "_SUPPORTDESK_COMPLETE"
"""The environment variable that a shell sets to ask for completions."""

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def complete_from_desk(what: str) -> Complete:
    """Return a completer for `person`, `ticket`, `severity` and so on; see `read_completions`."""

    def complete(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        address = (
            ctx.find_root().params.get("address")
            or os.environ.get(desk_address.VARIABLE)
            or desk_address.default_address()
        )
        found = read_completions(address, what, begun)
        return [CompletionItem(sanitize_line(word), help=sanitize_line(text)) for word, text in found]

    return complete
