"""The form that escalates several tickets, with the same fields in the same order as for one."""

from __future__ import annotations

from supportdesk.console.commands.batch_form import BatchForm
from supportdesk.console.commands.escalation_fields import EscalationFields, EscalationOption
from supportdesk.console.forms.field import Field
from supportdesk.console.widgets.choices import Choice
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import Roster
from supportdesk.tickets.process.escalation import FUNCTIONAL, HIERARCHICAL, Escalate


def batch_escalation_options(policy: Policy, roster: Roster) -> list[EscalationOption]:
    """Return the next line and person of each ticket, and every line and rung; the preview shows refusals."""
    return [
        EscalationOption(
            Choice(FUNCTIONAL, "The next line", "each ticket goes to the line above its own", letter="f"),
            FUNCTIONAL,
            "",
            _paging_note(policy),
        ),
        *(
            EscalationOption(
                Choice(FUNCTIONAL + team.key, team.name, f"line {team.line}"), FUNCTIONAL, team.key, ""
            )
            for team in sorted(policy.teams, key=lambda team: team.line or 0)
            if team.line is not None and team.line > 1
        ),
        EscalationOption(
            Choice(HIERARCHICAL, "The next person", "each ticket goes up one rung of the ladder", letter="h"),
            HIERARCHICAL,
            "",
            "Each ticket's timeline shows who must be notified.",
        ),
        *(_rung(rung.key, rung.name, roster) for rung in policy.ladder),
    ]


def _paging_note(policy: Policy) -> str:
    """Return which tickets page somebody on their way to the next line; empty if the policy pages for none."""
    paging = " and ".join(each.name for each in policy.severities if each.pages)
    return f"{paging}: the person on call is paged when a ticket reaches its team." if paging else ""


def _rung(key: str, name: str, roster: Roster) -> EscalationOption:
    holder = next((person for person in roster.staff if person.active and key in person.rungs), None)
    if holder is None:
        return EscalationOption(Choice(key, name, refused="nobody holds it"), HIERARCHICAL, key, "")
    return EscalationOption(Choice(key, name, holder.name), HIERARCHICAL, key, "", holder)


class EscalateBatchForm(EscalationFields, BatchForm):
    """Escalates all marked tickets: a letter for the option, a reason, Enter."""

    def fields(self) -> list[Field]:
        """Return the fields for the option and the reason."""
        return self.option_and_reason(batch_escalation_options(self.context.policy, self.context.roster))

    def command(self) -> Escalate:
        """Return the chosen escalation, for the first of the tickets."""
        return self.escalation(self.first)
