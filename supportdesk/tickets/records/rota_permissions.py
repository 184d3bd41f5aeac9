"""Who may be on the rota, and who may change it for whom.

Everybody may give away what is theirs and cover a gap; only a supervisor takes a shift from somebody, or gives one to
them, without their agreement.
"""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.formatting import full_time
from supportdesk.tickets import remedies
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.decision_context import CaseRecords, DecisionContext
from supportdesk.tickets.documents import Line, Person
from supportdesk.tickets.permissions import name_permitted
from supportdesk.tickets.refusal import Refusal, either
from supportdesk.tickets.rota.data import describe_lack, has_address
from supportdesk.tickets.rota.differences import find_differences
from supportdesk.tickets.rota.roles import ROTA_ROLES


def refuse_staff(case: DecisionContext, username: str) -> Refusal | None:
    """Return why a username is nobody's who works here; None where it is somebody's."""
    person = case.records.staff.get(username)
    if person is None:
        return Refusal(f"not on the staff: {username}", either(remedies.ADD_STAFF))
    if not person.active:
        return Refusal(f"no longer on the staff: {person.name}; choose somebody who is")
    return None


def refuse_on_rota(case: DecisionContext, username: str) -> Refusal | None:
    """Return why a person cannot be on call; None where they can."""
    if (refusal := refuse_staff(case, username)) is not None:
        return refusal
    person: Person = case.records.staff[username]
    methods = case.records.find_methods()
    if not has_address(person, methods):
        return Refusal(
            f"{person.name} has {describe_lack(methods)}, so no page would reach them",
            either(remedies.ADD_ADDRESS),
        )
    return None


def refuse_for(case: DecisionContext, username: str) -> Refusal | None:
    """Return why the actor may not change the rota for a person; None where they may."""
    if case.actor.key == username or _may_change_for_all(case):
        return None
    whose = case.records.name(username)
    return Refusal(
        f"only {whose} or {name_permitted(ROTA_ROLES, case.records.staff.values())} may do this; ask them"
    )


def refuse_without_agreement(
    case: DecisionContext, after: CaseRecords, line: Line, start: datetime, end: datetime
) -> Refusal | None:
    """Return why the actor may not make a change: it takes a shift from a colleague, or gives one to them.

    A supervisor may, and everybody may cover a gap.
    """
    if _may_change_for_all(case):
        return None
    for each in find_differences(case.records, after, line, max(start, case.now), end):
        colleague = next((name for name in (each.was, each.now) if name not in ("", case.actor.key)), None)
        if colleague is None:
            continue
        who, permitted = case.records.name(colleague), name_permitted(ROTA_ROLES, case.records.staff.values())
        when = full_time(each.at, case.policy.timezone)
        if each.was == colleague:
            return Refusal(
                f"{who} is on call on {when}, and only {permitted} may put you on call instead",
                either(remedies.ASK_FOR_SWAP, remedies.ASK_TO_DEPUTISE),
            )
        return Refusal(
            f"{who} would be on call again on {when}, and only {permitted} may decide that",
            either(remedies.OFFER_SWAP),
        )
    return None


def _may_change_for_all(case: DecisionContext) -> bool:
    return case.actor == SYSTEM or not ROTA_ROLES.isdisjoint(case.actor.roles)
