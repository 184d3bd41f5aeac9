"""A group whose commands are imported when they are called, and listed under headings."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Places = Mapping[str, str]
"""Where commands live: `{"queue": "supportdesk.cli.commands.queue:queue"}`."""

WHOLE = 1_000
"""A limit that no first sentence of a help text reaches; long ones are wrapped, not cut."""


class LazyGroup(click.Group):
    """Finds a command in the module that `sections` names for it, one heading for each section.

    `families` names, for a heading, a function that makes further commands; they are made only for a name that stands
    in no section, and for the list of all.
    """

    def __init__(
        self,
        *arguments: Any,
        sections: Mapping[str, Places],
        families: Mapping[str, str] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(*arguments, **settings)
        self._places = {name: place for places in sections.values() for name, place in places.items()}
        self._sections = {heading: list(places) for heading, places in sections.items()}
        self._families = dict(families or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, section by section."""
        self._load_families()
        return [name for names in self._sections.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name in self.commands:
            return self.commands[cmd_name]
        if cmd_name in self._places:
            self.commands[cmd_name] = _load(self._places[cmd_name])
        else:
            self._load_families()
        return self.commands.get(cmd_name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and options that begin so. No module is imported for its help text: whoever waits is typing."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [CompletionItem(name) for name in names]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As every group does it, naming the commands that come near an unknown name."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            near = difflib.get_close_matches(name, self.list_commands(ctx))
            perhaps = f" Did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"There is no command {name!r}.{perhaps}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with its short help, under its heading."""
        widest = max(map(len, self.list_commands(ctx)))
        for heading, section in self._sections.items():
            found = [(name, self.get_command(ctx, name)) for name in section]
            rows = [
                (f"{name:<{widest}}", command.get_short_help_str(WHOLE)) for name, command in found if command
            ]
            with formatter.section(heading):
                formatter.write_dl(rows)

    def _load_families(self) -> None:
        while self._families:
            heading, place = self._families.popitem()
            made = {command.name: command for command in _load(place)() if command.name not in self._places}
            self.commands.update({name: command for name, command in made.items() if name})
            self._sections.setdefault(heading, []).extend(name for name in made if name)


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
