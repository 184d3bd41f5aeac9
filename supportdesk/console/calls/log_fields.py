"""The fields of the log form, filled in with what is known of a call."""

from __future__ import annotations

from supportdesk.console.calls.call import Call, open_voice_channel, voice_channels
from supportdesk.console.calls.severity_wizard import SeverityWizard
from supportdesk.console.calls.summary_field import SummaryField
from supportdesk.console.forms.argument_fields import FieldContext, field_for
from supportdesk.console.forms.choice_fields import ChoiceField
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.text_fields import CheckedField, LineField
from supportdesk.console.forms.time_fields import ArrivalField
from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate, Find
from supportdesk.console.widgets.choices import Choice
from supportdesk.sla.formatting import exact_time
from supportdesk.tickets import mail_address, telephone
from supportdesk.tickets.process.triage import Log


class LogFields:
    """Makes the fields for the arguments of `Log`; `call` is None for a request that comes in another way."""

    def __init__(self, context: CommandContext, call: Call | None) -> None:
        self._context = context
        self._call = call
        self._arguments = {each.name: each for each in Log.arguments()}

    def make(self, find_similar: Find) -> list[Field]:
        """Return caller, summary, article, severity, description, channel and time.

        `find_similar` finds the tickets and articles that are similar to the summary.
        """
        call = self._call
        find_contact, contact_hint = self.contact_search(call.customer if call else None)
        return [
            self._customer(),
            SearchField(
                "contact",
                contact_hint,
                find_contact,
                blocking=True,
                required=True,
                value=call.contact if call else None,
            ),
            self._telephone(),
            self._email(),
            SummaryField("summary", self._arguments["summary"].help, find_similar, required=True),
            SearchField(
                "article",
                "sent to the customer as a reply when this is saved; clear it to send none",
                searches.make_article_search(self._context.desk),
                blocking=True,
            ),
            SeverityWizard("severity", self._arguments["severity"].help, self._context.policy),
            LineField(
                "overruled", "why the severity differs from your answers", label="Reason", required=True
            ),
            field_for(
                self._arguments["description"], FieldContext(self._context, self._context.policy, None)
            ),
            self._channel(),
            self._received(),
        ]

    def contact_search(self, customer: Candidate | None) -> tuple[Find, str]:
        """Return the search for contacts of a customer, and the field's hint."""
        if customer is None:
            return _find_nobody, "choose the customer first"
        find = (
            _find_nobody if customer.new else searches.make_contact_search(self._context.desk, customer.key)
        )
        search = searches.add_new_candidate(find, "contact", allow_same_name=True)
        return search, f"the contact at {customer.name} who raised this"

    def _customer(self) -> Field:
        find = searches.make_organisation_search(self._context.desk, self._context.roster)
        return SearchField(
            "organisation",
            "type a name; a new customer can be added",
            searches.add_new_candidate(find, "customer"),
            blocking=True,
            required=True,
            label="Customer",
            value=self._call.customer if self._call else None,
        )

    def _telephone(self) -> Field:
        """The telephone number of a new contact."""
        region = telephone.home_region(self._context.policy)
        return CheckedField(
            "contact_telephone",
            self._arguments["contact_telephone"].help,
            lambda number: telephone.find_fault(number, region),
            value=self._call.telephone if self._call else "",
            label="Telephone",
        )

    def _email(self) -> Field:
        """The email address of a new contact."""
        return CheckedField(
            "contact_email",
            self._arguments["contact_email"].help,
            mail_address.find_fault,
            value=self._call.email if self._call else "",
            label="Email",
        )

    def _channel(self) -> Field:
        """The channel: for a call the line that was open, otherwise the operator has to choose."""
        argument, policy = self._arguments["channel"], self._context.policy
        if self._call is None:
            choices = [Choice(each.key, each.name, f"for {each.open_to}") for each in policy.channels]
            return ChoiceField(argument.name, argument.help, choices, required=True)
        choices = [Choice(each.key, each.name) for each in voice_channels(policy)]
        channel = open_voice_channel(policy, self._call.began_at)
        return ChoiceField(argument.name, argument.help, choices, value=channel, required=True)

    def _received(self) -> Field:
        """When the request was received: for a call, when it was answered, to the second."""
        zone = self._context.zone
        return ArrivalField(
            "received_at",
            self._arguments["received_at"].help,
            zone=zone,
            now=self._context.desk.now,
            value=exact_time(self._call.began_at, zone) if self._call else "",
        )


def _find_nobody(text: str) -> list[Candidate]:
    return []
