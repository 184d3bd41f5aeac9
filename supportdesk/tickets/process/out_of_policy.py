"""Why a request is out of policy: none is rejected for it, but staff and reports see it."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.policy import SUPER_USERS, Policy
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.wording import either, within_sentence


def find_reasons_out_of_policy(
    policy: Policy, severity: str, channel: str, contact: Contact | None, received_at: datetime
) -> tuple[str, ...]:
    """Return why a request is out of policy, as reasons to show; empty where it is not.

    `contact` is None for an unknown caller.
    """
    wanted, used = policy.severity(severity), policy.channel(channel)
    reasons = []
    if channel not in wanted.channels:
        ways = [within_sentence(policy.channel(key).name) for key in wanted.channels]
        reasons.append(f"{wanted.name} must come by {either(ways)}")
    if used.open_to == SUPER_USERS and (contact is None or not contact.super_user):
        reasons.append("the contact is not a super user")
    if contact is None or not contact.registered:
        reasons.append("the contact is not registered")
    if not policy.calendar(used.calendar).is_open(received_at):
        reasons.append(f"{within_sentence(used.name)} is closed at that time")
    return tuple(reasons)


def find_advice(policy: Policy, severity: str, channel: str) -> str:
    """Return what the policy asks staff to say about a request by the wrong channel or contact."""
    wanted, used = policy.severity(severity), policy.channel(channel)
    return used.advice if channel in wanted.channels else wanted.advice
