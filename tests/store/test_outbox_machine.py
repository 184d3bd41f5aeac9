"""Any sequence of messages, acknowledgements, erasures and killed senders: nothing is lost, little is sent twice."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, precondition, rule

from supportdesk.clock import FixedClock
from supportdesk.desk_api import Applied
from supportdesk.sla.clocks import instant
from supportdesk.sla.mail_kind import MailKind
from supportdesk.store.outbox_models import OutgoingMessage, Shipment
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.documents import ERASED, Address, Contact
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.pacing import CLAIM_LENGTH, SPACING
from supportdesk.tickets.process.retry import RetryDelivery
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.records.commands import EraseContact, InstallPolicy, SaveContact
from tests.seeds import examples
from tests.store.desks import done, logged, verified
from tests.store.mailing import mailing_policy
from tests.store.outboxes import critical, notify, outbox_desk, set_addresses
from tests.tickets.scenario import MONDAY_NINE

METHODS = {"sms": (3, 1), "call": (3, 1), "mail": (3, 1), CUSTOMER_MAIL: (0, 3)}
OUTCOMES = ("delivered", "not delivered", "possibly delivered")
KILLED_BEFORE, KILLED_AFTER = "killed before sending", "killed before recording"


class OutboxMachine(RuleBasedStateMachine):
    """A desk, its clock, and what arrived at the addresses."""

    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.clock = FixedClock(MONDAY_NINE)
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.desk = self.stack.enter_context(outbox_desk(folder, self.clock))
        self.sends: Counter[str] = Counter()
        self.excused: Counter[str] = Counter()
        """By delivery: after how many sends nothing says that it arrived."""
        self.reached: set[str] = set()
        self.notices: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.contacts: list[str] = []
        self.number = 0

    @initialize()
    def share_an_address_and_mail_customers(self) -> None:
        done(self.desk, InstallPolicy(mailing_policy(MailKind.RECEIPT)), by="sue")
        set_addresses(
            self.desk, "ann", Address("sms", "+44 7700 900123"), Address("mail", "desk@desk.example")
        )

    @rule(target=tickets)
    def log_a_critical(self) -> str:
        return critical(self.desk)

    @rule(person=st.sampled_from(["ann", "sue", "dora"]), count=st.integers(1, 4))
    def send_notices(self, person: str, count: int) -> None:
        for _ in range(count):
            self.number += 1
            notify(self.desk, f"n{self.number}", person)

    @rule()
    def log_for_a_new_contact(self) -> None:
        self.number += 1
        key = f"c{self.number}"
        contact = Contact(key, "acme", f"Alma {key} Quist", email=f"{key}@acme.example")
        done(self.desk, SaveContact(contact))
        logged(self.desk, contact=key)
        self.contacts.append(key)

    @precondition(lambda self: self.contacts)
    @rule(place=st.integers(0, 9))
    def erase_a_contact(self, place: int) -> None:
        done(self.desk, EraseContact(self.contacts.pop(place % len(self.contacts))), by="sue")

    @rule(ref=consumes(tickets))
    def acknowledge(self, ref: str) -> None:
        done(self.desk, Acknowledge(ref), by="dora")

    @rule(place=st.integers(0, 9), even_if_arrived=st.booleans())
    def retry(self, place: int, even_if_arrived: bool) -> None:
        listed = self.desk.deliveries()
        if not listed:
            return
        delivery = listed[place % len(listed)]
        outcome = self.desk.do(RetryDelivery(delivery.id, even_if_arrived), by="sue")
        if isinstance(outcome, Applied):
            assert delivery.state in ("waiting", "failed") or even_if_arrived
            # That is what was asked for.
            self.reached.discard(delivery.id)
            self.excused[delivery.id] += 1

    @rule(seconds=st.sampled_from([1, 5, 20, CLAIM_LENGTH, SPACING, 130, 3_600]))
    def wait(self, seconds: int) -> None:
        self.clock.set(self.clock.now() + timedelta(seconds=seconds))

    @rule(
        holder=st.sampled_from("AB"),
        fates=st.lists(st.sampled_from([*OUTCOMES, KILLED_BEFORE, KILLED_AFTER])),
    )
    def send(self, holder: str, fates: list[str]) -> None:
        # A killed watcher is followed by another one, which knows nothing of the claims of the first.
        self.number += 1
        shipments = self.desk.claim_shipments(f"{holder}{self.number}", METHODS)
        for place, shipment in enumerate(shipments):
            self.ship(shipment, fates[place % len(fates)] if fates else "delivered")

    def ship(self, shipment: Shipment, fate: str) -> None:
        first = shipment.first
        assert not (first.urgent and shipment.bundled)
        assert len({(each.method, each.target) for each in shipment.all}) == 1
        if fate == KILLED_BEFORE:
            return
        if not first.urgent and first.method != CUSTOMER_MAIL:
            sent = self.notices[first.method, first.target]
            now = self.clock.now().timestamp()
            assert not sent or now - sent[-1] >= (SPACING if fate != KILLED_AFTER else CLAIM_LENGTH)
            sent.append(now if fate != KILLED_AFTER else float("-inf"))
        for each in shipment.all:
            self.arrive(each, fate)
        for place, each in enumerate(shipment.all):
            if fate != KILLED_AFTER:
                command = RecordAttempt(each.id, fate, "", bundled=place > 0)
                done(self.desk, command, by=WATCHER.key)

    def arrive(self, message: OutgoingMessage, fate: str) -> None:
        """Note that a message went out, which nobody may be sent twice without a reason."""
        assert message.id not in self.reached, "sent although it may have arrived"
        assert message.target != ERASED, "sent although its contact was erased"
        self.sends[message.id] += 1
        assert self.sends[message.id] <= 1 + self.excused[message.id]
        if message.kind == "page":
            assert message.ref is not None
            open_pages = self.desk.ticket(message.ref).ticket.open_pages
            assert message.person in [page.person for page in open_pages], "sent although it was acknowledged"
        if fate in (KILLED_AFTER, "not delivered"):
            self.excused[message.id] += 1
        else:
            self.reached.add(message.id)

    def teardown(self) -> None:
        """At the end a sender that works sends all that waits within a day: nothing is lost or stuck."""
        try:
            for _ in range(60):
                waiting = [each.due_at for each in self.desk.outbox() if each.due_at is not None]
                if not waiting:
                    break
                self.clock.set(max(self.clock.now() + timedelta(seconds=CLAIM_LENGTH), instant(min(waiting))))
                self.send("A", [])
            assert [each for each in self.desk.outbox() if each.state == "waiting"] == []
            assert verified(self.desk).is_intact
        finally:
            self.stack.close()


OutboxMachine.TestCase.settings = settings(max_examples=examples(8), stateful_step_count=25, deadline=None)
test_nothing_is_lost_and_nothing_that_may_have_arrived_is_sent_again = OutboxMachine.TestCase
