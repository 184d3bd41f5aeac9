"""Completing what a desk knows: words are glimpsed from its file, and nothing is said where that cannot be."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from supportdesk.cli import desk_address
from supportdesk.cli.output import sanitize_line
from supportdesk.files import expand

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMPLETE_VARIABLE = "_SUPPORTDESK_COMPLETE"
"""In the environment, it says that a shell asks for words to complete."""

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def complete_from_desk(what: str) -> Complete:
    """Completes from what the desk knows: `person`, `ticket`, `severity` and the like; see `glimpse`."""

    def complete(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from supportdesk.store.sqlite.completion_reader import glimpse

        address = (
            ctx.find_root().params.get("address")
            or os.environ.get(desk_address.VARIABLE)
            or desk_address.default_address()
        )
        try:
            file = desk_address.file_of(address)
            found = glimpse(expand(file), what, begun) if file is not None else []
        except OSError:
            return []
        return [CompletionItem(sanitize_line(word), help=sanitize_line(told)) for word, told in found]

    return complete
