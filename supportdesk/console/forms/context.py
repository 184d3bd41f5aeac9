"""What a screen of the console works with: who sits there, under which promises, and the way in for a command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.keys.keymap import remapped
from supportdesk.console.keys.refusal_text import with_keys
from supportdesk.settings.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from supportdesk.console.keys.keymap import Key
    from supportdesk.console.widgets.notice import Notice
    from supportdesk.desk_api import DeskApi, Outcome
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import QueueRow, Roster
    from supportdesk.tickets.command import Command, Refusal
    from supportdesk.tickets.documents import Person


def _unseen(notice: Notice) -> None:
    """Takes a notice where there is no console to show it."""


class Submit(Protocol):
    """Carries a command out; one that has been carried out under the same id is only answered."""

    def __call__(self, command: Command, command_id: str | None = None) -> Awaitable[Outcome]: ...


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The operator, the policy and the API that a screen works with, as they are when it is opened.

    `door` blocks: ask it from a thread worker only, one call each. `submit` is for the event loop: it carries a
    command out in a thread and raises nothing; a desk that cannot be reached answers with a Refusal that says so.
    The same command submitted again after that, without an id, keeps the one it had: it cannot be carried out twice.
    `drafts` is what was typed and not sent; it is the same for all screens of a run.
    """

    person: Person
    policy: Policy
    roster: Roster
    door: DeskApi
    submit: Submit
    drafts: Drafts = field(default_factory=Drafts)
    settings: Settings = DEFAULTS
    notify: Callable[[Notice], object] = _unseen
    """Shows a notice until the operator responds to it, on whatever screen is open by then."""
    rows: Callable[[], Iterable[QueueRow]] = tuple
    """The tickets of the queue as they are known now; it does not block."""

    @property
    def zone(self) -> str:
        """The zone in which times are shown and typed; office hours and clocks keep the policy's."""
        return self.settings.zone(self.policy.timezone)

    def refusal_text(self, refusal: Refusal) -> str:
        """A refusal in words, with the keys that help as they are bound."""
        return with_keys(refusal, self.keys)

    @property
    def keys(self) -> Sequence[Key]:
        """Every key, as the operator has bound it."""
        return remapped(self.settings.keys)
