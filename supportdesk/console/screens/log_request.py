"""A request comes in: who asks, what is wrong, how grave it is, and what the policy would promise for it."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from supportdesk.console import finders
from supportdesk.console.clock_words import promised
from supportdesk.console.safe_text import shown
from supportdesk.console.screens.argument_fields import Asking, field_for
from supportdesk.console.screens.form import Form
from supportdesk.console.screens.request_logged import Arrival, RequestLogged
from supportdesk.console.sitting import Sitting
from supportdesk.console.widgets.choice_fields import ChoiceField, SeverityField
from supportdesk.console.widgets.choices import Choice
from supportdesk.console.widgets.field import Field
from supportdesk.console.widgets.find_field import Candidate, FindField
from supportdesk.console.widgets.typed_fields import InstantField, LineField
from supportdesk.door import Done
from supportdesk.tickets.process.triage import Log

_CALLED = "phone"
_PROMISE_KEPT_FOR = 20.0
"""Seconds after which the promise for a request that arrives now is worked out again."""


class LogScreen(Form):
    """Logs a request; afterwards the reference is read back."""

    deed = "save"

    def __init__(self, sitting: Sitting) -> None:
        super().__init__(sitting, Log.verb)
        self.add_class("log")
        self._asking = Asking(sitting, sitting.policy, None)
        self._arguments = {each.name: each for each in Log.arguments()}
        self._customer: Candidate | None = None
        self._promised = Content()

    def heading(self) -> Content:
        """The command's own title."""
        return Content(Log.title)

    def fields(self) -> list[Field]:
        """Who asks, what is wrong, how grave it is, and how and when it came."""
        return [
            FindField(
                "organisation",
                "type a name; one that is not known can be taken in",
                finders.or_new(finders.organisations(self.sitting.door, self.sitting.roster), "customer"),
                blocking=True,
                required=True,
                label="Customer",
            ),
            FindField("contact", "the customer first", _nobody, blocking=True, required=True),
            self._made("contact_telephone"),
            self._made("contact_email"),
            self._made("summary"),
            self._made("description"),
            self._made("severity"),
            self._channel(),
            self._made("received_at"),
        ]

    def _made(self, name: str) -> Field:
        return field_for(self._arguments[name], self._asking)

    def _channel(self) -> Field:
        """The telephone while it is open, as somebody is on the line; out of hours whoever logs has to say."""
        asked, policy = self._arguments["channel"], self.sitting.policy
        now = self.sitting.door.now()
        choices = [Choice(each.key, each.name, f"for {each.open_to}") for each in policy.channels]
        rings = [
            each.key
            for each in policy.channels
            if each.key == _CALLED and policy.calendar(each.calendar).is_open(now)
        ]
        return ChoiceField(asked.name, asked.help, choices, value=next(iter(rings), None), required=True)

    def foot(self) -> ComposeResult:
        """What would be promised, what is out of policy, and how it stands with the saving."""
        yield Static(classes="promise")
        yield from super().foot()

    def on_mount(self) -> None:
        """A new contact's number and address are asked for only where there is one."""
        self._ask_for_newcomer()
        self._tell_promise()
        self.set_interval(_PROMISE_KEPT_FOR, self._tell_promise)

    def restore(self, typed: dict[str, Any]) -> None:
        """Brings the customer back first: where contacts are looked for depends on it."""
        customer = self.query_one("#organisation", FindField)
        customer.restore(typed["organisation"])
        self.taken(customer)
        super().restore(typed)

    def taken(self, field: Field) -> None:
        """Asks for what depends on the customer and the contact."""
        customer = self.query_one("#organisation", FindField).picked
        if customer != self._customer:
            self._customer = customer
            self._look_for_contacts()
        self._ask_for_newcomer()

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        self.taken(event.field)
        self._tell_promise()

    def _look_for_contacts(self) -> None:
        customer, contact = self._customer, self.query_one("#contact", FindField)
        if customer is None:
            contact.look_elsewhere(_nobody, "the customer first")
            return
        find = _nobody if customer.new else finders.contacts(self.sitting.door, customer.key)
        contact.look_elsewhere(finders.or_new(find, "contact"), f"who asks, at {customer.name}")

    def _ask_for_newcomer(self) -> None:
        contact = self.query_one("#contact", FindField).picked
        for name in ("contact_telephone", "contact_email"):
            self.query_one(f"#{name}", LineField).display = contact is not None and contact.new

    @property
    def arrival(self) -> Arrival | None:
        """What is known of the request so far; None while it is not known how grave it is, or when it came."""
        severity = self.query_one(SeverityField).typed
        received = self.query_one("#received_at", InstantField)
        if severity is None or received.problem is not None:
            return None
        at = received.value or self.sitting.door.now()
        contact = self.query_one("#contact", FindField).picked
        channel = self.query_one("#channel", ChoiceField).typed or ""
        known = contact.of if contact is not None else None
        return Arrival(self.sitting.door.policy_at(at), severity, channel, known, at)

    def _tell_promise(self) -> None:
        promise = self._promise()
        if promise != self._promised:
            self._promised = promise
            self.query_one(".promise", Static).update(promise)
            self.fit()

    def _promise(self) -> Content:
        arrival, now = self.arrival, self.sitting.door.now()
        if arrival is None:
            return Content("The promise stands here as soon as it is known how grave it is.")
        told = shown(
            promised(arrival.policy, arrival.severity, arrival.received_at, now, zone=self.sitting.zone)
        )
        someone = self.query_one("#contact", FindField).picked is not None
        reasons = arrival.out_of_policy() if someone and arrival.channel else ()
        if not reasons:
            return told
        flag = shown(f"Out of policy, and logged all the same: {'; '.join(reasons)}", "$at-risk")
        return Content("\n").join([told, flag])

    def command(self) -> Log:
        """The request."""
        customer = self.query_one("#organisation", FindField).picked
        assert customer is not None
        values = {field.id or "": field.value for field in self.asked}
        return Log(**values, new_organisation=customer.new)

    async def sent(self, outcome: Done) -> None:
        """The reference is read back, then the form is done."""
        arrival = self.arrival
        if outcome.ref is not None and arrival is not None:
            await self.app.push_screen_wait(RequestLogged(self.sitting, outcome.ref, arrival))
        await super().sent(outcome)


def _nobody(text: str) -> list[Candidate]:
    return []
