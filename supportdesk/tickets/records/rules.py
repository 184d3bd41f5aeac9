"""The rule of each command on records, and the consequences of a changed release for tickets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.clocks import ClockKind
from supportdesk.sla.formatting import dated, dated_time, full_time
from supportdesk.sla.policy import FIX_DATE, Policy, build_calendar, with_days
from supportdesk.tickets import remedies
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.addresses import find_addresses_fault
from supportdesk.tickets.command import Command
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import (
    Article,
    Contact,
    Organisation,
    Person,
    Release,
    Role,
    Rotation,
    key_of,
)
from supportdesk.tickets.events import ClockStopped, FixDateMoved, FixShipped, TicketEvent
from supportdesk.tickets.policy_keys import refuse_unknown_key
from supportdesk.tickets.promises import compute_verdict, find_breach_of_fix_date
from supportdesk.tickets.reach import find_changed_details_fault, find_new_addresses_fault
from supportdesk.tickets.recalculation import refuse_past_day
from supportdesk.tickets.record_fields import compared_key, find_key_fault, find_name_fault
from supportdesk.tickets.records import (
    contact_rules,
    incoming_rules,
    notice_rules,
    rota_rules,
    shift_rules,
    voicemail_rules,
)
from supportdesk.tickets.records.commands import (
    AcknowledgeNotice,
    ChangeDay,
    InstallPolicy,
    RecordCommand,
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRecord,
    SaveRelease,
    SaveRotation,
    SendNotice,
    WithdrawNotice,
)
from supportdesk.tickets.records.decision import RecordDecision
from supportdesk.tickets.records.events import (
    ArticleSaved,
    DayChanged,
    OrganisationSaved,
    PersonSaved,
    PolicyInstalled,
    ReleaseSaved,
    RotationSaved,
)
from supportdesk.tickets.records.incoming_commands import AccountMessage, SettleMessage
from supportdesk.tickets.records.rota_commands import (
    AcceptSwap,
    ApproveSwap,
    CloseSwap,
    EndAbsence,
    EndOverride,
    OfferSwap,
    OverrideShifts,
    RecordAbsence,
)
from supportdesk.tickets.records.rota_rules import refuse_rotation, refuse_rotation_gap
from supportdesk.tickets.records.shift_commands import AcceptHandover, HandOverShift, WithdrawHandover
from supportdesk.tickets.records.voicemail_commands import AddTranscript, MarkHeard, RecordMissedCall
from supportdesk.tickets.refusal import Refusal, either
from supportdesk.tickets.rota.data import has_address
from supportdesk.tickets.rota.next_shifts import next_shifts
from supportdesk.tickets.ticket import Stage, Ticket


def decide_record(case: DecisionContext, command: RecordCommand) -> RecordDecision:
    """Return the events of a record command, or why it is refused."""
    if isinstance(command, SaveRecord) and (refusal := _refuse_stale(case, command)) is not None:
        return refusal
    return _RULES[type(command)](case, command)


def _refuse_stale(case: DecisionContext, command: SaveRecord) -> Refusal | None:
    document, records = command.document, case.records
    by_type: dict[type, Mapping[str, Any]] = {
        Person: records.staff,
        Organisation: records.organisations,
        Contact: records.contacts,
        Release: records.releases,
        Article: records.articles,
        Rotation: {key_of(each): each for each in records.rotations},
    }
    known = by_type[type(document)].get(key_of(command.was or document))
    if command.new and (fault := find_key_fault(key_of(document))) is not None:
        return Refusal(fault)
    same = compared_key(key_of(document))
    taken = [each for each in by_type[type(document)] if compared_key(each) == same] if command.new else []
    if taken:
        return Refusal(f"{taken[0]} already exists; choose another key")
    name, known_name = getattr(document, "name", None), getattr(known, "name", None)
    if name is not None and name != known_name and (fault := find_name_fault(name)) is not None:
        return Refusal(fault)
    if command.was is not None and known is None and isinstance(document, Contact):
        return Refusal("they were removed or erased in the meantime; cancel, and look them up again")
    if command.was is not None and known != command.was:
        return Refusal("somebody else has changed it in the meantime; cancel, and open it again")
    return None


def _save_person(case: DecisionContext, command: SavePerson) -> RecordDecision:
    person = command.person
    known = case.records.staff.get(person.username)
    fault = find_changed_details_fault(case.policy, person, known)
    fault = fault or find_addresses_fault(person.addresses)
    fault = fault or find_new_addresses_fault(case.policy, person, known)
    if fault is not None:
        return Refusal(fault)
    if (refusal := refuse_unknown_key(case.policy, team=person.team)) is not None:
        return refusal
    administrators = [each.username for each in case.records.staff.values() if _administers(each)]
    if administrators == [person.username] and not _administers(person):
        return Refusal(f"{person.name} is the only administrator", either(remedies.MAKE_ADMINISTRATOR))
    if not command.unreachable and (refusal := _refuse_unreachable(case, person)) is not None:
        return refusal
    return [PersonSaved(person)]


def _refuse_unreachable(case: DecisionContext, person: Person) -> Refusal | None:
    """Return why a person cannot leave, or lose their last address: pages are sent to them. None where they can."""
    known, methods = case.records.staff.get(person.username), case.records.find_methods()
    if known is None or not known.active:
        return None
    if not person.active:
        return rota_rules.refuse_gap_of_leaver(case, person)
    if has_address(person, methods) or not has_address(known, methods):
        return None
    shift = next_shifts(case.records, case.now).get(person.username)
    if shift is not None:
        starts = full_time(max(shift.start, case.now), case.policy.timezone)
        why = f"{person.name} is on call from {starts}"
    elif person.rungs:
        rungs = [case.records.policy_name("ladder", each) for each in person.rungs]
        why = f"{person.name} is {' and '.join(rungs)} on the ladder"
    else:
        return None
    return Refusal(
        f"{why}, and no page would reach them without an address", either(remedies.CONFIRM_UNREACHABLE)
    )


def _administers(person: Person) -> bool:
    return person.active and Role.ADMINISTRATOR in person.roles


def _save_release(case: DecisionContext, command: SaveRelease) -> RecordDecision:
    known = case.records.releases.get(command.release.key)
    if known is not None and known.shipped_at is not None:
        return Refusal(
            f"{known.key} shipped on {dated(known.shipped_at)} and cannot change any more",
            either(remedies.ADD_RELEASE),
        )
    policies = case.records.policies.values() or (case.policy,)
    past = refuse_past_day(policies, known, command.release, case.now)
    # While a desk is created, overdue releases are accepted too: no ticket can promise one yet.
    if past is not None and case.actor != SYSTEM:
        return past
    shipped_at = command.release.shipped_at
    if shipped_at is not None and shipped_at > case.now:
        local_now = dated_time(case.now, case.policy.timezone)
        return Refusal(f"it cannot have shipped later than now, {local_now}; check the time and its zone")
    return [ReleaseSaved(command.release)]


def _save_rotation(case: DecisionContext, command: SaveRotation) -> RecordDecision:
    rotation = command.rotation
    if not rotation.members and (refusal := _refuse_cancelling(case, rotation)) is not None:
        return refusal
    if rotation.members and (refusal := refuse_rotation(case, rotation)) is not None:
        return refusal
    refusal = refuse_rotation_gap(case, rotation, despite_gap=command.despite_gap)
    return refusal or [RotationSaved(rotation)]


def _refuse_cancelling(case: DecisionContext, rotation: Rotation) -> Refusal | None:
    """Return why a rotation without members cancels nothing: its line and layer have none planned for its start."""
    planned = [
        each
        for each in case.records.rotations
        if each.members
        and each.starts > case.now
        and (each.line, each.layer) == (rotation.line, rotation.layer)
    ]
    if all(each.starts != rotation.starts for each in planned):
        if not planned:
            return Refusal("no rotation starts then, and none is planned", either(remedies.LOOK_AT_ROTA))
        starts = ", ".join(full_time(each.starts, each.timezone) for each in planned)
        return Refusal(f"no rotation is planned to start then; the planned ones start on {starts}")
    return None


def _change_day(case: DecisionContext, command: ChangeDay) -> RecordDecision:
    calendars = {hours.key: hours for hours in case.policy.calendars}
    hours = calendars.get(command.calendar)
    if hours is None or hours.always:
        known = ", ".join(key for key, each in calendars.items() if not each.always)
        return Refusal(f"no calendar {command.calendar!r} whose days can change; the policy has {known}")
    if not command.reason.strip():
        return Refusal("say why the day changes; every ticket whose due time moves shows the reason")
    change = DayChanged(command.calendar, command.day, command.spans, command.reason)
    try:
        build_calendar(with_days(case.policy, [change]).hours(change.calendar))
    except CalendarError as error:
        return Refusal(str(error))
    return [change]


def _install_policy(case: DecisionContext, command: InstallPolicy) -> RecordDecision:
    # Imported here because only a new policy needs it, and what reads TOML with it.
    from supportdesk.sla.policy_checks import find_faults

    faults = find_faults(command.policy)
    if faults:
        return Refusal("; ".join(f"{fault.place}: {fault.reason}" for fault in faults))
    return [PolicyInstalled(command.policy)]


_RULES: dict[type[Command], Callable[[DecisionContext, Any], RecordDecision]] = {
    SavePerson: _save_person,
    SaveOrganisation: lambda case, command: [OrganisationSaved(command.organisation)],
    SaveContact: contact_rules.save_contact,
    SaveRelease: _save_release,
    SaveArticle: lambda case, command: [ArticleSaved(command.article)],
    SaveRotation: _save_rotation,
    OverrideShifts: rota_rules.override_shifts,
    EndOverride: rota_rules.end_override,
    OfferSwap: rota_rules.offer_swap,
    AcceptSwap: rota_rules.accept_swap,
    ApproveSwap: rota_rules.approve_swap,
    CloseSwap: rota_rules.close_swap,
    HandOverShift: shift_rules.hand_over_shift,
    AcceptHandover: shift_rules.accept_handover,
    WithdrawHandover: shift_rules.withdraw_handover,
    RecordAbsence: rota_rules.record_absence,
    EndAbsence: rota_rules.end_absence,
    InstallPolicy: _install_policy,
    ChangeDay: _change_day,
    SendNotice: notice_rules.send_notice,
    AcknowledgeNotice: notice_rules.acknowledge_notice,
    WithdrawNotice: notice_rules.withdraw_notice,
    AccountMessage: incoming_rules.account_message,
    SettleMessage: incoming_rules.settle_message,
    RecordMissedCall: voicemail_rules.record_missed_call,
    MarkHeard: voicemail_rules.mark_heard,
    AddTranscript: voicemail_rules.add_transcript,
}


def has_unshipped_fix_in(ticket: Ticket, release: str) -> bool:
    """Return whether a ticket that is not closed has a fix promised in a release that has not shipped."""
    fix = ticket.fix
    return (
        fix is not None
        and fix.release == release
        and fix.shipped_at is None
        and ticket.stage is not Stage.CLOSED
    )


def release_consequences(
    policy: Policy, ticket: Ticket, release: Release, now: datetime, promised_at: datetime | None = None
) -> list[TicketEvent]:
    """Return what a saved release means at `now` for a ticket with a fix promised in it (rule 5); often nothing.

    A shipped fix meets the target of a severity that is resolved by a fix date, and stops that clock at the time of
    shipping, however much later that is recorded, but not before the ticket arrived and the fix was promised to its
    customer, at `promised_at`: a release that had already shipped then has met nothing earlier.
    """
    fix = ticket.fix
    if fix is None or not has_unshipped_fix_in(ticket, release.key):
        return []
    if release.shipped_at is None:
        if release.day == fix.day:
            return []
        return [FixDateMoved(release.key, fix.day, release.day, find_breach_of_fix_date(policy, ticket, now))]
    events: list[TicketEvent] = [FixShipped(release.key, release.shipped_at)]
    if ticket.resolution_verdict is None and FIX_DATE in policy.severity(ticket.resolution.severity).steps:
        stopped_at = min(max(release.shipped_at, ticket.received_at, promised_at or ticket.received_at), now)
        events.append(
            ClockStopped(
                ClockKind.RESOLUTION, compute_verdict(policy, ticket, ClockKind.RESOLUTION, stopped_at)
            )
        )
    return events
