"""Builds the field that asks for an argument of a command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.console.forms.choice_fields import ChoiceField, FlagField, SeverityField
from supportdesk.console.forms.colleagues import colleagues
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.mail_field import MailField
from supportdesk.console.forms.multi_choice_field import MultiChoiceField
from supportdesk.console.forms.people_field import PeopleField
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.text_fields import CheckedField, KeyField, LineField, ParsedField, TextField
from supportdesk.console.forms.ticket_field import TicketField
from supportdesk.console.forms.time_fields import DayField, FutureInstantField, InstantField, TimeField
from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate, Find
from supportdesk.console.widgets.choices import Choice
from supportdesk.sla.mail_kind import MailKind
from supportdesk.sla.policy import FIX, RESTORED, Policy
from supportdesk.store.read_models import QueueRow, TicketView
from supportdesk.tickets import addresses, mail_address, telephone
from supportdesk.tickets.command import Argument, ArgumentType, Command
from supportdesk.tickets.documents import Role
from supportdesk.tickets.outbox.customer_mail import BY_MAIL
from supportdesk.tickets.process.conversation import MESSAGE, WAYS_TO_TELL
from supportdesk.tickets.resolution_steps import STEP_NAMES

LABELS = {
    "at": "Time",
    "how": "Outcome",
    "of": "Duplicate of",
    "on": "On hold for",
    "organisation": "Customer",
    "unwanted_mails": "Mail",
    "other": "Other ticket",
    "told": "Your answer",
}
"""The labels of arguments whose names do not say enough; the other labels are the names."""

CHOICE_NAMES = {RESTORED: STEP_NAMES[RESTORED], FIX: STEP_NAMES[FIX]}
"""The names of choices whose own words do not say enough; the other names are the choices."""

NOTHING = "–"
"""The name of the choice that leaves a value unchanged."""


class FieldContext(msgspec.Struct, frozen=True):
    """What a field may depend on: the command context, the policy, and the ticket or tickets."""

    command_context: CommandContext
    policy: Policy
    view: TicketView | None
    rows: Sequence[QueueRow] = ()
    """The tickets, where there are several."""

    @property
    def teams(self) -> frozenset[str]:
        """The teams to which the tickets are assigned."""
        return frozenset([*(row.team for row in self.rows), *([self.view.ticket.team] if self.view else [])])


def field_for(argument: Argument, context: FieldContext, preset: Any = None) -> Field:
    """Return the field that asks for an argument; `preset` is its initial value, the argument's default if None."""
    make = _FIELDS[argument.value_type]
    field = make(argument, context, argument.default if preset is None else preset)
    field.label = LABELS.get(argument.name, field.label)
    field.stored_as = argument.stored_as or argument.name
    return field


def summary_of(command_type: type[Command], fields: Iterable[Field]) -> str:
    """Return a command's help text and the labelled values of its fields, one per line."""
    values = (f"{each.label}: {each.in_words}" for each in fields if each.in_words)
    return "\n".join([command_type.help_text(), *values])


def _make_line(argument: Argument, context: FieldContext, value: Any) -> Field:
    return LineField(
        argument.name, argument.help, value=value or "", required=argument.required, limit=argument.limit
    )


def _make_telephone(argument: Argument, context: FieldContext, value: Any) -> Field:
    home = telephone.home_region(context.policy)
    check = partial(telephone.find_fault, home=home)
    return CheckedField(argument.name, argument.help, check, value=value or "", required=argument.required)


def _make_email(argument: Argument, context: FieldContext, value: Any) -> Field:
    check = mail_address.find_fault
    return CheckedField(argument.name, argument.help, check, value=value or "", required=argument.required)


def _make_addresses(argument: Argument, context: FieldContext, value: Any) -> Field:
    typed = addresses.format_addresses(value or ())
    return ParsedField(argument.name, argument.help, addresses.parse_addresses, value=typed)


