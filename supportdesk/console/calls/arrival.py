"""How a request came in, and what the policy of that moment promises and asks the operator to say."""

from __future__ import annotations

from datetime import datetime

import msgspec
from textual.content import Content

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.text.clock_text import promise_text
from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.process.out_of_policy import find_advice, find_reasons_out_of_policy

NO_SEVERITY = "Choose a severity to see the due times."


class Arrival(msgspec.Struct, frozen=True):
    """How a request came in, under the policy of that moment. `contact` is None for a new contact."""

    policy: Policy
    severity: str
    channel: str
    contact: Contact | None
    received_at: datetime

    def out_of_policy(self) -> tuple[str, ...]:
        """Return why the request is out of policy; empty where it is not."""
        return find_reasons_out_of_policy(
            self.policy, self.severity, self.channel, self.contact, self.received_at
        )

    def advice(self) -> str:
        """Return what to tell a caller whose request is out of policy; empty otherwise."""
        return find_advice(self.policy, self.severity, self.channel) if self.out_of_policy() else ""


class PromisePreview(msgspec.Struct, frozen=True):
    """What the log form shows below its fields; `advice` is empty for a request that is in policy."""

    promise: Content
    advice: Content = Content()


def preview_promise(
    arrival: Arrival | None, now: datetime, zone: str, *, has_contact: bool, missing: str = NO_SEVERITY
) -> PromisePreview:
    """Return what would be promised for a request; `arrival` is None while its severity or time is missing.

    `missing` says which of the two it is, as a sentence. Whether it is in policy is shown once it
    `has_contact` and a channel.
    """
    if arrival is None:
        return PromisePreview(safe(missing))
    promise = safe(promise_text(arrival.policy, arrival.severity, arrival.received_at, now, zone=zone))
    reasons = arrival.out_of_policy() if has_contact and arrival.channel else ()
    if not reasons:
        return PromisePreview(promise)
    flag = safe(f"Out of policy, but it can be logged: {'; '.join(reasons)}", "$at-risk")
    return PromisePreview(
        Content("\n").join([promise, flag]), safe(f"Tell the caller: {arrival.advice()}", "$due-soon")
    )
