"""Decides every command on tickets: permission, stage, and the command's own rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from supportdesk.tickets import permissions, remedies
from supportdesk.tickets.command import RULES, Command, Decision, TicketCommand
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Role
from supportdesk.tickets.permissions import POWERS
from supportdesk.tickets.process import (
    assignment,
    closure,
    conversation,
    customer_message,
    escalation,
    importing,
    linking,
    page_shown,
    policy,
    resolution,
    retry,
    sending,
    severity,
    steps,
    time,
    triage,
    undo,
)
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import RecordCommand
from supportdesk.tickets.refusal import Refusal, either
from supportdesk.tickets.ticket import Stage

PROCESS_MODULES = (
    triage,
    assignment,
    resolution,
    conversation,
    customer_message,
    severity,
    escalation,
    closure,
    linking,
    policy,
    undo,
    time,
    importing,
    steps,
    sending,
    retry,
    page_shown,
)
"""The modules of the process; importing each registers the rules of its commands."""

COMMANDS: dict[str, type[Command]] = {command.verb: command for command in RULES if command.verb}
"""Every command on tickets that a member of staff can give, by its verb."""

EVERY_COMMAND: tuple[type[Command], ...] = (*RULES, *get_args(RecordCommand), UndoRecord)
"""Every command that a desk accepts."""


def list_rights() -> Iterator[tuple[str, frozenset[Role]]]:
    """Yield every command in words, with the roles of which one is needed; rights beyond single commands come last."""
    for command in EVERY_COMMAND:
        yield command.help_text().rstrip("."), command.needs
    yield from POWERS


def decide(case: DecisionContext, command: Command) -> Decision:
    """Return the events that the command causes, in order, or the reason why it is refused. Depends on nothing else."""
    ticket = case.subject
    refusal = permissions.refuse_actor(case, type(command)) or refuse_at_stage(
        type(command),
        ticket.stage if ticket else None,
        may_reopen=ticket is None or closure.may_be_reopened(case.policy, ticket, case.now),
    )
    return refusal or RULES[type(command)](case, command)


def refuse_at_stage(
    command: type[Command], stage: Stage | None, *, may_reopen: bool = True
) -> Refusal | None:
    """Return why a command is impossible for a ticket at a stage; None where it is possible.

    Surfaces ask this before they offer a command. `stage` is None where there is no ticket. Reopening is
    offered only where the ticket `may_reopen`.
    """
    if not issubclass(command, TicketCommand):
        return None
    if stage is None:
        return Refusal("this command needs a ticket; choose one first")
    if stage in command.stages:
        return None
    if stage is Stage.CLOSED:
        reopening = either(remedies.REOPEN_FIRST) if may_reopen else ()
        return Refusal("it is closed", (*reopening, remedies.NEW_TICKET))
    if stage is Stage.RESOLVED:
        reopening = either(remedies.REOPEN_FIRST) if may_reopen else ()
        return Refusal("it is resolved", (*reopening, (remedies.CLOSE,)))
    return Refusal("it is open already", either(remedies.NOTE))
