"""The state of one operator's work at an open desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supportdesk.access.open_files import OpenFiles
from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.keys.keymap import bound_keys
from supportdesk.console.text import desk_status
from supportdesk.settings.inbox_marks import InboxMarks
from supportdesk.settings.settings import DEFAULTS, Settings
from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from supportdesk.console.keys.key import Key
    from supportdesk.console.queue.model import QueueModel
    from supportdesk.desk_api import DeskApi
    from supportdesk.heartbeat import Heartbeat
    from supportdesk.playback import PlaybackControls
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import Roster
    from supportdesk.tickets.documents import Person
    from supportdesk.tickets.escalation.stop import EscalationStop
    from supportdesk.tickets.inbox.entry import InboxEntry


@dataclass(eq=False, repr=False)
class Session:
    """Holds the operator, the queue and the reference data of an open desk.

    `person` is None for an operator who is not on the staff, `replay` for a live desk. While the desk cannot be
    reached, `disconnected_reason` is why, and `last_connected_at` when it last could; otherwise both are None.
    `replaced_headline` says that another desk is in its place, or that it has moved: nobody may put it back.
    `heartbeat` is that of the desk's watcher, None without one, and `heartbeat_read_at` when it was looked at last;
    None where there is none to look at. `inbox` is what was sent to the operator, as last read, and `inbox_marks` what
    they have done with it. `stops` says what stops the escalation of tickets whose pages are open, by reference, as
    last read, and `waiting_messages` how many messages that arrived wait for a decision. `own_replies` is the file of
    the operator's own canned replies; None where there are no settings. `open_files` are the attachments that are open.
    """

    username: str
    desk: DeskApi
    model: QueueModel
    person: Person | None
    policy: Policy
    roster: Roster
    settings: Settings = DEFAULTS
    replay: PlaybackControls | None = None
    disconnected_reason: str | None = None
    last_connected_at: datetime | None = None
    replaced_headline: str | None = None
    drafts: Drafts = field(default_factory=Drafts)
    heartbeat: Heartbeat | None = None
    heartbeat_read_at: datetime | None = None
    inbox: Sequence[InboxEntry] = ()
    inbox_marks: InboxMarks = field(default_factory=InboxMarks)
    stops: dict[str, EscalationStop] = field(default_factory=dict)
    own_replies: Path | None = None
    waiting_messages: int = 0
    open_files: OpenFiles = field(default_factory=OpenFiles)

    def now(self) -> datetime:
        """Return the desk's time in UTC; does no I/O."""
        return self.desk.now()

    def update(self, policy: Policy, roster: Roster) -> None:
        """Apply another policy and roster, and with them the operator's own roles and team."""
        if policy.severities != self.policy.severities:
            self.model.set_severities([(each.key, each.name) for each in policy.severities])
        self.policy, self.roster = policy, roster
        self.person = next((each for each in roster.staff if each.username == self.username), None)

    def is_outdated(self, now: datetime) -> bool:
        """Return whether the policy or the shift at `now` differs from the last `update`."""
        return not self.roster.duty.holds_at(now) or self.desk.policy_at(now) is not self.policy

    def is_escalation_stopped(self, ref: str) -> bool:
        """Return whether an acknowledgement, or a person who works on it, stops the escalation of a ticket now."""
        stop = self.stops.get(ref)
        return stop is not None and stop.holds_at(epoch(self.now()))

    def find_watcher_methods(self) -> Collection[str] | None:
        """Return the methods by which a watcher that is alive sends, on whatever machine; None without a watcher."""
        now = self.now()
        if self.heartbeat is None or not self.heartbeat.list_alive(now):
            return None
        return self.heartbeat.find_methods(now)

    @property
    def keys(self) -> Sequence[Key]:
        """Every key, as the operator has bound it."""
        return bound_keys(self.settings.keys)

    @property
    def zone(self) -> str:
        """The time zone in which times are shown and typed; office hours and clocks keep the policy's."""
        return self.settings.zone(self.policy.timezone)

    @property
    def disconnection(self) -> str:
        """Since when the desk cannot be reached, in a few words; empty while it can."""
        if self.disconnected_reason is None:
            return ""
        return desk_status.disconnection(self.last_connected_at, self.zone, self.replaced_headline)

    @property
    def read_only_reason(self) -> str | None:
        """Why the operator cannot change anything at this desk; None if they can."""
        if self.replay is not None:
            return "Nothing can be changed in a replay."
        if self.person is None:
            return f"{self.username} is not on the staff of this desk; ask an administrator to enrol you."
        return None
