"""The rules of notices, which are sent to people about the desk and no ticket."""

from __future__ import annotations

from msgspec.structs import replace

from supportdesk.sla.formatting import full_time
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import MESSAGE_KINDS, NOTICE, DeskNotice
from supportdesk.tickets.records.commands import AcknowledgeNotice, SendNotice, WithdrawNotice
from supportdesk.tickets.records.decision import RecordDecision
from supportdesk.tickets.records.events import NoticeEnded, NoticeSent
from supportdesk.tickets.refusal import Refusal

NOTICE_SENT = Refusal("a notice with this key was sent already; give another key to send another notice")
"""Why a notice is not sent; nothing is written then."""
NOTICE_OVER = Refusal("it is acknowledged or withdrawn already; nothing is left to do")
"""Why a notice is neither acknowledged nor withdrawn; nothing is written then."""


def send_notice(case: DecisionContext, command: SendNotice) -> RecordDecision:
    """Decide that a notice is sent: the first one with its key."""
    if command.key in case.records.notices:
        return NOTICE_SENT
    people = tuple(dict.fromkeys(command.people))
    unknown = [each for each in people if each not in case.records.staff]
    if unknown or not people:
        named = ", ".join(unknown) or "nobody"
        return Refusal(f"a notice cannot be sent to {named}; give usernames of members of staff")
    if command.kind not in MESSAGE_KINDS:
        return Refusal(f"{command.kind!r} is not a kind of notice; it is one of {', '.join(MESSAGE_KINDS)}")
    notice = DeskNotice(command.key, command.kind, people, command.text, case.now, command.urgent)
    return [NoticeSent(notice)]


def acknowledge_notice(case: DecisionContext, command: AcknowledgeNotice) -> RecordDecision:
    """Decide that one of its people acknowledges a page or a test page."""
    notice = case.records.notices.get(command.key)
    if notice is None or notice.kind == NOTICE:
        return Refusal(
            f"there is no page {command.key!r} to acknowledge; your inbox lists what was sent to you"
        )
    if case.actor.key not in notice.people:
        names = " or ".join(map(case.records.name, notice.people))
        return Refusal(f"it was sent to {names}; ask them to acknowledge it")
    if notice.acknowledged_at is not None:
        when = full_time(notice.acknowledged_at, case.policy.timezone)
        return Refusal(
            f"{case.records.name(notice.acknowledged_by)} acknowledged it already, on {when}; nothing is left to do"
        )
    if notice.withdrawn_at is not None:
        return NOTICE_OVER
    return [NoticeEnded(replace(notice, acknowledged_at=case.now, acknowledged_by=case.actor.key))]


def withdraw_notice(case: DecisionContext, command: WithdrawNotice) -> RecordDecision:
    """Decide that a notice is withdrawn."""
    notice = case.records.notices.get(command.key)
    if notice is None:
        return Refusal(f"there is no notice {command.key!r} to withdraw; check its key")
    return [NoticeEnded(replace(notice, withdrawn_at=case.now))] if notice.is_open else NOTICE_OVER
