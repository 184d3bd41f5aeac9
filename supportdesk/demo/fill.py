"""Filling a desk for a demonstration: the real commands, run through the door, over the last working days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from supportdesk.clock import FixedClock
from supportdesk.demo import scripts
from supportdesk.demo.business_time import Hours
from supportdesk.demo.history import OFFICE
from supportdesk.demo.people import engage, moved, shipped
from supportdesk.demo.script import Step, World
from supportdesk.demo.stories import load_stories
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import DeskApi, Executor
from supportdesk.resources import data_path
from supportdesk.sla.clocks import instant
from supportdesk.sla.policy import Policy
from supportdesk.tickets.command import Command, Refusal
from supportdesk.tickets.documents import Article, Person
from supportdesk.tickets.records.commands import InstallPolicy, SaveArticle, SavePerson, SaveRelease
from supportdesk.tickets.ticket import Stage

Progress = Callable[[int, int], None]
"""Told how many commands of how many are done."""

MARK = Article(
    "DEMO",
    "This desk is a demonstration",
    "Everybody and everything in it is invented. It was filled by `supportdesk demo` and may be thrown away.",
)
"""An article that only a desk filled by this has; real work is never mixed with it, nor it with real work."""

_POLICY = "policies/claritum.toml"


class NotADemonstrationError(Exception):
    """The desk holds tickets of its own, or keeps another policy; the text says so and what to do."""


class PlotError(Exception):
    """A command of the demonstration was refused: a plot and the rules of the process disagree."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the desk holds after filling. `kept` says that it had been filled before and was left as it was.

    `arrived_at` is when the latest request came in: from then on nothing but the clocks has moved.
    """

    open_tickets: int
    resolved: int
    closed: int
    commands: int
    kept: bool
    arrived_at: datetime


def fill(
    address: str,
    *,
    now: datetime,
    username: str,
    full_name: str,
    seed: int = 1,
    tickets: int = 60,
    progress: Progress = lambda done, of: None,
) -> Summary:
    """Fills a desk with `tickets` open tickets and a history, the same for the same `seed` and `now`.

    The database at `address` is made where there is none, and filled in one transaction: it holds everything or
    nothing. `username`, with `full_name`, is enrolled as a supervisor who owns some of the tickets. A desk that was
    filled before is kept as it is. Raises NotADemonstrationError for a desk that holds tickets of its own.
    """
    now = now.replace(microsecond=0)
    clock = FixedClock(now)
    desk = Desk.create(address, clock)
    # The past that is played lies before the desk was made.
    desk.date_is_confirmed = True
    try:
        if _is_filled(desk):
            _enrol(desk, username, full_name)
            return _summary(desk, commands=0, kept=True)
        world = _world(desk, now, username, full_name)
        steps = [*_opening(desk, world), *scripts.in_order(scripts.scripts(world, seed, tickets))]
        steps.sort(key=lambda step: step.at)
        outcome = desk.transaction(lambda doing: _perform(doing, clock, steps, progress))
        clock.set(now)
        if isinstance(outcome, Refusal):
            raise PlotError(outcome.reason)
        return _summary(desk, commands=len(steps), kept=False)
    finally:
        desk.close()


def _is_filled(desk: DeskApi) -> bool:
    if any(article.key == MARK.key for article in desk.find_articles(MARK.title)):
        return True
    if desk.changes(0).rows:
        raise NotADemonstrationError(
            "This desk holds tickets of its own, which a demonstration is never mixed with."
            " Leave --db and SUPPORTDESK_DB away, or name a file that does not exist yet."
        )
    return False


def is_demonstration(address: str) -> bool:
    """Whether the desk at an address was filled by this. Raises DeskUnavailableError where there is none."""
    desk = Desk.open(address)
    try:
        return any(article.key == MARK.key for article in desk.find_articles(MARK.title))
    finally:
        desk.close()


def _enrol(desk: DeskApi, username: str, full_name: str) -> None:
    """Somebody else opens a demonstration that was filled before."""
    if desk.person(username) is None:
        cast = engage(username, full_name, Hours(desk.policy_at(desk.now()).calendar(OFFICE), desk.now()))
        desk.do(SavePerson(cast.me), by=SYSTEM.username)


def _policy(desk: DeskApi, now: datetime) -> Policy:
    """The policy in force, or else the one that ships with the program, for which the plots are written."""
    from supportdesk.sla.policy_file import load_policy

    ours = load_policy(data_path(_POLICY))
    if not desk.policies:
        return ours
    theirs = desk.policy_at(now)
    for kind in ("severities", "channels", "teams", "ladder", "calendars"):
        if missing := {each.key for each in getattr(ours, kind)} - {
            each.key for each in getattr(theirs, kind)
        }:
            raise NotADemonstrationError(
                f"The policy of this desk has no {', '.join(sorted(missing))} among its {kind}, which the demonstration"
                " plays with. Name a file that does not exist yet."
            )
    return theirs


def _world(desk: DeskApi, now: datetime, username: str, full_name: str) -> World:
    policy = _policy(desk, now)
    cast = engage(username, full_name, Hours(policy.calendar(OFFICE), now))
    return World(cast, load_stories(), policy, now, desk.roster().staff)


def _opening(desk: DeskApi, world: World) -> list[Step]:
    """The records before everything else, and what becomes of the releases."""
    cast = world.cast
    begin = world.hours(OFFICE).ago(hours=450.0)
    policy = [] if desk.policies else [InstallPolicy(world.policy)]
    records: list[Command] = [*policy, SaveArticle(MARK), *cast.records()]
    developer = cast.team("development")[0]
    return [
        *(_given(begin, SYSTEM, record) for record in records),
        _given(cast.releases.shipped_at, developer, SaveRelease(shipped(cast.releases))),
        _given(cast.releases.moved_at, developer, SaveRelease(moved(cast.releases))),
    ]


def _given(at: datetime, by: Person, command: Command) -> Step:
    return Step(at, by.username, lambda refs: command)


def _perform(doing: Executor, clock: FixedClock, steps: list[Step], progress: Progress) -> None:
    refs: dict[int, str] = {}
    for number, step in enumerate(steps):
        progress(number, len(steps))
        clock.set(step.at)
        command = step.command(refs)
        outcome = doing(command, by=step.by, command_id=f"demo-{number}")
        if isinstance(outcome, Refusal):
            raise PlotError(f"{step.by} could not {type(command).__name__} at {step.at}: {outcome.reason}")
        if step.logs is not None:
            assert outcome.ref is not None
            refs[step.logs] = outcome.ref
    progress(len(steps), len(steps))


def _summary(desk: DeskApi, *, commands: int, kept: bool) -> Summary:
    rows = desk.changes(0).rows
    stages = [row.stage for row in rows]
    resolved, closed = stages.count(Stage.RESOLVED), stages.count(Stage.CLOSED)
    arrived_at = instant(max(row.received_at for row in rows))
    return Summary(len(stages) - resolved - closed, resolved, closed, commands, kept, arrived_at)
