"""The context of a screen that sends commands: the operator, the policy, the API and the drafts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.keys.keymap import bound_keys
from supportdesk.console.keys.refusal_text import with_keys
from supportdesk.settings.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from supportdesk.console.keys.key import Key
    from supportdesk.console.widgets.notice import Notice
    from supportdesk.desk_api import DeskApi, Outcome
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import QueueRow, Roster
    from supportdesk.tickets.command import Command
    from supportdesk.tickets.documents import Person
    from supportdesk.tickets.refusal import Refusal


def _unseen(notice: Notice) -> None:
    """Ignore a notice where there is no console to show it."""


class Submit(Protocol):
    """Submits a command; one already applied under the same id returns its outcome and is not applied again."""

    def __call__(self, command: Command, command_id: str | None = None) -> Awaitable[Outcome]: ...


class CommandContext(msgspec.Struct, frozen=True):
    """The operator, the policy and the API that a screen works with, as they are when it is opened.

    `desk` blocks: call it from a thread worker only, one call each. `submit` is for the event loop: it applies a
    command in a thread and does not raise; for an unavailable desk it returns a Refusal. The same command submitted
    again after that, without an id, keeps its first id, so that it cannot be applied twice. `drafts` is shared by all
    screens of a run.
    """

    person: Person
    policy: Policy
    roster: Roster
    desk: DeskApi
    submit: Submit
    drafts: Drafts = msgspec.field(default_factory=Drafts)
    settings: Settings = DEFAULTS
    watcher_methods: Collection[str] | None = None
    """The methods by which a watcher that is alive sends; None where none is known."""
    notify: Callable[[Notice], object] = _unseen
    """Shows a notice on any screen until the operator responds to it."""
    rows: Callable[[], Iterable[QueueRow]] = tuple
    """Returns the tickets of the queue as last read; it does not block."""
    own_replies: Path | None = None
    """The file of the operator's own canned replies, which need not exist; None without settings."""
    begun: int | None = None
    """The number of the last event that was read when the screen was opened."""

    @property
    def zone(self) -> str:
        """The time zone for times shown and typed; opening hours and clocks use the policy's."""
        return self.settings.zone(self.policy.timezone)

    @property
    def methods(self) -> Collection[str]:
        """The methods by which people are paged: those of the watcher or, without one, those of these settings."""
        return self.settings.methods if self.watcher_methods is None else self.watcher_methods

    def refusal_text(self, refusal: Refusal) -> str:
        """Return a refusal in words, with the keys of its remedies as the operator has bound them."""
        return with_keys(refusal, self.keys)

    @property
    def keys(self) -> Sequence[Key]:
        """Every key, as the operator has bound it."""
        return bound_keys(self.settings.keys)
