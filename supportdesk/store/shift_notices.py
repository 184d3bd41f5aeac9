"""Tells people that their next shift has changed, in the transaction of the change."""

from __future__ import annotations

from datetime import datetime

from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.actors import SYSTEM, Actor
from supportdesk.tickets.documents import DeskNotice
from supportdesk.tickets.records.events import NoticeSent
from supportdesk.tickets.rota.notices.changed_shifts import notices_of_changed_shifts


def add_notices_of_changed_shifts(
    unit: UnitOfWork, before: ReferenceData, actor: Actor, command_id: str, now: datetime
) -> None:
    """Record a notice to everybody whose next shift differs from `before`, except the actor.

    The program itself, which saves the first records of a desk, tells nobody.
    """
    after = unit.reference_data
    if actor == SYSTEM or not _may_differ(before, after):
        return
    zone = after.policy_at(now).timezone
    for each in notices_of_changed_shifts(before, after, now, actor=actor.key, change=command_id, zone=zone):
        notice = DeskNotice(each.key, each.kind, each.people, each.text, now, each.urgent)
        unit.add_record_event(NoticeSent(notice), now)


def _may_differ(before: ReferenceData, after: ReferenceData) -> bool:
    """Return whether something changed on which shifts depend."""
    names = ("rotations", "overrides", "swaps", "absences")
    return any(getattr(before, name) is not getattr(after, name) for name in names) or _active(
        before
    ) != _active(after)


def _active(data: ReferenceData) -> set[str]:
    return {each.username for each in data.staff.values() if each.active}
