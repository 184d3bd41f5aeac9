"""A message that did not arrive, or waits for another attempt, is sent again because somebody on the staff wants it."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.tickets import remedies
from supportdesk.tickets.command import EVERYBODY, Command, Decision, rule_for
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import ERASED
from supportdesk.tickets.events import RetryRequested
from supportdesk.tickets.outbox.delivery import Delivery, DeliveryState
from supportdesk.tickets.refusal import Refusal, either


@dataclass(frozen=True, slots=True)
class RetryDelivery(Command):
    """Send again at once a message that failed, came back, or waits for another attempt."""

    tag = "retry delivery"
    title = "Retry now"
    needs = EVERYBODY

    delivery: str
    even_if_arrived: bool = False
    """Whether one that may have arrived, so that it may come twice, is sent again all the same."""


@rule_for(RetryDelivery)
def retry_delivery(case: DecisionContext, command: RetryDelivery) -> Decision:
    """What is still wanted and did not arrive is due at once, and is tried as often as something new from then on.

    It keeps its identity, so that a receiver knows it.
    """
    delivery = case.delivery
    if delivery is None:
        return Refusal("there is no such message; `supportdesk outbox --all` lists those of the last 30 days")
    refusal = refuse_retry(delivery, even_if_arrived=command.even_if_arrived)
    if refusal is not None:
        return refusal
    is_unsure = delivery.state is DeliveryState.POSSIBLY_DELIVERED and not delivery.is_bounced
    mail = delivery.mail
    person = delivery.person if mail is None else ""
    kind = mail.kind if mail is not None else ""
    ends_alarm = mail is not None and delivery.state is not DeliveryState.WAITING
    return [
        RetryRequested(
            delivery.id,
            delivery.kind,
            delivery.method,
            person,
            kind,
            is_unsure,
            ends_alarm,
            delivery.attempts,
        )
    ]


def refuse_retry(delivery: Delivery, *, even_if_arrived: bool) -> Refusal | None:
    """Return why a delivery is not sent again; None where it is."""
    if delivery.is_under_way:
        return Refusal("it is being sent at this moment; look in a minute what came of it")
    if delivery.state is DeliveryState.CANCELLED or delivery.needless:
        why = delivery.needless or delivery.detail
        return Refusal(f"it is not sent any more: {why}" if why else "it was cancelled", _INSTEAD)
    if not delivery.attempts:
        return Refusal("it was not tried yet; a watcher sends it as soon as it is due")
    refusal = _refuse_address(delivery)
    if refusal is not None or delivery.is_bounced:
        return refusal
    if delivery.state is DeliveryState.DELIVERED:
        return Refusal("it was delivered", either(remedies.REPLY) if delivery.mail is not None else _INSTEAD)
    if delivery.state is DeliveryState.POSSIBLY_DELIVERED and not even_if_arrived:
        return Refusal("it may have arrived, and would come twice", either(remedies.CONFIRM_TWICE))
    return None


def _refuse_address(delivery: Delivery) -> Refusal | None:
    """Return that a contact has the address of a mail no more, which may be that of somebody else; None where not."""
    present = delivery.present_address
    if delivery.target == ERASED:
        return Refusal("its contact was erased, and no address is left", either(remedies.NOTE))
    if present is None or present.casefold() == delivery.target.casefold():
        return None
    if not present:
        return Refusal("its contact has no email address any more", either(remedies.TELL_BY_TELEPHONE))
    return Refusal(
        f"it would go to {delivery.target}, and its contact has {present} now", either(remedies.REPLY)
    )


_INSTEAD = either(remedies.ESCALATE)
