"""The data of the header, as text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.queue.views import ALL_OPEN
from supportdesk.console.text import desk_status
from supportdesk.console.text.watcher_text import WatcherText, describe_watcher
from supportdesk.sla import formatting
from supportdesk.sla.clocks import State

if TYPE_CHECKING:
    from supportdesk.console.queue.index import QueueIndex
    from supportdesk.console.session import Session
    from supportdesk.playback import PlaybackControls

COUNTED = (State.BREACHED, State.AT_RISK, State.DUE_SOON)
"""The states that the header counts, the most urgent first."""


class HeaderData(msgspec.Struct, frozen=True):
    """The texts of the header. `replay` is the time of a replay and `pace` its speed, empty at a live desk.

    `counts` and `views` are names with numbers of tickets, in the order in which they are drawn. `stale` is empty while
    the desk is connected.
    """

    desk: str
    operator: str
    office: str = ""
    on_call: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    views: tuple[tuple[str, int], ...] = ()
    view: str = ""
    clock: str = ""
    stale: str = ""
    replay: str = ""
    pace: str = ""
    inbox: int = 0
    """How many entries of the operator's inbox are new."""
    intake: int = 0
    """How many messages that arrived wait for a decision."""


def counts(index: QueueIndex) -> tuple[tuple[str, int], ...]:
    """Return how many tickets are breached, at risk and due soon, and how many are open."""
    states = index.states
    return (*((state.value, states[state]) for state in COUNTED), ("open", index.view_counts[ALL_OPEN]))


def views(index: QueueIndex) -> tuple[tuple[str, int], ...]:
    """Return the number of tickets in each view, by its name."""
    return tuple((view.name, index.view_counts[view.name]) for view in index.views)


def playback_pace(now: datetime, controls: PlaybackControls) -> str:
    """Return the speed of a replay as `600×`, `paused, 600×` or `ended`."""
    if now >= controls.until:
        return "ended"
    speed = f"{controls.speed:g}×"
    return speed if controls.running else f"paused, {speed}"


def watcher_text(session: Session, now: datetime) -> WatcherText:
    """Return whether somebody watches the desk; nothing while it cannot be reached, or in a replay."""
    looked_at = session.heartbeat_read_at
    if looked_at is None or session.replay is not None or session.disconnected_reason is not None:
        return WatcherText()
    return describe_watcher(session.heartbeat, looked_at, now)


def header_data(session: Session, desk: str, now: datetime) -> HeaderData:
    """Return the header's data at `now`; `desk` is the desk's name."""
    zone, index = session.zone, session.model.index
    operator = session.person.name if session.person else f"{session.username}, not on the staff"
    return HeaderData(
        desk=desk,
        operator=operator,
        office=desk_status.office_status(session.policy, now, zone),
        on_call=desk_status.on_call(session.roster, zone),
        counts=counts(index),
        views=views(index),
        view=session.model.view.name,
        clock=desk_status.clock(now, zone),
        stale=session.disconnection,
        replay=formatting.exact_time(now, zone) if session.replay else "",
        pace=playback_pace(now, session.replay) if session.replay else "",
        inbox=_count_new(session, now) if session.inbox else 0,
        intake=session.waiting_messages,
    )


def _count_new(session: Session, now: datetime) -> int:
    # Imported when first needed: the inbox is read only after the queue is on the screen.
    from supportdesk.console.inbox.model import count_new

    return count_new(session.inbox, session.inbox_marks, now)
