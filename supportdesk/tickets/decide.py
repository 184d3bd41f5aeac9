"""One decision for every command about tickets: may this person, can this ticket, and what happens then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from supportdesk.tickets import permissions, remedies
from supportdesk.tickets.command import RULES, Command, Decision, Refusal, TicketCommand, either
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Role
from supportdesk.tickets.permissions import POWERS
from supportdesk.tickets.process import (
    assignment,
    closure,
    conversation,
    escalation,
    importing,
    linking,
    policy,
    resolution,
    severity,
    time,
    triage,
    undo,
)
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import RecordCommand
from supportdesk.tickets.ticket import Stage

STAGES = (
    triage,
    assignment,
    resolution,
    conversation,
    severity,
    escalation,
    closure,
    linking,
    policy,
    undo,
    time,
    importing,
)
"""The modules of the process; each registers the rules of its commands."""

COMMANDS: dict[str, type[Command]] = {command.verb: command for command in RULES if command.verb}
"""Every command about tickets that a person can give, by its verb."""

EVERY_COMMAND: tuple[type[Command], ...] = (*RULES, *get_args(RecordCommand), UndoRecord)
"""All that can be asked of a desk."""


def list_rights() -> Iterator[tuple[str, frozenset[Role]]]:
    """Yield every command in words, with the roles of which one is needed; the powers of a role last."""
    for command in EVERY_COMMAND:
        yield command.help_text().rstrip("."), command.needs
    yield from POWERS


def decide(case: DecisionContext, command: Command) -> Decision:
    """The events that the command causes in this case, in order, or why it is refused. Looks at nothing else."""
    refusal = permissions.refuse_actor(case, command) or refuse_at_stage(
        type(command), case.subject.stage if case.subject else None
    )
    return refusal or RULES[type(command)](case, command)


def refuse_at_stage(command: type[Command], stage: Stage | None) -> Refusal | None:
    """Why a command cannot be done to a ticket at a stage; None where it can. Surfaces ask this before they offer it.

    `stage` is None where there is no ticket, as for a command that is about none.
    """
    if not issubclass(command, TicketCommand):
        return None
    if stage is None:
        return Refusal("this command needs a ticket; choose one first")
    if stage in command.stages:
        return None
    if stage is Stage.CLOSED:
        return Refusal("it is closed", ((remedies.REOPEN_FIRST,), (remedies.LOG_ANOTHER, remedies.LINK_IT)))
    if stage is Stage.RESOLVED:
        return Refusal("it is resolved", either(remedies.REOPEN_FIRST, remedies.CLOSE))
    return Refusal("it is still open", either(remedies.RESOLVE_FIRST))
