"""A ticket that a watcher watches: commands, the passing of time, and what the watcher records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from supportdesk.sla.clocks import epoch, instant
from supportdesk.sla.ladder import PAGE, EscalationRung
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.decision_context import CaseRecords
from supportdesk.tickets.documents import Person, Role, Rotation
from supportdesk.tickets.escalation.case import EscalationCase
from supportdesk.tickets.escalation.progress import EscalationProgress, follow_history
from supportdesk.tickets.escalation.recipients import RecipientData, Recipients, resolve_recipients
from supportdesk.tickets.escalation.steps import (
    EscalationStep,
    StepOutcome,
    StepRecord,
    find_next_due,
    list_steps,
)
from supportdesk.tickets.escalation.tick import decide_tick
from supportdesk.tickets.events import Paged
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.refusal import Refusal
from tests.tickets.scenario import MONDAY_NINE, RECORDS, Scenario, claritum, person

REF = "CD-0000-0"
"""The reference of the ticket."""

TICK = 5
"""How many seconds apart a watcher looks."""

STAFF = {
    **RECORDS.staff,
    "sue": person("sue", "user-support", Role.SUPERVISOR, rungs=("support-manager",)),
    "hal": person("hal", "user-support", Role.SUPERVISOR, rungs=("head-of-support",)),
    "dora": person("dora", "development", Role.SUPERVISOR, rungs=("director",)),
}
ROTA = (Rotation(("priya",), datetime(2026, 11, 2, 8).astimezone(), "Europe/London"),)
FULL = replace(RECORDS, staff=STAFF, rotations=ROTA)
"""Records in which every role is held, and Priya is always on call."""


@dataclass
class Watched:
    """A scenario with the records of a watcher that looks at every tick unless it is `down`."""

    scenario: Scenario
    records: list[StepRecord] = field(default_factory=list)
    down: bool = False

    @property
    def now(self) -> int:
        return epoch(self.scenario.at)

    @property
    def progress(self) -> EscalationProgress:
        policies = {"1": claritum(), **self.scenario.records.policies}
        return follow_history(policies, self.scenario.now.ref, self.scenario.history)

    @property
    def case(self) -> EscalationCase:
        scenario, version = self.scenario, self.scenario.now.policy
        policy = scenario.policy if version == scenario.policy.version else scenario.records.policies[version]
        return EscalationCase(policy, scenario.now, self.progress)

    @property
    def steps(self) -> list[EscalationStep]:
        return list_steps(self.case, self.records)

    @property
    def next_due(self) -> int | None:
        return find_next_due(self.case, self.records)

    def resolve(self, rung: EscalationRung) -> Recipients:
        organisation = self.scenario.records.organisations[self.scenario.now.organisation]
        data = RecipientData(self.scenario.records, organisation.account_manager)
        return resolve_recipients(self.case, rung, data, self.scenario.at)

    def tick(self) -> list[StepRecord]:
        """Record what is due now; pages are open on the ticket from then on."""
        made = decide_tick(self.case, self.records, self.resolve, self.now)
        self.records += made
        for record in made:
            if record.action == PAGE and record.outcome is StepOutcome.FIRED:
                self._page(record)
        return made

    def _page(self, record: StepRecord) -> None:
        for username in record.people:
            paged: Person = self.scenario.records.staff[username]
            self.scenario.apply(
                Paged(username, paged.name, paged.telephone, record.key.step, beside=True), by="watcher"
            )

    def wait(self, **amount: float) -> list[StepRecord]:
        """Let time pass, with every tick at which something is due; return what was recorded."""
        end = self.scenario.at + timedelta(**amount)
        made: list[StepRecord] = []
        while not self.down and (due := self.next_due) is not None:
            at = max(due, self.now)
            at += -at % TICK
            if at > epoch(end):
                break
            self.scenario.at = max(self.scenario.at, instant(at))
            made += self.tick()
            if self.next_due is not None and self.next_due <= self.now:
                self.scenario.at += timedelta(seconds=TICK)  # The other late steps follow at the next tick.
        self.scenario.at = max(end, self.scenario.at)
        return made

    def do(self, command: TicketCommand, by: str = "priya") -> None:
        self.scenario.do(command, by)

    def attempt(self, command: TicketCommand, by: str = "priya") -> Refusal | None:
        return self.scenario.attempt(command, by)

    def told(self, records: list[StepRecord] | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return what was recorded: the minutes and seconds since the ticket was logged, the step, and for whom."""
        began = epoch(self.scenario.now.logged_at)
        return [
            (_minutes(each.at - began), each.key.step, each.people or (each.reason,))
            for each in (self.records if records is None else records)
        ]


def watched(severity: str = "critical", at: datetime = MONDAY_NINE, records: CaseRecords = FULL) -> Watched:
    """Log a request by the channel that the policy asks for, and watch it."""
    scenario = Scenario(at=at, records=records)
    channel = {"critical": "hotline", "low": "portal"}.get(severity, "phone")
    scenario.do(Log(severity, channel, "acme", "jo", "Export stops half-way"))
    return Watched(scenario)


def _minutes(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes}:{seconds:02}"