def _make_quiet_hours(argument: Argument, context: FieldContext, value: Any) -> Field:
    typed = addresses.format_quiet_hours(value)
    return ParsedField(argument.name, argument.help, addresses.parse_quiet_hours, value=typed)


def _make_key(argument: Argument, context: FieldContext, value: Any) -> Field:
    return KeyField(argument.name, argument.help, value=value or "", required=argument.required)


def _make_text(argument: Argument, context: FieldContext, value: Any) -> Field:
    return TextField(
        argument.name, argument.help, value=value or "", required=argument.required, limit=argument.limit
    )


def _make_choice(argument: Argument, context: FieldContext, value: Any) -> Field:
    names = CHOICE_NAMES
    if argument.choices == WAYS_TO_TELL and MailKind.REPLY in context.policy.mails:
        names = {MESSAGE: BY_MAIL}
    choices = [Choice(each, names.get(each, each) or NOTHING) for each in argument.choices]
    return ChoiceField(argument.name, argument.help, choices, value=value, required=argument.required)


def _make_flag(argument: Argument, context: FieldContext, value: Any) -> Field:
    return FlagField(argument.name, argument.help, value=bool(value))


def _as_typed(value: date, zone: str) -> str:
    """Return a day or an instant as it can be typed: `2026-11-20`, `2026-11-20 09:15` in `zone`.

    An instant with seconds, or in the hour that occurs twice in autumn, keeps its offset.
    """
    if not isinstance(value, datetime):
        return value.isoformat()
    local = value.astimezone(ZoneInfo(zone))
    is_repeated = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return (
        value.isoformat() if value.second or value.microsecond or is_repeated else f"{local:%Y-%m-%d %H:%M}"
    )


def _time_maker(field_type: type[TimeField]) -> _FieldMaker:
    def make(argument: Argument, context: FieldContext, value: Any) -> Field:
        return field_type(
            argument.name,
            argument.help,
            zone=context.command_context.zone,
            now=context.command_context.desk.now,
            value=_as_typed(value, context.command_context.zone) if value else "",
            required=argument.required,
        )

    return make


def _make_ticket(argument: Argument, context: FieldContext, value: Any) -> Field:
    def look_up(ref: str) -> str:
        view = context.command_context.desk.ticket(ref)
        return f"{view.organisation.name} · {view.ticket.summary}"

    return TicketField(
        argument.name, argument.help, look_up=look_up, value=value or "", required=argument.required
    )


def _make_severity(argument: Argument, context: FieldContext, value: Any) -> Field:
    return SeverityField(
        argument.name, argument.help, context.policy, value=value, required=argument.required
    )


def _make_channel(argument: Argument, context: FieldContext, value: Any) -> Field:
    choices = [Choice(each.key, each.name, each.open_to) for each in context.policy.channels]
    return ChoiceField(argument.name, argument.help, choices, value=value, required=argument.required)


def _make_team(argument: Argument, context: FieldContext, value: Any) -> Field:
    teams = [
        Choice(each.key, each.name, f"line {each.line}" if each.line is not None else " ")
        for each in context.policy.teams
    ]
    choices = teams if argument.required else [Choice("", "the owner's team"), *teams]
    return ChoiceField(argument.name, argument.help, choices, value=value, required=argument.required)


def _make_roles(argument: Argument, context: FieldContext, value: Any) -> Field:
    choices = [Choice(role.value, role.value) for role in Role]
    return MultiChoiceField(argument.name, argument.help, choices, value=value or ())


def _make_rungs(argument: Argument, context: FieldContext, value: Any) -> Field:
    choices = [Choice(rung.key, rung.name) for rung in context.policy.ladder]
    return MultiChoiceField(argument.name, argument.help, choices, value=value or ())


def _make_mails(argument: Argument, context: FieldContext, value: Any) -> Field:
    return MailField(argument.name, argument.help, unwanted=value or ())


def _make_people(argument: Argument, context: FieldContext, value: Any) -> Field:
    staff = context.command_context.roster.staff
    return PeopleField(argument.name, argument.help, staff, value=value or (), required=argument.required)


