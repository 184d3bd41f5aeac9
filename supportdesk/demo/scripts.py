"""Writes all scripts of a demo and merges them into one list of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, zip_longest
from random import Random

from supportdesk.demo.history import CLOSED, duplicate, earlier, resolved
from supportdesk.demo.scenarios import OPEN, USUAL, WEIGHTS, Scenario
from supportdesk.demo.script import DemoContext, ScriptStep, TicketScript
from supportdesk.demo.stories import Stories, Story
from supportdesk.tickets.process.linking import LinkTicket

_RESOLVED_SHARE, _MOST_RESOLVED = 0.25, 150
_CLOSED_SHARE, _MOST_CLOSED = 1.5, 300
_EARLIER_SHARE, _MOST_EARLIER = 3.0, 600
_DUPLICATE_EVERY = 15
_LINKED_EVERY = 25

Write = Callable[[TicketScript], None]


class StoryShuffle:
    """Deals stories by severity, each once before any is repeated."""

    def __init__(self, stories: Stories, random: Random) -> None:
        self._stories = stories
        self._random = random
        self._left: dict[str, list[Story]] = {}

    def next_story(self, severity: str) -> Story:
        """Return the next story of a severity."""
        left = self._left.setdefault(severity, [])
        if not left:
            left.extend(self._random.sample(about := self._stories.about(severity), len(about)))
        return left.pop()


def write_scripts(context: DemoContext, seed: int, tickets: int) -> list[TicketScript]:
    """Return scripts for `tickets` open tickets and for resolved and closed ones.

    The same seed, number and present give the same scripts.
    """
    random = Random(f"{seed} plots")
    shuffle = StoryShuffle(context.stories, Random(f"{seed} stories"))
    written: list[TicketScript] = []

    def write(severity: str, writer: Write) -> None:
        number = len(written)
        script = TicketScript(context, number, shuffle.next_story(severity), Random(f"{seed} {number}"))
        writer(script)
        written.append(script)

    for scenario in chain(_open_scenarios(random, tickets)):
        write(scenario.severity, scenario.write)
    open_ones = list(written)
    for _ in range(min(round(tickets * _RESOLVED_SHARE), _MOST_RESOLVED)):
        write(_severity(random), resolved)
    endings, odds = zip(*CLOSED, strict=True)
    for ending in random.choices(endings, odds, k=min(round(tickets * _CLOSED_SHARE), _MOST_CLOSED)):
        write(_severity(random), ending)
    for _ in range(min(round(tickets * _EARLIER_SHARE), _MOST_EARLIER)):
        write(_severity(random), earlier)
    for original in open_ones[3::_DUPLICATE_EVERY]:
        write(original.severity, partial(duplicate, original=original))
    for first, second in _pairs_of_one_customer(open_ones)[: 1 + tickets // _LINKED_EVERY]:
        _link(first, second)
    return written


def _pairs_of_one_customer(open_ones: list[TicketScript]) -> list[tuple[TicketScript, TicketScript]]:
    """Return pairs of tickets of the same customer."""
    waiting: dict[str, TicketScript] = {}
    pairs = []
    for script in open_ones:
        other = waiting.pop(script.contact.organisation, None)
        if other is None:
            waiting[script.contact.organisation] = script
        else:
            pairs.append((other, script))
    return pairs


def _open_scenarios(random: Random, tickets: int) -> Iterator[Scenario]:
    """Yield the scenarios of an ordinary desk, most severe first, and for a larger desk more of the usual ones."""
    by_severity = [[scenario for scenario in OPEN if scenario.severity == severity] for severity in USUAL]
    ordinary = [each for group in zip_longest(*by_severity) for each in group if each is not None]
    yield from ordinary[:tickets]
    for _ in range(tickets - len(ordinary)):
        yield random.choice(USUAL[_severity(random)])


def _severity(random: Random) -> str:
    return random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]


def _link(first: TicketScript, second: TicketScript) -> None:
    """Link two tickets at the last step of the one that was worked later."""
    noticed = max(first.steps[-1], second.steps[-1], key=lambda step: step.at)
    second.do_with(noticed.at, noticed.by, first.number, LinkTicket)


def merge_steps(written: list[TicketScript]) -> list[ScriptStep]:
    """Return the steps of all scripts in order of time."""
    steps = [
        (step.at, script.number, place, step) for script in written for place, step in enumerate(script.steps)
    ]
    return [step for *_, step in sorted(steps, key=lambda each: each[:3])]
