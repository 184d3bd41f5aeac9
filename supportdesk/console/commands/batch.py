"""One deed done to all marked tickets, each by a command of its own with its own result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supportdesk.tickets.command import Refusal, TicketCommand

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext


@dataclass(frozen=True, slots=True)
class Batch:
    """The same command for several tickets; `refused` is why some of them will not have it, by reference."""

    commands: tuple[TicketCommand, ...]
    refused: Mapping[str, str]

    @property
    def accepted(self) -> list[TicketCommand]:
        """The commands that will be done, as far as can be foreseen."""
        return [command for command in self.commands if command.ref not in self.refused]

    @property
    def title(self) -> str:
        """`Assign 7 tickets`, or `Assign 5 of 7 tickets` where the others will be refused."""
        of = f"{len(self.accepted)} of " if self.refused else ""
        return f"{self.commands[0].title} {of}{tickets(len(self.commands))}"

    @property
    def warning(self) -> str:
        """How many will be refused, and what one can do about it; empty where none will be."""
        if not self.refused:
            return ""
        if not self.accepted:
            return "All of them will be refused."
        others = f"it can be sent for {_the_others(len(self.accepted))}"
        return f"{len(self.refused)} of {len(self.commands)} will be refused; {others}."


def _the_others(count: int) -> str:
    return "the other one" if count == 1 else f"the other {count}"


def tickets(count: int) -> str:
    """`7 tickets`."""
    return "1 ticket" if count == 1 else f"{count} tickets"


def preview_batch(context: CommandContext, template: TicketCommand, refs: Iterable[str]) -> Batch | Refusal:
    """The command for each ticket, rehearsed; why nothing can be foreseen where the desk is out of reach. Blocks."""
    from supportdesk.desk_api import DeskUnavailableError

    commands = tuple(replace(template, ref=ref) for ref in refs)
    try:
        looks = context.door.preview(commands, by=context.person.username)
    except DeskUnavailableError as error:
        return Refusal(str(error))
    both = zip(commands, looks, strict=True)
    return Batch(
        commands, {each.ref: context.refusal_text(look) for each, look in both if isinstance(look, Refusal)}
    )
