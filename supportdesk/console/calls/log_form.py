"""The form that logs a request: caller, summary, severity, and what the policy would promise."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.calls import similar
from supportdesk.console.calls.call import DRAFT_VERB, Call, line_open, lines
from supportdesk.console.calls.existing_ticket import form_for_existing_ticket
from supportdesk.console.calls.read_back import Arrival, ReadBackScreen
from supportdesk.console.calls.severity_wizard import SeverityWizard
from supportdesk.console.calls.summary_field import SummaryField
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.forms.argument_fields import FieldContext, field_for
from supportdesk.console.forms.choice_fields import ChoiceField
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.text_fields import CheckedField, LineField
from supportdesk.console.forms.time_fields import InstantField
from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate, Find
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.text.clock_text import promise_text
from supportdesk.console.widgets.choices import Choice
from supportdesk.desk_api import Applied, DeskUnavailableError
from supportdesk.sla.formatting import exact_time
from supportdesk.store.read_models import QueueRow, TicketView, same_request
from supportdesk.tickets import mail_address, telephone
from supportdesk.tickets.command import Command, Refusal
from supportdesk.tickets.documents import Article
from supportdesk.tickets.process.conversation import SendArticle
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.triage import Log

if TYPE_CHECKING:
    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys

_PROMISE_REFRESH = 20.0
"""Seconds after which the promise for a request received now is calculated again."""


class LogRequestForm(Form):
    """Logs a request and then opens the read-back. The known details of a `call` are filled in."""

    app: SerializedKeys

    submit_label = "log ticket"

    def __init__(self, context: CommandContext, call: Call | None = None) -> None:
        super().__init__(context, DRAFT_VERB if call else Log.verb, call.key if call else "")
        self.add_class("log", *(["of-call"] if call else []))
        self._call = call
        self._field_context = FieldContext(context, context.policy, None)
        self._arguments = {each.name: each for each in Log.arguments()}
        self._customer = call.customer if call else None
        self._promised = Content(), Content()
        self._linked: str | None = None
        """The ticket of another customer to which the request is linked when it is saved."""

    def heading(self) -> Content:
        """The command's title; for a call, the caller."""
        if self._call is None:
            return Content(Log.title)
        who = self._call.contact.name if self._call.contact else self._call.telephone or self._call.email
        return safe(who or "New caller")

    def subject(self) -> Content:
        """That this is a new request, where the title names the caller."""
        return Content("New request" if self._call else "")

    def about(self) -> Content:
        """The caller's company and details."""
        if self._call is None:
            return Content()
        if not self._call.is_known:
            return Content("New contact: added when this request is saved")
        customer, contact = self._call.customer, self._call.contact
        parts = (customer.name if customer else "", contact.note if contact else "")
        return safe(" · ".join(filter(None, parts)))

    def fields(self) -> list[Field]:
        """Caller, summary, article, severity, description, channel and time."""
        find_contact, contact_asks = self._contact_search(self._customer)
        return [
            SearchField(
                "organisation",
                "type a name; a new customer can be added",
                searches.or_create(
                    searches.organisations(self.context.desk, self.context.roster), "customer"
                ),
                blocking=True,
                required=True,
                label="Customer",
                value=self._call.customer if self._call else None,
            ),
            SearchField(
                "contact",
                contact_asks,
                find_contact,
                blocking=True,
                required=True,
                value=self._call.contact if self._call else None,
            ),
            self._contact_detail(
                "contact_telephone", "Telephone", self._call.telephone if self._call else ""
            ),
            self._contact_detail("contact_email", "Email", self._call.email if self._call else ""),
            SummaryField("summary", self._arguments["summary"].help, self._similar, required=True),
            SearchField(
                "article",
                "sent to the customer as a reply when this is saved; clear it to send none",
                searches.articles(self.context.desk),
                blocking=True,
            ),
            SeverityWizard("severity", self._arguments["severity"].help, self.context.policy),
            LineField(
                "overruled", "why the severity differs from your answers", label="Reason", required=True
            ),
            field_for(self._arguments["description"], self._field_context),
            self._channel(),
            self._received(),
        ]

    def _contact_detail(self, name: str, label: str, value: str = "") -> Field:
        check = mail_address.fault if name == "contact_email" else self._fault_of_number
        return CheckedField(name, self._arguments[name].help, check, value=value, label=label)

    def _fault_of_number(self, number: str) -> str | None:
        return telephone.fault(number, telephone.region(self.context.policy))

    def _channel(self) -> Field:
        """The channel: for a call the line that was open, otherwise the operator has to choose."""
        asked, policy = self._arguments["channel"], self.context.policy
        if self._call is None:
            choices = [Choice(each.key, each.name, f"for {each.open_to}") for each in policy.channels]
            return ChoiceField(asked.name, asked.help, choices, required=True)
        choices = [Choice(each.key, each.name) for each in lines(policy)]
        line = line_open(policy, self._call.began_at)
        return ChoiceField(asked.name, asked.help, choices, value=line, required=True)

    def _received(self) -> Field:
        """When the request was received: for a call, when it was answered, to the second."""
        zone = self.context.zone
        return InstantField(
            "received_at",
            self._arguments["received_at"].help,
            zone=zone,
            now=self.context.desk.now,
            value=exact_time(self._call.began_at, zone) if self._call else "",
        )

    def foot(self) -> ComposeResult:
        """The promise, what is out of policy, what to tell the caller, and the status."""
        linked = Static(classes="linked")
        linked.display = False
        yield linked
        yield Static(classes="promise")
        yield Static(classes="please-say")
        yield from super().foot()

    def on_mount(self) -> None:
        """Hide the fields whose values the call gives."""
        if self._call is not None and self._call.is_known:
            for name in ("organisation", "contact"):
                self.query_one(f"#{name}", SearchField).display = False
        self._show_dependent_fields()
        self._show_promise()
        self.set_interval(_PROMISE_REFRESH, self._show_promise)

    def restore(self, values: Mapping[str, Any]) -> None:
        """Restore the customer first: the search for contacts depends on it."""
        customer = self.query_one("#organisation", SearchField)
        customer.restore(values["organisation"])
        self.field_completed(customer)
        super().restore(values)

    def field_completed(self, field: Field) -> None:
        """Show the fields that depend on the customer, the contact and the severity."""
        customer = self.query_one("#organisation", SearchField).picked
        if customer != self._customer:
            self._customer = customer
            self._update_contact_search()
            self.query_one(SummaryField).set_source(self._similar)
        self._show_dependent_fields()

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        self.field_completed(event.field)
        self._show_promise()

    def _update_contact_search(self) -> None:
        customer, contact = self._customer, self.query_one("#contact", SearchField)
        newcomer = contact.picked if contact.picked is not None and contact.picked.new else None
        contact.set_source(*self._contact_search(customer))
        if newcomer is not None:
            contact.take(newcomer)

    def _contact_search(self, customer: Candidate | None) -> tuple[Find, str]:
        """Return the search for contacts of a customer, and the field's hint."""
        if customer is None:
            return _nobody, "choose the customer first"
        find = _nobody if customer.new else searches.contacts(self.context.desk, customer.key)
        return searches.or_create(
            find, "contact", namesakes=True
        ), f"the contact at {customer.name} who raised this"

    def _show_dependent_fields(self) -> None:
        contact = self.query_one("#contact", SearchField).picked
        for name in ("contact_telephone", "contact_email"):
            self.query_one(f"#{name}", LineField).display = contact is not None and contact.new
        self.query_one("#overruled", LineField).display = self.query_one(SeverityWizard).overruled
        article = self.query_one("#article", SearchField)
        article.display = bool(article.picked or article.text)

    # What the desk knows of the like.

    def _similar(self, text: str) -> Sequence[Candidate]:
        return similar.find_similar(self.context.desk, self.context.policy, text, self._customer)

    @on(SummaryField.Picked)
    async def _use_similar(self, event: SummaryField.Picked) -> None:
        """Send an article with the request; link another customer's ticket; open the customer's own ticket instead."""
        event.stop()
        if isinstance(event.candidate.of, Article):
            self.query_one("#article", SearchField).take(event.candidate)
        elif isinstance(event.candidate.of, similar.OtherCustomers):
            self._link(event.candidate.of.row)
        else:
            self.run_worker(self._go_to_ticket(event.candidate.key, self.app.typed.hold()), group="dialog")

    def _link(self, row: QueueRow) -> None:
        """Link the request to another customer's ticket when it is saved; picking it again removes the link."""
        self._linked = None if self._linked == row.ref else row.ref
        line = self.query_one(".linked", Static)
        line.update(safe(f"Will be linked when saved: {row.ref} of {row.organisation}, {row.summary}"))
        line.display = self._linked is not None
        self.fit_to_screen()

    async def _go_to_ticket(self, ref: str, typed: KeyHold) -> None:
        contact = self.query_one("#contact", SearchField).picked
        caller = contact.of if contact is not None else None
        by_call, text = self._call is not None, self._text_so_far()
        form = form_for_existing_ticket(self.context, ref, caller=caller, by_call=by_call, text=text)
        done = await self.continue_with(form, typed)
        if done is not None:
            self.draft_keeper.discard()
            await super().after_submit(done)

    def _text_so_far(self) -> str:
        """Return the summary and the description as typed, for the timeline of an existing ticket."""
        said = [self.query_one(f"#{name}", Field).value for name in ("summary", "description")]
        return "\n".join(filter(None, said))

    # What would be promised.

    @property
    def arrival(self) -> Arrival | None:
        """What is known of the request so far; None while its severity or time is missing."""
        severity = self.query_one(SeverityWizard).value
        received = self.query_one("#received_at", InstantField)
        if not severity or received.problem is not None:
            return None
        at = received.value or self.context.desk.now()
        contact = self.query_one("#contact", SearchField).picked
        channel = self.query_one("#channel", ChoiceField).raw_value or ""
        known = contact.of if contact is not None else None
        return Arrival(self.context.desk.policy_at(at), severity, channel, known, at)

    def _show_promise(self) -> None:
        promise, advice = self._promise()
        if (promise, advice) != self._promised:
            self._promised = promise, advice
            self.query_one(".promise", Static).update(promise)
            said = self.query_one(".please-say", Static)
            said.update(advice)
            said.display = bool(advice)
            self.fit_to_screen()

    def _promise(self) -> tuple[Content, Content]:
        arrival, now = self.arrival, self.context.desk.now()
        if arrival is None:
            return Content("Choose a severity to see the promised times."), Content()
        told = safe(
            promise_text(arrival.policy, arrival.severity, arrival.received_at, now, zone=self.context.zone)
        )
        someone = self.query_one("#contact", SearchField).picked is not None
        reasons = arrival.out_of_policy() if someone and arrival.channel else ()
        if not reasons:
            return told, Content()
        flag = safe(f"Out of policy, but it can be logged: {'; '.join(reasons)}", "$at-risk")
        return Content("\n").join([told, flag]), safe(f"Tell the caller: {arrival.advice()}", "$due-soon")

    def command(self) -> Log:
        """The `Log` command with the values of the fields."""
        customer = self.query_one("#organisation", SearchField).picked
        contact = self.query_one("#contact", SearchField).picked
        assert customer is not None
        assert contact is not None
        values = {field.id or "": field.value for field in self.query(Field) if field.id != "article"}
        if not self.query_one(SeverityWizard).overruled:
            values["overruled"] = ""
        return Log(**values, new_organisation=customer.new, new_contact=contact.new)

    async def confirm(self, command: Command) -> bool:
        """Ask first if the same caller has an open ticket with the same summary."""
        assert isinstance(command, Log)
        customer = self.query_one("#organisation", SearchField).picked
        contact = self.query_one("#contact", SearchField).picked
        if customer is None or contact is None or customer.new or contact.new:
            return True
        same = same_request(self.context.rows(), customer.name, contact.name, command.summary)
        if same is None:
            return True
        owner = f"owner: {same.owner_name}" if same.owner_name else "unassigned"
        question = Confirm(
            "Log a second ticket?",
            f"{same.ref} from the same caller has the same summary and is open ({owner}). Cancel and pick it below the "
            "summary to record this call there.",
            "Log it anyway",
        )
        answer: bool | None = await self.app.push_screen_wait(question)
        return bool(answer)

    async def after_submit(self, outcome: Applied) -> None:
        """Show the reference and the promise to read back, then end the form."""
        if outcome.ref is not None:
            article, unsent = await self._send_article(outcome.ref)
            if self._linked is not None:
                await self.context.submit(LinkTicket(outcome.ref, self._linked))
            view = await self._logged(outcome.ref)
            said = ReadBackScreen(self.context, outcome.ref, view, article=article, unsent=unsent)
            await self.app.push_screen_wait(said)
        await super().after_submit(outcome)

    async def _logged(self, ref: str) -> TicketView | Refusal:
        """Return the ticket as the desk has it now, or why it cannot be read."""
        try:
            return await asyncio.to_thread(self.context.desk.ticket, ref)
        except DeskUnavailableError as error:
            return Refusal(str(error))

    async def _send_article(self, ref: str) -> tuple[str, str]:
        """Send the picked article; return its title, and separately the title with the reason if it was refused."""
        article = self.query_one("#article", SearchField).picked
        if article is None:
            return "", ""
        outcome = await self.context.submit(SendArticle(ref, article.key))
        title = f"{article.key} {article.name}"
        return (
            ("", f"{title}: {self.context.refusal_text(outcome)}")
            if isinstance(outcome, Refusal)
            else (title, "")
        )


def _nobody(text: str) -> list[Candidate]:
    return []
