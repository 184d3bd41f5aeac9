"""What the console knows once the desk is open, until it is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.keys.keymap import KEYS
from supportdesk.settings.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from supportdesk.console.keys.keymap import Key
    from supportdesk.console.queue.model import QueueModel
    from supportdesk.desk_api import DeskApi
    from supportdesk.playback import PlaybackControls
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import Roster
    from supportdesk.tickets.documents import Person


@dataclass
class Session:
    """One operator at one desk. `person` is None for somebody who is not on its staff, `replay` for a present desk.

    `lost` is why the desk is out of reach and `stale_since` since when; both are None while it is in reach.
    """

    username: str
    door: DeskApi
    model: QueueModel
    person: Person | None
    policy: Policy
    roster: Roster
    settings: Settings = DEFAULTS
    replay: PlaybackControls | None = None
    lost: str | None = None
    stale_since: datetime | None = None
    drafts: Drafts = field(default_factory=Drafts)

    keys: Sequence[Key] = KEYS
    """The keys as this operator has bound them."""

    def now(self) -> datetime:
        """The desk's present; no I/O."""
        return self.door.now()

    def take(self, policy: Policy, roster: Roster) -> None:
        """Replace the policy in force and the roster, and with them the operator's own roles and team."""
        if policy.severities != self.policy.severities:
            self.model.know_severities([(each.key, each.name) for each in policy.severities])
        self.policy, self.roster = policy, roster
        self.person = next((each for each in roster.staff if each.username == self.username), None)

    def is_outdated(self, now: datetime) -> bool:
        """Return whether another policy is in force at `now`, or another shift holds, than `take` was told last."""
        return not self.roster.duty.holds_at(now) or self.door.policy_at(now) is not self.policy

    @property
    def zone(self) -> str:
        """The zone in which times are shown and typed; office hours and clocks keep the policy's."""
        return self.settings.zone(self.policy.timezone)

    @property
    def refusal(self) -> str | None:
        """Why nothing can be done at this desk by this operator; None where something can."""
        if self.replay is not None:
            return "This is a replay of the past: nothing can be changed."
        if self.person is None:
            return f"{self.username} is not on the staff of this desk; ask an administrator to enrol you."
        return None
