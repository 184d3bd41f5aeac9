"""A ticket on which a watcher keeps house: commands, the passing of time, and what the watcher records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from supportdesk.sla.clocks import epoch, instant
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.decide import decide
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.events import StepTaken
from supportdesk.tickets.housekeeping.acts import CLOSURE, HOLD
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.watch import TicketWatch, find_watch_due, watch_ticket
from tests.tickets.scenario import Scenario, logged

REF = "CD-0000-0"
TICK = 5
"""How many seconds apart a watcher looks."""


@dataclass
class Kept:
    """A scenario in which a watcher looks at every tick unless it is `down`; `acts` is what it did of housekeeping."""

    scenario: Scenario
    down: bool = False
    acts: list[tuple[datetime, StepTaken]] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        return self.scenario.at

    @property
    def watch(self) -> TicketWatch:
        return watch_ticket(self.scenario.records.policies, self.scenario.now, self.scenario.history)

    def do(self, *commands: TicketCommand, by: str = "ann") -> Kept:
        for command in commands:
            self.scenario.do(command, by)
        return self

    def until(self, at: datetime) -> Kept:
        """Let time pass, and record what is due at the ticks."""
        while not self.down and (due := find_watch_due(self.watch)) is not None:
            tick = max(epoch(self.at), due + -due % TICK)
            if tick > epoch(at):
                break
            self.scenario.at = instant(tick)
            self.tick()
            if find_watch_due(self.watch) == due:
                # A late step waits for the next tick.
                self.scenario.at += timedelta(seconds=TICK)
        self.scenario.at = max(at, self.at)
        return self

    def later(self, **amount: float) -> Kept:
        return self.until(self.at + timedelta(**amount))

    def tick(self) -> list[StepTaken]:
        """Record what is due now, and return the acts of the housekeeping among it."""
        scenario = self.scenario
        case = DecisionContext(
            self.at, WATCHER, scenario.policy, scenario.records, scenario.now, None, self.watch
        )
        decision = decide(case, TakeSteps(REF))
        if isinstance(decision, Refusal):
            return []
        last = scenario.last
        scenario.apply(*decision, by=WATCHER.key)
        if all(isinstance(each, StepTaken) for each in decision):
            scenario.last = last
        acts = [each for each in decision if isinstance(each, StepTaken) and each.clock in (HOLD, CLOSURE)]
        self.acts += [(self.at, each) for each in acts]
        return acts

    @property
    def told(self) -> list[str]:
        """The lines of the acts on the timeline."""
        return [each.sentence() for _, each in self.acts]


def kept(severity: str = "high") -> Kept:
    """Start with a request that was logged on a Monday at nine, with a watcher that is alive."""
    return Kept(logged(severity))
