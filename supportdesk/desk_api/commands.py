"""How the desk is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from supportdesk.store.read_models import DueTicket, Erasure, ErasurePreview, QueueRow
    from supportdesk.tickets.command import Command, TicketCommand


@dataclass(frozen=True, slots=True)
class Applied:
    """A command was carried out: its events are in the ledger up to number `seq`. `ref` is its ticket, if any.

    `repeated` is True where it had been carried out before under the same id, and nothing was done this time.
    """

    ref: str | None
    seq: int
    repeated: bool = field(default=False, compare=False)


Outcome = Applied | Refusal

T = TypeVar("T")


class Executor(Protocol):
    """Carries out a command, once for each `command_id`, or returns the reason why not; `begun` as in `Commands`."""

    def __call__(
        self, command: Command, *, by: str, command_id: str, begun: int | None = None
    ) -> Outcome: ...


class Transaction(Executor, Protocol):
    """Carries out commands that are written together, and reads what they have changed before anybody else can."""

    def find_due(self, at: datetime) -> DueTicket | None:
        """Return the ticket on which something is due by `at`, what is due longest; None where nothing is."""
        ...

    def list_paged(self, ref: str) -> tuple[str, ...]:
        """Return the usernames of those who are paged for a ticket and have not acknowledged."""
        ...


class Commands(Protocol):
    """Everything that changes the desk. `by` is the key of the actor: for a member of staff, the username."""

    def do(
        self, command: Command, *, by: str, command_id: str | None = None, begun: int | None = None
    ) -> Outcome:
        """Carry out a command, once for each `command_id`, or return the reason why not.

        `begun` is the number of the last event that the sender had read when they began to type it. It is refused where
        a contact was erased since, as nobody can tell whether they are named in it; None for a command that was not
        typed.
        """
        ...

    def transaction(self, work: Callable[[Transaction], T]) -> T | Refusal:
        """Return what `work` returns, after writing all its commands at once, except those that were refused.

        Return a Refusal where nothing of it can be written. `work` may be run several times, so it must change nothing
        outside itself before it returns. It is meant for many commands on tickets that nobody else works on: other
        writers wait until it is done.
        """
        ...

    def preview(self, commands: Iterable[TicketCommand], *, by: str) -> list[QueueRow | Refusal]:
        """Return the queue row that the ticket of each command would have after that command alone, or why not.

        Nothing is written, no writer is waited for, and an unknown ticket is a Refusal.
        """
        ...


class Erasures(Protocol):
    """What the command `EraseContact` needs before and after it."""

    def find_last_erasure(self) -> Erasure | None:
        """Return when a contact was last erased; None without an erasure."""
        ...

    def preview_erasure(self, contact: str, *, by: str) -> ErasurePreview | Refusal:
        """Return what erasing a contact, given by key, would change, or why `by` cannot. Nothing is written.

        Reads the whole ledger.
        """
        ...

    def remove_traces(self) -> None:
        """Remove for good what erasures left in free space of the database; nothing is done where nothing is left.

        To be called after each erasure; others wait meanwhile. Raises DeskUnavailableError; then it is to be repeated.
        """
        ...