def _local_search_maker(candidates: Callable[[FieldContext], list[Candidate]], if_none: str) -> _FieldMaker:
    def make(argument: Argument, context: FieldContext, value: Any) -> Field:
        known = candidates(context)
        return SearchField(
            argument.name,
            argument.help,
            searches.make_search(known),
            value=next((each for each in known if each.key == value), None),
            required=argument.required,
            if_none=if_none,
        )

    return make


def _blocking_search_maker(search: Callable[[FieldContext], Find], if_none: str) -> _FieldMaker:
    def make(argument: Argument, context: FieldContext, value: Any) -> Field:
        return SearchField(
            argument.name,
            argument.help,
            search(context),
            blocking=True,
            value=_candidate(value),
            required=argument.required,
            if_none=if_none,
        )

    return make


def _candidate(value: Any) -> Candidate | None:
    """Return an initial value as a candidate: it is one already, or a key; None for an empty value."""
    if isinstance(value, Candidate):
        return value
    return Candidate(value, value) if value else None


def _contacts(context: FieldContext) -> Find:
    if context.view is None:
        return lambda text: []
    return searches.make_contact_search(context.command_context.desk, context.view.organisation.key)


def _make_contact(argument: Argument, context: FieldContext, value: Any) -> Field:
    """Search the contacts of the ticket's customer; `value` is a contact that is already known."""
    return SearchField(
        argument.name,
        argument.help,
        _contacts(context),
        blocking=True,
        value=searches.make_contact_candidate(value) if value else None,
        required=argument.required,
        if_none="no contact of this customer is called {}; type part of a name",
    )


_FieldMaker = Callable[[Argument, FieldContext, Any], Field]
_FIELDS: dict[ArgumentType, _FieldMaker] = {
    ArgumentType.LINE: _make_line,
    ArgumentType.TEXT: _make_text,
    ArgumentType.KEY: _make_key,
    ArgumentType.CHOICE: _make_choice,
    ArgumentType.FLAG: _make_flag,
    ArgumentType.INSTANT: _time_maker(InstantField),
    ArgumentType.FUTURE_INSTANT: _time_maker(FutureInstantField),
    ArgumentType.DAY: _time_maker(DayField),
    ArgumentType.TELEPHONE: _make_telephone,
    ArgumentType.EMAIL: _make_email,
    ArgumentType.ADDRESSES: _make_addresses,
    ArgumentType.QUIET_HOURS: _make_quiet_hours,
    ArgumentType.TICKET: _make_ticket,
    ArgumentType.SEVERITY: _make_severity,
    ArgumentType.CHANNEL: _make_channel,
    ArgumentType.TEAM: _make_team,
    ArgumentType.ESCALATION_TARGET: _make_line,
    ArgumentType.ROLES: _make_roles,
    ArgumentType.RUNGS: _make_rungs,
    ArgumentType.MAILS: _make_mails,
    ArgumentType.PEOPLE: _make_people,
    ArgumentType.PERSON: _local_search_maker(
        lambda context: colleagues(context.command_context, context.policy, context.teams),
        "nobody is called {}; type part of a name",
    ),
    ArgumentType.RELEASE: _local_search_maker(
        lambda context: searches.list_releases(
            context.command_context.roster, context.command_context.desk.now(), context.command_context.zone
        ),
        "no release is called {}; type part of its version",
    ),
    ArgumentType.POLICY: _local_search_maker(
        lambda context: searches.list_policies(
            context.command_context.desk.policies.values(), context.command_context.zone
        ),
        "no policy has that version",
    ),
    ArgumentType.ORGANISATION: _blocking_search_maker(
        lambda context: searches.make_organisation_search(
            context.command_context.desk, context.command_context.roster
        ),
        "no customer is called {}; type part of the name",
    ),
    ArgumentType.CONTACT: _make_contact,
    ArgumentType.ARTICLE: _blocking_search_maker(
        lambda context: searches.make_article_search(context.command_context.desk),
        "no article matches {}; type a word of its title",
    ),
}
