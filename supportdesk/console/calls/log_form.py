"""The form that logs a request: caller, summary, severity, and what the policy would promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.calls import similar
from supportdesk.console.calls.arrival import NO_SEVERITY, Arrival, PromisePreview, preview_promise
from supportdesk.console.calls.call import DRAFT_VERB, Call
from supportdesk.console.calls.existing_ticket import form_for_existing_ticket
from supportdesk.console.calls.follow_up import complete_logged_request, question_before_second_ticket
from supportdesk.console.calls.following_form import open_following
from supportdesk.console.calls.log_fields import LogFields
from supportdesk.console.calls.severity_wizard import SeverityWizard
from supportdesk.console.calls.summary_field import SummaryField
from supportdesk.console.forms.choice_fields import ChoiceField
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.forms.time_fields import InstantField
from supportdesk.console.search.candidate import Candidate
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.workers import start_worker
from supportdesk.desk_api import Applied
from supportdesk.store.read_models import QueueRow, find_same_request
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Article
from supportdesk.tickets.process.triage import Log

if TYPE_CHECKING:
    from supportdesk.console.keys.type_ahead import KeyHold

_PROMISE_REFRESH = 20.0
"""Seconds after which the promise for a request received now is calculated again."""


class LogRequestForm(Form):
    """Logs a request, follows it up and shows the read-back. The known details of a `call` are filled in."""

    submit_label = "log ticket"

    def __init__(self, context: CommandContext, call: Call | None = None) -> None:
        super().__init__(context, DRAFT_VERB if call else Log.verb, call.key if call else "")
        self.add_class("log", *(["of-call"] if call else []))
        self._call = call
        self._fields = LogFields(context, call)
        self._customer = call.customer if call else None
        self._promise = PromisePreview(Content())
        self._linked: str | None = None
        """The ticket of another customer to which the request is linked when it is saved."""

    def heading(self) -> Content:
        """Return the command's title; for a call, the caller."""
        if self._call is None:
            return Content(Log.title)
        who = self._call.contact.name if self._call.contact else self._call.telephone or self._call.email
        return safe(who or "New caller")

    def subject(self) -> Content:
        """Return that this is a new request, where the title names the caller."""
        return Content("New request" if self._call else "")

    def about(self) -> Content:
        """Return the caller's company and details; empty without a call."""
        if self._call is None:
            return Content()
        if not self._call.is_known:
            return Content("New contact: added when this request is saved")
        customer, contact = self._call.customer, self._call.contact
        parts = (customer.name if customer else "", contact.note if contact else "")
        return safe(" · ".join(filter(None, parts)))

    def fields(self) -> list[Field]:
        """Return caller, summary, article, severity, description, channel and time."""
        return self._fields.make(self._find_similar)

    def _picked(self, name: str) -> Candidate | None:
        """Return the customer, contact or article that is picked in the field of this name."""
        return self.query_one(f"#{name}", SearchField).picked

    def foot(self) -> ComposeResult:
        """Yield the linked ticket, the promise, what to tell the caller, and the status."""
        linked = Static(classes="linked")
        linked.display = False
        yield linked
        yield Static(classes="promise")
        yield Static(classes="policy-advice")
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
        customer = self._picked("organisation")
        if customer != self._customer:
            self._customer = customer
            self._update_contact_search()
            self.query_one(SummaryField).set_source(self._find_similar)
        self._show_dependent_fields()

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        self.field_completed(event.field)
        self._show_promise()

    def _update_contact_search(self) -> None:
        contact = self.query_one("#contact", SearchField)
        new_candidate = contact.picked if contact.picked is not None and contact.picked.new else None
        contact.set_source(*self._fields.contact_search(self._customer))
        if new_candidate is not None:
            contact.pick(new_candidate)

    def _show_dependent_fields(self) -> None:
        contact = self._picked("contact")
        for name in ("contact_telephone", "contact_email"):
            self.query_one(f"#{name}", LineField).display = contact is not None and contact.new
        self.query_one("#overruled", LineField).display = self.query_one(SeverityWizard).overruled
        article = self.query_one("#article", SearchField)
        article.display = bool(article.picked or article.text)

    # Similar tickets and articles.

    def _find_similar(self, text: str) -> Sequence[Candidate]:
        return similar.find_similar(self.context.desk, self.context.policy, text, self._customer)

    @on(SummaryField.Picked)
    async def _use_similar(self, event: SummaryField.Picked) -> None:
        """Send an article with the request; link another customer's ticket; open the customer's own ticket instead."""
        event.stop()
        if isinstance(event.candidate.record, Article):
            self.query_one("#article", SearchField).pick(event.candidate)
        elif isinstance(event.candidate.record, similar.OtherCustomersTicket):
            self._link(event.candidate.record.row)
        else:
            start_worker(self, self._go_to_ticket, event.candidate.key, self.app.typed.hold(), group="dialog")

    def _link(self, row: QueueRow) -> None:
        """Link the request to another customer's ticket when it is saved; picking it again removes the link."""
        self._linked = None if self._linked == row.ref else row.ref
        linked = self.query_one(".linked", Static)
        linked.update(safe(f"Will be linked when saved: {row.ref} of {row.organisation}, {row.summary}"))
        linked.display = self._linked is not None
        self.fit_to_screen()

    async def _go_to_ticket(self, ref: str, typed: KeyHold) -> None:
        contact = self._picked("contact")
        caller = contact.record if contact is not None else None
        by_call, text = self._call is not None, self._text_so_far()
        form = form_for_existing_ticket(self.context, ref, caller=caller, by_call=by_call, text=text)
        done = await open_following(self, form, typed)
        if done is not None:
            self.draft_keeper.discard()
            await super().after_submit(done)

    def _text_so_far(self) -> str:
        """Return the summary and the description as typed, for the timeline of an existing ticket."""
        texts = [self.query_one(f"#{name}", Field).value for name in ("summary", "description")]
        return "\n".join(filter(None, texts))

    # The promise.

    @property
    def arrival(self) -> Arrival | None:
        """What is known of the request so far; None while its severity or time is missing."""
        severity = self.query_one(SeverityWizard).value
        received = self.query_one("#received_at", InstantField)
        if not severity or received.problem is not None:
            return None
        at = received.value or self.context.desk.now()
        contact = self._picked("contact")
        channel = self.query_one("#channel", ChoiceField).raw_value or ""
        known = contact.record if contact is not None else None
        return Arrival(self.context.desk.policy_at(at), severity, channel, known, at)

    def _show_promise(self) -> None:
        has_contact = self._picked("contact") is not None
        promise = preview_promise(
            self.arrival,
            self.context.desk.now(),
            self.context.zone,
            has_contact=has_contact,
            missing=self._missing_for_promise(),
        )
        if promise != self._promise:
            self._promise = promise
            self.query_one(".promise", Static).update(promise.promise)
            advice = self.query_one(".policy-advice", Static)
            advice.update(promise.advice)
            advice.display = bool(promise.advice)
            self.fit_to_screen()

    def _missing_for_promise(self) -> str:
        """Return why there are no due times, as a sentence: no severity is chosen, or the time cannot be read."""
        received = self.query_one("#received_at", InstantField)
        if not self.query_one(SeverityWizard).value or received.problem is None:
            return NO_SEVERITY
        return f"Correct “{received.label}” to see the due times."

    # Sending.

    def command(self) -> Log:
        """Return the `Log` command with the values of the fields."""
        customer, contact = self._picked("organisation"), self._picked("contact")
        assert customer is not None
        assert contact is not None
        values = {field.id or "": field.value for field in self.query(Field) if field.id != "article"}
        if not self.query_one(SeverityWizard).overruled:
            values["overruled"] = ""
        return Log(**values, new_organisation=customer.new, new_contact=contact.new)

    async def confirm(self, command: Command) -> bool:
        """Ask first if the same caller has an open ticket with the same summary."""
        assert isinstance(command, Log)
        customer, contact = self._picked("organisation"), self._picked("contact")
        if customer is None or contact is None or customer.new or contact.new:
            return True
        same = find_same_request(self.context.rows(), customer.name, contact.name, command.summary)
        if same is None:
            return True
        answer: bool | None = await self.ask(question_before_second_ticket(same))
        return bool(answer)

    async def after_submit(self, outcome: Applied) -> None:
        """Show the reference and the promise to read back, then close the form."""
        self.show_status("")
        if outcome.ref is not None:
            article, linked = self._picked("article"), self._linked
            screen = await complete_logged_request(self.context, outcome.ref, article=article, linked=linked)
            await self.ask(screen)
        await super().after_submit(outcome)
