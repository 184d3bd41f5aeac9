"""One command for all marked tickets: applied to each by itself, with a result for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.keys.refusal_text import bound_key
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.refusal import Refusal, Remedy, either

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext


DOES = {
    "acknowledge": "acknowledge",
    "assign": "assign",
    "claim": "claim",
    "close": "close",
    "duplicate": "close",
    "escalate": "escalate",
    "handback": "hand back",
    "handover": "hand over",
    "note": "add the note to",
    "resume": "resume",
    "undo": "undo for",
    "wait": "put on hold",
}
"""What the key that sends the form of a batch does with the tickets, by the command's verb."""

DONE = {
    "acknowledge": "acknowledged",
    "assign": "assigned",
    "claim": "claimed",
    "close": "closed",
    "duplicate": "closed as duplicates",
    "escalate": "escalated",
    "handback": "handed back",
    "handover": "handed over",
    "resume": "resumed",
    "undo": "restored",
    "wait": "put on hold",
}
"""What has been done with the tickets of a batch, by the command's verb."""


class Batch(msgspec.Struct, frozen=True):
    """The same command for several tickets; `refused` maps the reference of a ticket to the reason for its refusal."""

    commands: tuple[TicketCommand, ...]
    refused: Mapping[str, str]

    @property
    def accepted(self) -> list[TicketCommand]:
        """The commands that the preview did not refuse."""
        return [command for command in self.commands if command.ref not in self.refused]

    @property
    def title(self) -> str:
        """`Assign: 7 tickets`, or `Assign: 5 of 7 tickets` where the others will be refused."""
        of = f"{len(self.accepted)} of " if self.refused else ""
        return f"{self.commands[0].title}: {of}{tickets(len(self.commands))}"

    @property
    def warning(self) -> str:
        """How many tickets will be refused, and how to continue; empty where none will be."""
        if not self.refused:
            return ""
        if not self.accepted:
            return "All will be refused."
        others = f"you can continue with {_the_others(len(self.accepted))}"
        return f"{len(self.refused)} of {len(self.commands)} will be refused; {others}."


def _the_others(count: int) -> str:
    return "the other one" if count == 1 else f"the other {count}"


def tickets(count: int) -> str:
    """Return the number of tickets in words: `1 ticket`, `7 tickets`."""
    return "1 ticket" if count == 1 else f"{count} tickets"


def preview_batch(context: CommandContext, template: TicketCommand, refs: Iterable[str]) -> Batch | Refusal:
    """Return the batch with the refusals that a dry run finds; a Refusal where the desk is unavailable. Blocks."""
    from supportdesk.desk_api import DeskUnavailableError

    commands = tuple(replace(template, ref=ref) for ref in refs)
    try:
        outcomes = context.desk.preview(commands, by=context.person.username)
    except DeskUnavailableError as error:
        return Refusal(str(error))
    pairs = zip(commands, outcomes, strict=True)
    return Batch(
        commands,
        {
            each.ref: _reason(context, each, outcome)
            for each, outcome in pairs
            if isinstance(outcome, Refusal)
        },
    )


def _reason(context: CommandContext, command: TicketCommand, refusal: Refusal) -> str:
    """Return the reason; a page of somebody else is acknowledged for one ticket at a time."""
    if not any(remedy.verb.startswith("acknowledge --paged") for way in refusal.remedies for remedy in way):
        return context.refusal_text(refusal)
    back = bound_key("desk.back", context.keys)
    singly = Remedy(f"clear the marks ({back}) and do it on the ticket", command.verb)
    return context.refusal_text(Refusal(refusal.why, either(singly)))
