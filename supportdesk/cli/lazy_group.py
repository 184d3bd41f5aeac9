"""A click group whose commands are imported when they are called, and listed under headings."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Places = Mapping[str, str]
"""Where commands are defined: `{"queue": "supportdesk.cli.commands.queue:queue"}`."""

WHOLE = 1_000
"""Characters; no short help reaches this limit, so that long ones are wrapped and not cut."""


class LazyGroup(click.Group):
    """Finds a command in the module that `sections` gives for it; each section has a heading.

    A place may also be that of a command of the desk: `make_command` is the place of a function that makes the click
    command of one.
    """

    def __init__(
        self,
        *arguments: Any,
        sections: Mapping[str, Places],
        make_command: str,
        **settings: Any,
    ) -> None:
        super().__init__(*arguments, **settings)
        self._places = {name: place for places in sections.values() for name, place in places.items()}
        self._sections = {heading: list(places) for heading, places in sections.items()}
        self._make_command = make_command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every name, section by section."""
        return [name for names in self._sections.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None for an unknown name."""
        if cmd_name not in self.commands and cmd_name in self._places:
            found = _load(self._places[cmd_name])
            self.commands[cmd_name] = (
                found if isinstance(found, click.Command) else _load(self._make_command)(found)
            )
        return self.commands.get(cmd_name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options with this prefix. Imports no module for its help text: Tab must be fast."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [CompletionItem(name) for name in names]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command as click does; for an unknown name, suggest the closest ones."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            import difflib

            from supportdesk.tickets.typed_text import quoted

            names = self.list_commands(ctx)
            near = [each for each in names if each.startswith(name)] or difflib.get_close_matches(name, names)
            perhaps = f" Did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"There is no command {quoted(name)}.{perhaps}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write every command with its short help under its heading."""
        widest = max(map(len, self.list_commands(ctx)))
        for heading, section in self._sections.items():
            found = [(name, self.get_command(ctx, name)) for name in section]
            rows = [
                (f"{name:<{widest}}", command.get_short_help_str(WHOLE)) for name, command in found if command
            ]
            with formatter.section(heading):
                formatter.write_dl(rows)


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
