"""What becomes of messages that are sent outside the desk: attempts, and pages that could not be sent."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.sla.clocks import epoch, instant
from supportdesk.tickets.actors import INTAKE, WATCHER
from supportdesk.tickets.command import ANY_STAGE, Command, Decision, TicketCommand, rule_for
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import ERASED, Role
from supportdesk.tickets.events import MailPlanned, MailUndelivered, PageUnsent, SendAttempted, TicketEvent
from supportdesk.tickets.events.sending import DELIVERED, NOT_DELIVERED, POSSIBLY_DELIVERED, SEND_OUTCOMES
from supportdesk.tickets.outbox.delivery import ACCEPTED, Delivery, DeliveryState
from supportdesk.tickets.outbox.pacing import find_retry
from supportdesk.tickets.process.conversation import record_response
from supportdesk.tickets.process.paging import paged_people
from supportdesk.tickets.refusal import Refusal

_WATCHER = frozenset({WATCHER.key})


@dataclass(frozen=True, slots=True)
class RecordAttempt(Command):
    """Record what became of an attempt to send a message."""

    tag = "record attempt"
    needs = frozenset({Role.ADMINISTRATOR})
    open_to_services = _WATCHER

    delivery: str
    outcome: str
    detail: str = ""
    permanent: bool = False
    """Whether another attempt would fail as well."""
    bundled: bool = False
    """Whether it went out together with another message."""
    declined: bool = False
    """Whether the person who was reached passes the page on to the next person."""


@dataclass(frozen=True, slots=True)
class RecordBounce(Command):
    """Record that a server sent back a mail to a customer that another one had accepted."""

    tag = "record bounce"
    needs = frozenset({Role.ADMINISTRATOR})
    open_to_services = frozenset({INTAKE.key})

    delivery: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EscalateUnsent(TicketCommand):
    """Escalate a page that could not be sent to its person by any method."""

    tag = "escalate unsent page"
    needs = frozenset({Role.ADMINISTRATOR})
    open_to_services = _WATCHER
    stages = ANY_STAGE

    person: str
    reason: str = ""


@rule_for(RecordAttempt)
def record_attempt(case: DecisionContext, command: RecordAttempt) -> Decision:
    """An attempt is recorded on the ticket, if there is one. Only what was not delivered is tried again.

    An open page that its person passes on counts as a step that found nobody (rules 20 and 24).
    """
    delivery = case.delivery
    if delivery is None:
        return Refusal("there is no such delivery; `supportdesk outbox` lists those that wait")
    if command.outcome not in SEND_OUTCOMES:
        return Refusal(f"{command.outcome!r} is not an outcome; it is one of {', '.join(SEND_OUTCOMES)}")
    # By the clock by which it is sent: an event is never before the last one, which a fast clock may have dated.
    again = _find_next_attempt(delivery, command, epoch(case.clock or case.now))
    # What was under way when its contact was erased: a server repeats the address.
    detail = command.detail if delivery.target != ERASED else ""
    attempt = SendAttempted(
        delivery.id,
        delivery.kind,
        delivery.person,
        delivery.method,
        delivery.target,
        command.outcome,
        detail,
        delivery.attempts + 1,
        instant(again) if again is not None else None,
        command.bundled,
    )
    if delivery.mail is not None:
        return [attempt, *_settle_mail(case, delivery, delivery.mail, attempt)]
    is_passed_on = command.declined and delivery.kind == "page" and delivery.person in paged_people(case)
    return [attempt, *([PageUnsent(delivery.person, detail, declined=True)] if is_passed_on else [])]


def _settle_mail(
    case: DecisionContext, delivery: Delivery, mail: MailPlanned, attempt: SendAttempted
) -> list[TicketEvent]:
    """Return what an attempt at a mail means for its ticket; nothing while it is tried again, or was accepted before.

    An accepted reply is the response, or what counts if that comes back, if the team that wrote it gives it (rule 3).
    Any other end raises an alarm.
    """
    if delivery.state is DeliveryState.DELIVERED or attempt.retry_at is not None:
        return []
    if attempt.outcome == DELIVERED:
        return record_response(case, mail.team, delivery.id)
    if delivery.state is not DeliveryState.WAITING:
        return []
    unsure = attempt.outcome == POSSIBLY_DELIVERED
    return [make_alarm(case, delivery.id, mail, attempt.detail, unsure=unsure)]


def make_alarm(
    case: DecisionContext,
    delivery: str,
    mail: MailPlanned,
    reason: str,
    *,
    unsure: bool = False,
    bounced: bool = False,
) -> MailUndelivered:
    """Return the alarm that a mail did not reach its contact.

    Where the response rested on it, that is withdrawn, and what the customer was told since is the response (rule 3).
    """
    withdraws = case.ticket.response_mail == delivery
    return MailUndelivered(
        delivery,
        mail.kind,
        mail.contact,
        mail.name,
        reason,
        bounced=bounced,
        withdraws=withdraws,
        confirmed=withdraws and bool(case.ticket.later_responses),
        unsure=unsure,
        owner=case.ticket.owner,
    )


@rule_for(RecordBounce)
def record_bounce(case: DecisionContext, command: RecordBounce) -> Decision:
    """What bounces was no response: a later one counts, or the clock runs on as if it had never stopped (rule 3)."""
    delivery = case.delivery
    if delivery is None or delivery.mail is None:
        return Refusal(
            "there is no such mail to a customer; `supportdesk outbox` lists what waits and what has failed"
        )
    if delivery.state not in ACCEPTED:
        return Refusal(
            "this mail was not sent, so that it cannot have come back; `supportdesk outbox` says why"
        )
    reason = command.reason if delivery.target != ERASED else ""
    return [make_alarm(case, delivery.id, delivery.mail, reason, bounced=True)]


def _find_next_attempt(delivery: Delivery, command: RecordAttempt, at: int) -> int | None:
    """Return when a message is sent again after an attempt at `at`, in UTC epoch seconds; None for never.

    What somebody on the staff asked for again has a new series of attempts.
    """
    waits = delivery.state is DeliveryState.WAITING
    if command.outcome != NOT_DELIVERED or command.permanent or not waits:
        return None
    return find_retry(delivery.attempts + 1 - delivery.asked_after, at, urgent=delivery.urgent)


@rule_for(EscalateUnsent)
def escalate_unsent(case: DecisionContext, command: EscalateUnsent) -> Decision:
    """A page that reached its person by no method counts as a step that found nobody (rules 20 and 24)."""
    if command.person not in paged_people(case):
        return Refusal(f"{case.records.name(command.person)} has no open page; see the timeline")
    return [PageUnsent(command.person, command.reason)]
