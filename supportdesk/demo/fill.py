"""Creates the demo desk: real commands, run through the API, spread over the last eight weeks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import msgspec

from supportdesk.clock import FixedClock
from supportdesk.demo import scripts
from supportdesk.demo.business_time import RelativeCalendar
from supportdesk.demo.history import OFFICE
from supportdesk.demo.records import DEMO_HOURS, build_demo_records, moved, shipped
from supportdesk.demo.script import DemoContext, ScriptStep
from supportdesk.demo.stories import load_stories
from supportdesk.demo.watch import DemoWatch
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import DeskApi, DeskReader, PolicyQueries, Queries, QueueQueries, Transaction
from supportdesk.resources import data_path
from supportdesk.sla.clocks import instant
from supportdesk.sla.policy import Policy
from supportdesk.store.database import create_with_records
from supportdesk.store.errors import AlreadyExistsError
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Article
from supportdesk.tickets.records.commands import InstallPolicy, SaveArticle, SavePerson, SaveRelease
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import Stage

Progress = Callable[[int, int], None]
"""Called with the number of commands done and their total."""

DEMO_MARKER = Article(
    "DEMO",
    "This desk is a demonstration",
    "Everybody and everything in it is invented. It was created by `supportdesk demo` and may be deleted.",
)
"""The article that marks a demo desk, so that a demo and real tickets are never mixed."""

_POLICY = "policies/claritum.toml"


class NotADemoError(Exception):
    """The desk has real tickets, or an unsuitable policy; the message says which and what to do."""


class ScenarioError(Exception):
    """A command of the demo was refused: a scenario and the rules of the process disagree."""


class Summary(msgspec.Struct, frozen=True):
    """The contents of a demo desk. `existed` means that it existed before and was not changed.

    `arrived_at` is when the latest request was received: since then only the clocks have moved.
    """

    open_tickets: int
    resolved: int
    closed: int
    commands: int
    existed: bool
    arrived_at: datetime


def fill_demo_desk(
    address: str,
    *,
    now: datetime,
    username: str,
    full_name: str,
    seed: int = 1,
    tickets: int = 60,
    progress: Progress = lambda done, of: None,
) -> Summary:
    """Create a demo desk with `tickets` open tickets and a history; the same `seed` and `now` give the same desk.

    The desk at `address` appears once it is filled, where there is none; a desk without tickets is filled in one
    transaction. `username`, with `full_name`, becomes a supervisor who owns some of the tickets. An existing demo is
    not changed.

    Raises NotADemoError for a desk with real tickets.
    """
    clock = FixedClock(now.replace(microsecond=0))
    summaries: list[Summary] = []

    def fill(desk: Desk) -> None:
        with closing(desk):
            summaries.append(
                _fill(
                    desk,
                    clock,
                    username=username,
                    full_name=full_name,
                    seed=seed,
                    tickets=tickets,
                    progress=progress,
                )
            )

    try:
        create_with_records(address, lambda unfinished: fill(Desk.open(unfinished, clock)))
    except AlreadyExistsError:
        fill(Desk.create(address, clock))
    return summaries[-1]


def _fill(
    desk: Desk,
    clock: FixedClock,
    *,
    username: str,
    full_name: str,
    seed: int,
    tickets: int,
    progress: Progress,
) -> Summary:
    """Fill a desk, unless it is a demo already. Raises NotADemoError for one with real tickets."""
    now = clock.now()
    # The history is older than the desk.
    desk.date_is_confirmed = True
    if _is_filled(desk):
        _add_operator(desk, username, full_name)
        return _summary(desk, commands=0, existed=True)
    context = _build_context(desk, now, username, full_name)
    steps = [
        *_first_steps(desk, context),
        *scripts.merge_steps(scripts.write_scripts(context, seed, tickets)),
    ]
    steps.sort(key=lambda step: step.at)
    outcome = desk.transaction(lambda execute: _run(execute, clock, steps, now, progress))
    clock.set(now)
    if isinstance(outcome, Refusal):
        raise ScenarioError(outcome.reason)
    return _summary(desk, commands=len(steps), existed=False)


def _is_filled(desk: DeskReader) -> bool:
    if any(article.key == DEMO_MARKER.key for article in desk.find_articles(DEMO_MARKER.title)):
        return True
    if desk.changes(0).rows:
        raise NotADemoError(
            "This desk has real tickets, which are never mixed with a demo."
            " Omit --db and SUPPORTDESK_DB, or give a file that does not exist yet."
        )
    return False


def is_demo(address: str) -> bool:
    """Return whether the desk at an address is a demo. Raises DeskUnavailableError where there is none."""
    desk = Desk.open(address)
    try:
        return any(article.key == DEMO_MARKER.key for article in desk.find_articles(DEMO_MARKER.title))
    finally:
        desk.close()


def _add_operator(desk: DeskApi, username: str, full_name: str) -> None:
    """Add the operator to the staff of an existing demo."""
    if desk.person(username) is None:
        records = build_demo_records(
            username, full_name, RelativeCalendar(desk.policy_at(desk.now()).calendar(OFFICE), desk.now())
        )
        desk.do(SavePerson(records.me), by=SYSTEM.key)


def _policy(desk: PolicyQueries, now: datetime) -> Policy:
    """Return the policy in force, or else the built-in one, for which the scenarios are written."""
    from supportdesk.sla.policy_file import load_policy

    ours = load_policy(data_path(_POLICY))
    if not desk.policies:
        return ours
    theirs = desk.policy_at(now)
    for part in ("severities", "channels", "teams", "ladder", "calendars"):
        if missing := {each.key for each in getattr(ours, part)} - {
            each.key for each in getattr(theirs, part)
        }:
            raise NotADemoError(
                f"The policy of this desk has no {', '.join(sorted(missing))} among its {part}, which the demo"
                " needs. Give a file that does not exist yet."
            )
    return theirs


def _build_context(desk: Queries, now: datetime, username: str, full_name: str) -> DemoContext:
    policy = _policy(desk, now)
    records = build_demo_records(username, full_name, RelativeCalendar(policy.calendar(OFFICE), now))
    return DemoContext(records, load_stories(), policy, now, desk.roster().staff)


def _first_steps(desk: PolicyQueries, context: DemoContext) -> list[ScriptStep]:
    """Return the steps that save the records, and those that ship and move releases."""
    records = context.records
    begin = context.hours(OFFICE).ago(DEMO_HOURS)
    policy = [] if desk.policies else [InstallPolicy(context.policy)]
    setup: list[Command] = [*policy, SaveArticle(DEMO_MARKER), *records.save_commands()]
    developer = records.team("development")[0]
    return [
        *(_step(begin, SYSTEM.key, command) for command in setup),
        _step(records.releases.shipped_at, developer.username, SaveRelease(shipped(records.releases))),
        _step(records.releases.moved_at, developer.username, SaveRelease(moved(records.releases))),
    ]


def _step(at: datetime, by: str, command: Command) -> ScriptStep:
    return ScriptStep(at, by, lambda refs: command)


def _run(
    execute: Transaction, clock: FixedClock, steps: list[ScriptStep], now: datetime, progress: Progress
) -> None:
    refs: dict[int, str] = {}
    watch = DemoWatch(execute, clock)
    for number, step in enumerate(steps):
        progress(number, len(steps))
        watch.until(step.at)
        clock.set(step.at)
        command = step.command(refs)
        outcome = execute(command, by=step.by, command_id=f"demo-{number}")
        if isinstance(outcome, Refusal):
            raise ScenarioError(
                f"{step.by} could not {type(command).__name__} at {step.at}: {outcome.reason}"
            )
        if step.logs is not None:
            assert outcome.ref is not None
            refs[step.logs] = outcome.ref
            watch.log(outcome.ref, is_silent=step.is_silent, is_late=step.is_late)
    watch.until(now)
    progress(len(steps), len(steps))


def _summary(desk: QueueQueries, *, commands: int, existed: bool) -> Summary:
    rows = desk.changes(0).rows
    stages = [row.stage for row in rows]
    resolved, closed = stages.count(Stage.RESOLVED), stages.count(Stage.CLOSED)
    arrived_at = instant(max(row.received_at for row in rows))
    return Summary(len(stages) - resolved - closed, resolved, closed, commands, existed, arrived_at)
