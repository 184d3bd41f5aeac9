"""Where the escalation of a ticket stands: since when nobody has acknowledged, and who has acknowledged for how long.

Like a clock, this is derived from the ticket's events and stored nowhere: `follow_history` gives the same value for the
same events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind
from supportdesk.sla.policy import Policy
from supportdesk.tickets import events
from supportdesk.tickets.escalation.acknowledgement import find_expiry
from supportdesk.tickets.events import Event
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.ticket import Ticket
from supportdesk.tickets.undo_state import find_previous_values


class Acknowledgement(msgspec.Struct, frozen=True):
    """A period in which somebody has acknowledged: from `at` to `until`, unless it `ended` before it expired.

    `by` is a username. It ends early when another page goes out or when it is extended; `reason` is why it was.
    """

    by: str
    at: datetime
    until: datetime
    ended: datetime | None = None
    reason: str = ""

    @property
    def end(self) -> datetime:
        """When it ends or ended."""
        return self.until if self.ended is None else self.ended

    @property
    def expires(self) -> bool:
        """Whether it ends because it expires."""
        return self.ended is None

    def is_valid_at(self, at: datetime) -> bool:
        """Return whether the escalation is stopped at an instant."""
        return self.at <= at < self.end


class UnreachedPerson(msgspec.Struct, frozen=True):
    """That the page of `person`, a username, turned out at an instant to reach them by no method.

    `passed_on` says that it did reach them, and that they passed it on to the next person.
    """

    person: str
    at: datetime
    passed_on: bool = False


class EscalationProgress(msgspec.Struct, frozen=True):
    """Where a ticket's escalation stands.

    `cycle` is the ticket's version with which its present ladder began, when it was logged or got another severity, and
    `began` the instant. No step is due before `since`, which is later where a target or a calendar has changed.
    `fix_cycle` is the version with which the present fix date was promised, 0 without one, and `fix_since` the instant.
    `paged_at_once` is the username of the person whom the command paged that began the cycle. `taken_up_at` is when
    somebody claimed the ticket or responded: from then on the time without acknowledgement is not counted.
    `unanswered_since` is when the customer rang about the ticket, while nobody has told them anything since. `unsent`
    are the pages that turned out to reach their people by no method. `moves` are the moves to another policy version in
    this cycle.
    """

    cycle: int
    began: datetime
    since: datetime
    fix_cycle: int = 0
    fix_since: datetime | None = None
    paged_at_once: str | None = None
    taken_up_at: datetime | None = None
    acknowledgements: tuple[Acknowledgement, ...] = ()
    unanswered_since: datetime | None = None
    unsent: tuple[UnreachedPerson, ...] = ()
    moves: tuple[datetime, ...] = ()

    @property
    def clocks_since(self) -> datetime:
        """Return before when no share of a clock is due: a move to another policy makes none due that had passed."""
        return self.began if self.since in self.moves else self.since

    def valid_at(self, at: datetime) -> Acknowledgement | None:
        """Return the acknowledgement that stops the escalation at an instant; None where none does."""
        return next((each for each in self.acknowledgements if each.is_valid_at(at)), None)


class TicketChange(msgspec.Struct, frozen=True):
    """An event of `actor` that changed the ticket from `before` to `after`; `policy` is the version of `after`."""

    policy: Policy
    event: Event
    actor: str
    before: Ticket
    after: Ticket

    @property
    def at(self) -> datetime:
        """When the event happened."""
        return self.after.changed_at


def follow_history(
    policies: Mapping[str, Policy], ref: str, history: Iterable[tuple[Event, datetime, str]]
) -> EscalationProgress:
    """Return the progress after a ticket's whole history of (event, instant, actor).

    Raises ValueError where it does not begin with `Logged`, as after an erasure.
    """
    ticket: Ticket | None = None
    states: list[tuple[Ticket, EscalationProgress]] = []
    progress: EscalationProgress | None = None
    for event, at, actor in history:
        before, ticket = ticket, evolve(ticket, event, ref=ref, at=at, actor=actor)
        if before is None or progress is None:
            progress = EscalationProgress(cycle=ticket.version, began=at, since=at)
        elif isinstance(event, events.Undone):
            progress = replace(_find_progress_before(states, before, event) or progress, since=at)
        else:
            change = TicketChange(policies[ticket.policy], event, actor, before, ticket)
            progress = advance(progress, change)
        states.append((ticket, progress))
    if progress is None:
        raise ValueError(f"{ref} has no events")
    return progress


def advance(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    """Return the progress after one more event; after `Undone`, the whole history must be followed again."""
    event, ticket = change.event, change.after
    progress = _hear_customer(progress, change)
    if (step := _STEPS.get(type(event))) is not None:
        return step(progress, change)
    if progress.taken_up_at is None:
        return replace(progress, taken_up_at=change.at) if _is_work(event) or not ticket.is_open else progress
    return _give_up(progress, change) if _is_given_up(progress, change) else progress


def _hear_customer(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    """Return the progress with whether the customer waits for an answer: they rang, and were told nothing since."""
    if isinstance(change.event, events.Called):
        return replace(progress, unanswered_since=progress.unanswered_since or change.at)
    if progress.unanswered_since is not None and isinstance(change.event, events.TELLING_CUSTOMER):
        return replace(progress, unanswered_since=None)
    return progress


def _is_work(event: Event) -> bool:
    """Return whether an event shows that somebody works on the ticket: its owner accepted it, or responded."""
    if isinstance(event, events.Claimed):
        return not event.elsewhere
    return isinstance(event, events.ClockStopped) and event.kind is ClockKind.RESPONSE


def _is_given_up(progress: EscalationProgress, change: TicketChange) -> bool:
    """Return whether an owner who had accepted the ticket no longer has it, and nobody has responded meanwhile."""
    verdict = change.after.response_verdict
    responded = verdict is not None and verdict.at >= progress.began
    return change.before.accepted and not change.after.accepted and change.after.is_open and not responded


def _give_up(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    """Return the progress with the time during which somebody had taken the ticket up as a stop that ended."""
    assert progress.taken_up_at is not None
    owner = change.before.owner or change.actor
    owned = Acknowledgement(owner, progress.taken_up_at, change.at, ended=change.at)
    progress = _end_acknowledgement(progress, change.at)
    return replace(
        progress,
        since=change.at,
        taken_up_at=None,
        acknowledgements=(*progress.acknowledgements, owned),
    )


def _begin_ladder(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    return EscalationProgress(
        change.after.version,
        change.at,
        change.at,
        fix_cycle=progress.fix_cycle,
        fix_since=progress.fix_since,
        unanswered_since=progress.unanswered_since,
    )


def _change_target(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    return replace(progress, since=change.at)


def _withdraw_response(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    """A response that was none starts the alarms of its clock again; those that were due before are due now."""
    assert isinstance(change.event, events.MailUndelivered)
    return replace(progress, since=change.at) if change.event.withdraws else progress


def _move_policy(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    return replace(progress, since=change.at, moves=(*progress.moves, change.at))


def _change_fix_date(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    return replace(progress, fix_cycle=change.after.version, fix_since=change.at)


def _page(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    """A further page asks for help: somebody must acknowledge it too (rule 19)."""
    assert isinstance(change.event, events.Paged)
    if change.at == progress.began and progress.paged_at_once is None:
        progress = replace(progress, paged_at_once=change.event.person)
    return _end_acknowledgement(progress, change.at)


def _miss_person(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    assert isinstance(change.event, events.PageUnsent)
    missed = UnreachedPerson(change.event.person, change.at, passed_on=change.event.declined)
    return replace(progress, unsent=(*progress.unsent, missed))


def _acknowledge(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    event, at = change.event, change.at
    if isinstance(event, events.Acknowledged) and change.before.page_open:
        # The end of triage by somebody else does not silence a page (rule 17).
        return progress
    reason = event.reason if isinstance(event, events.AcknowledgementExtended) else ""
    progress = _end_acknowledgement(progress, at)
    given = Acknowledgement(change.actor, at, find_expiry(change.policy, change.before, at), reason=reason)
    return replace(progress, acknowledgements=(*progress.acknowledgements, given))


def _end_acknowledgement(progress: EscalationProgress, at: datetime) -> EscalationProgress:
    """Return the progress with its valid acknowledgement ended; one that was given at that very instant is dropped."""
    *earlier, last = progress.acknowledgements or (None,)
    if last is None or not last.is_valid_at(at):
        return progress
    ended = () if last.at == at else (replace(last, ended=at),)
    return replace(progress, acknowledgements=(*filter(None, earlier), *ended))


def _find_progress_before(
    states: list[tuple[Ticket, EscalationProgress]], ticket: Ticket, event: events.Undone
) -> EscalationProgress | None:
    """Return the progress before the command that was undone: from where its changes lead to `ticket`."""
    for earlier, progress in reversed(states[:-1]):
        if find_previous_values(earlier, ticket) == event.was:
            return progress
    return None


def _correct_time(progress: EscalationProgress, change: TicketChange) -> EscalationProgress:
    """Return the progress with the instants that a wrong clock had dated later set to the right one."""
    assert isinstance(change.event, events.TimeCorrected)
    right = change.event.right
    return replace(
        progress,
        began=min(progress.began, right),
        since=min(progress.since, right),
        fix_since=min(progress.fix_since, right) if progress.fix_since else None,
        taken_up_at=min(progress.taken_up_at, right) if progress.taken_up_at else None,
        unanswered_since=min(progress.unanswered_since, right) if progress.unanswered_since else None,
        acknowledgements=tuple(each for each in progress.acknowledgements if each.at <= right),
        unsent=tuple(each for each in progress.unsent if each.at <= right),
        moves=tuple(min(each, right) for each in progress.moves),
    )


_STEPS: dict[type[Event], Callable[[EscalationProgress, TicketChange], EscalationProgress]] = {
    events.SeverityChanged: _begin_ladder,
    events.MailUndelivered: _withdraw_response,
    events.PolicyMoved: _move_policy,
    events.DueMoved: _change_target,
    events.Reopened: _change_target,
    events.FixPromised: _change_fix_date,
    events.FixDateMoved: _change_fix_date,
    events.Paged: _page,
    events.PageUnsent: _miss_person,
    events.PageAcknowledged: _acknowledge,
    events.Acknowledged: _acknowledge,
    events.AcknowledgementExtended: _acknowledge,
    events.TimeCorrected: _correct_time,
}
"""What an event does to the escalation; those that are not here at most take the ticket up."""
