"""The form that escalates a ticket: its team and owner, the options, the clocks, and who is notified."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.content import Content

from supportdesk.console.commands.escalation_fields import EscalationField, EscalationFields, EscalationOption
from supportdesk.console.commands.ticket_form import TicketForm
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.paging.on_call import notify_ring, page_instruction, ring_instruction
from supportdesk.console.terminal.safe_text import safe_lines
from supportdesk.console.text.clock_text import NAMES, clock_status
from supportdesk.console.widgets.choices import Choice
from supportdesk.console.widgets.labelled_line import LabelledLine
from supportdesk.desk_api import Applied
from supportdesk.sla.formatting import weekday_time
from supportdesk.sla.policy import Policy, Team
from supportdesk.store.read_models import TicketView
from supportdesk.tickets import ladder
from supportdesk.tickets.process.escalation import FUNCTIONAL, HIERARCHICAL, Escalate


def escalation_options(context: CommandContext, policy: Policy, view: TicketView) -> list[EscalationOption]:
    """Return every line and rung above the ticket, the next ones first; an unavailable one has the reason.

    `policy` is the version that the ticket keeps.
    """
    return [*_lines(context, policy, view), *_rungs(context, policy, view)]


def _lines(context: CommandContext, policy: Policy, view: TicketView) -> Iterator[EscalationOption]:
    present = policy.team(view.ticket.team)
    following = ladder.find_next_line(policy, view.ticket)
    if following is None:
        last = f"{present.name} is the last line"
        yield EscalationOption(
            Choice(FUNCTIONAL, "The next line", letter="f", refused=last), FUNCTIONAL, "", ""
        )
        return
    yield _line(context, policy, view, following, to="")
    above = [team for team in policy.teams if (team.line or 0) > (following.line or 0)]
    for team in sorted(above, key=lambda team: team.line or 0):
        yield _line(context, policy, view, team, to=team.key)


def _line(
    context: CommandContext, policy: Policy, view: TicketView, team: Team, *, to: str
) -> EscalationOption:
    severity = policy.severity(view.ticket.severity)
    ring, text = None, f"Nobody is paged; it appears unassigned in {team.name}'s queue."
    if severity.pages and team.key == severity.team:
        duty = context.roster.duty
        reach = page_instruction(duty, context.methods)
        ring, text = duty.person, f"{severity.name} pages the person on call. {reach}"
        if duty.on_call is not None and duty.ends is not None:
            text = f"{text} On call until {weekday_time(duty.ends, context.zone)}."
    choice = Choice(FUNCTIONAL + to, team.name, f"line {team.line}", letter="" if to else "f")
    return EscalationOption(choice, FUNCTIONAL, to, text, ring)


def _rungs(context: CommandContext, policy: Policy, view: TicketView) -> Iterator[EscalationOption]:
    ticket = view.ticket
    following = ladder.find_next_rung(policy, ticket, context.roster.staff)
    if following is None:
        nobody = "nobody holds a rung above"
        yield EscalationOption(
            Choice(HIERARCHICAL, "The next rung", letter="h", refused=nobody), HIERARCHICAL, "", ""
        )
        return
    for rung in policy.ladder[ticket.rung :]:
        step = ladder.find_next_rung(policy, ticket, context.roster.staff, rung.key)
        if step is None or step.rung.key != rung.key:
            choice = Choice(rung.key, rung.name, refused="nobody holds it")
            yield EscalationOption(choice, HIERARCHICAL, rung.key, "")
            continue
        is_next = step.number == following.number
        reach = ring_instruction(step.person, context.methods)
        text = f"{reach} The ticket stays with {policy.team(ticket.team).name}."
        choice = Choice(rung.key, rung.name, step.person.name, letter="h" if is_next else "")
        yield EscalationOption(choice, HIERARCHICAL, "" if is_next else rung.key, text, step.person)


class EscalateForm(EscalationFields, TicketForm):
    """Escalates a ticket: a letter for the way, a reason, Enter."""

    submit_label = "escalate"

    def __init__(self, context: CommandContext, view: TicketView) -> None:
        super().__init__(context, Escalate.verb, view)

    def heading(self) -> Content:
        """Return the title of the command."""
        return Content(Escalate.title)

    def body(self) -> ComposeResult:
        """Team and owner, the clocks, and the fields."""
        yield LabelledLine("Assigned to", self._assignment())
        yield LabelledLine("Clocks", self._clocks())
        yield from self.fields()

    def fields(self) -> list[Field]:
        """Return the fields for the option and the reason."""
        return self.option_and_reason(escalation_options(self.context, self.policy, self.view))

    def _assignment(self) -> Content:
        row, team = self.view.row, self.policy.team(self.view.ticket.team)
        line = f", line {team.line}" if team.line is not None else ""
        owner = f"owner {row.owner_name}" if row.owner else "unassigned"
        rung = ladder.find_reached_rung(self.policy, self.view.ticket)
        climbed = f"escalated to the {rung.name}" if rung else "not escalated yet"
        return safe_lines(f"{team.name}{line} · {owner}\n{climbed}")

    def _clocks(self) -> Content:
        row, now = self.view.row, self.context.desk.now()
        text = [
            f"{NAMES[clock.kind]:<12}{clock_status(clock, self.policy, now, zone=self.context.zone)}"
            for clock in (row.response, row.resolution)
        ]
        return Content("\n").join([*map(Content, text), Content("Escalating does not change the clocks.")])

    def command(self) -> Escalate:
        """Return the chosen escalation of this ticket."""
        return self.escalation(self.view.ticket.ref)

    async def after_submit(self, outcome: Applied) -> None:
        """Show the instruction to phone the person in a notice, after the dialog has closed."""
        way = self.query_one(EscalationField).way
        if way is not None and way.ring is not None:
            notify_ring(self.context, way.ring, self.view.ticket.ref, "is escalated")
        await super().after_submit(outcome)
