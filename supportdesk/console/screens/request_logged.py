"""A request is logged: its reference is read back, with what is promised and what the policy asks staff to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.clock_words import promised
from supportdesk.console.ringing import on_call, to_ring
from supportdesk.console.safe_text import shown
from supportdesk.console.screens.dialog import Reading, key_line
from supportdesk.console.sitting import Sitting
from supportdesk.console.widgets.fact import Fact
from supportdesk.console.widgets.large_reference import LargeReference
from supportdesk.sla.policy import Policy
from supportdesk.tickets import reference
from supportdesk.tickets.people import Contact
from supportdesk.tickets.process.triage import out_of_policy


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a request came, under the policy of that moment. `contact` is None for somebody who is not known yet."""

    policy: Policy
    severity: str
    channel: str
    contact: Contact | None
    received_at: datetime

    def out_of_policy(self) -> tuple[str, ...]:
        """Why it came by the wrong way; empty where it came by the right one."""
        return out_of_policy(self.policy, self.severity, self.channel, self.contact, self.received_at)

    def advice(self) -> str:
        """What staff say to who came by the wrong way; empty where nothing needs to be said."""
        if not self.out_of_policy():
            return ""
        kind, way = self.policy.severity(self.severity), self.policy.channel(self.channel)
        return way.advice if self.channel in kind.channels else kind.advice


class RequestLogged(Reading[None]):
    """Shows the reference large and spelled out, until Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,f2", "leave", "Done", show=False)]

    def __init__(self, sitting: Sitting, ref: str, arrival: Arrival) -> None:
        super().__init__()
        self.add_class("logged")
        self._sitting = sitting
        self._reference = ref
        self._arrival = arrival

    def heading(self) -> Content:
        """What happened."""
        return Content("Logged")

    def subject(self) -> Content:
        """How grave it is."""
        return shown(self._arrival.policy.severity(self._arrival.severity).name)

    def body(self) -> ComposeResult:
        """The reference, and what there is to say to the caller."""
        arrival, now = self._arrival, self._sitting.door.now()
        yield LargeReference(self._reference)
        yield Static(Content(reference.spell(self._reference)), classes="spelled")
        yield Fact(
            "Promised",
            shown(
                promised(arrival.policy, arrival.severity, arrival.received_at, now, zone=self._sitting.zone)
            ),
        )
        if arrival.policy.severity(arrival.severity).pages:
            yield Fact("Now", shown(to_ring(on_call(self._sitting.roster)), "bold $at-risk"))
        if arrival.advice():
            yield Fact("Please say", shown(arrival.advice()))
            yield Fact("Because", shown("; ".join(arrival.out_of_policy())))

    def keys(self) -> Content:
        """Enter, when the caller has it."""
        return key_line(("enter", "done"))
