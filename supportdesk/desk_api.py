"""The door through which every surface comes: what a desk does, without how. Light to import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from supportdesk.sla.clocks import Kind
from supportdesk.sla.explain import Explanation
from supportdesk.sla.policy import Policy
from supportdesk.store.errors import DeskRestoredError, DeskUnavailableError, UnknownTicketError
from supportdesk.store.read_models import (
    Caller,
    CallerView,
    Changes,
    Listed,
    QueueRow,
    Roster,
    Snapshot,
    TicketHistory,
    TicketView,
)
from supportdesk.tickets.command import Command, Refusal, TicketCommand
from supportdesk.tickets.documents import Article, Contact, Document, Organisation, Person
from supportdesk.tickets.records.events import DayChanged

if TYPE_CHECKING:
    from supportdesk.tickets.record_undo import RecordChange

__all__ = [
    "Applied",
    "DeskApi",
    "DeskRestoredError",
    "DeskUnavailableError",
    "Executor",
    "Outcome",
    "UnknownTicketError",
]


@dataclass(frozen=True, slots=True)
class Applied:
    """A command was carried out; its events are on the ledger up to `seq`. `ref` is the ticket, if it was about one.

    `repeated` says that it had been carried out before, under the same id, and nothing was done this time.
    """

    ref: str | None
    seq: int
    repeated: bool = field(default=False, compare=False)


Outcome = Applied | Refusal

T = TypeVar("T")


class Executor(Protocol):
    """Carries a command out, once for each `command_id`, or says why not."""

    def __call__(self, command: Command, *, by: str, command_id: str) -> Outcome: ...


class DeskApi(Protocol):
    """A desk, present or past. All methods block and may be called from any thread.

    They raise DeskUnavailableError when the database cannot be used, UnknownTicketError for an unknown reference.
    """

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Every version of the policy, by version."""
        ...

    def now(self) -> datetime:
        """The desk's present."""
        ...

    def do(self, command: Command, *, by: str, command_id: str | None = None) -> Outcome:
        """Carries a command out, once for each `command_id`, or says why not."""
        ...

    def together(self, work: Callable[[Executor], T]) -> T | Refusal:
        """What `work` returns: the commands that it does are written all at once, those refused among them aside.

        Or why nothing of it can be written. `work` may be run several times, so it keeps what it learns to itself until
        it returns. It is for many commands about tickets that nobody else works on: others wait until it is done.
        """
        ...

    def preview(self, commands: Iterable[TicketCommand], *, by: str) -> list[QueueRow | Refusal]:
        """Return what the ticket of each command would look like in the queue after it alone, or why not.

        Nothing is done, no writer is waited for, and a ticket that is not there is a Refusal.
        """
        ...

    def policy_at(self, at: datetime) -> Policy:
        """The version in force at an instant."""
        ...

    def queue(self) -> Snapshot:
        """Every ticket that is not closed."""
        ...

    def closed(self, limit: int) -> list[QueueRow]:
        """The tickets that were closed last and are closed still, the latest first."""
        ...

    def changes(self, since: int) -> Changes:
        """What changed after an event number."""
        ...

    def wait_for_change(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds; True as soon as somebody else may have changed something."""
        ...

    def ticket(self, ref: str) -> TicketView:
        """One ticket with its timeline."""
        ...

    def last_acted_on(self, by: str) -> str | None:
        """The ticket on which somebody did the last thing that they may still take back; None without one."""
        ...

    def last_record_change(self, by: str) -> RecordChange | None:
        """Return the last change that somebody made to a record and may still take back; None without one."""
        ...

    def explain(self, ref: str, kind: Kind) -> Explanation:
        """How a clock's figure came about, span by span."""
        ...

    def history(self, since: datetime) -> list[TicketHistory]:
        """Every ticket that is not closed, or was closed at `since` or later, in no particular order."""
        ...

    def person(self, username: str) -> Person | None:
        """A member of staff."""
        ...

    def roster(self) -> Roster:
        """Staff, releases and who is on call."""
        ...

    def find_organisations(self, text: str, limit: int = 8) -> list[Organisation]:
        """The organisations whose names come nearest."""
        ...

    def contacts(self, organisation: str) -> list[Contact]:
        """The contacts of an organisation, by key."""
        ...

    def find_articles(self, text: str, limit: int = 8) -> list[Article]:
        """The articles that match best."""
        ...

    def find_callers(self, text: str, limit: int = 8) -> list[Caller]:
        """Who may be meant by part of a name, a company or a telephone number in any spelling, the likeliest first.

        Slips are forgiven only where nothing else is found; a text without words or digits means nobody.
        """
        ...

    def caller(self, contact: str) -> CallerView | None:
        """All that is worth knowing of a contact, by key, on the telephone; None for one who is not known."""
        ...

    def find_similar(self, text: str, organisation: str | None, limit: int = 5) -> list[QueueRow]:
        """The tickets that are not closed and say the like of a text, the nearest first.

        `organisation` is a key: of this customer only; None for those of all.
        """
        ...

    def listed(self, kind: type[Document], text: str = "", limit: int = 200) -> Listed:
        """The documents of a kind with all words of a text in their keys and names; releases by day, others by name."""
        ...

    def changed_days(self) -> tuple[DayChanged, ...]:
        """The days that were declared closed or given other hours, in their order."""
        ...

    def promised(self, release: str) -> list[QueueRow]:
        """The tickets that promise a fix in a release which is not out yet, by reference; none that is closed."""
        ...

    def close(self) -> None:
        """Lets the database go."""
        ...
