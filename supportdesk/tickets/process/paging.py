"""Pages: who is paged on which number, and who can end a page (rules 17 and 18)."""

from __future__ import annotations

from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Person
from supportdesk.tickets.events import PageAcknowledged, Paged
from supportdesk.tickets.permissions import is_supervisor, name_supervisors
from supportdesk.tickets.process.teams import is_of_team, teams_that_are_paged
from supportdesk.tickets.refusal import Refusal, Remedy, either
from supportdesk.tickets.rota.duty import duty
from supportdesk.tickets.ticket import Page

ACKNOWLEDGE = "acknowledge"
"""The verb of the command that ends a page."""


def page_on_call(case: DecisionContext, why: str) -> Paged:
    """Return a page to the person on call, else to the last resort, else a visible page to nobody (rule 18)."""
    on_duty = duty(case.records, case.now)
    if on_duty.person is None:
        reason = f"{why}, but nobody is on call; set the rota"
        return Paged(None, "", "", reason, _leaves_others_paged(case, None))
    if on_duty.rung is not None:
        why = f"{why}, but nobody is on call; last resort: {on_duty.rung.name}"
    return page_person(case, on_duty.person, why)


def page_person(case: DecisionContext, person: Person, why: str) -> Paged:
    """Return a page to one member of staff, in addition to those of others; it replaces the actor's own (rule 17)."""
    beside = _leaves_others_paged(case, person.username)
    return Paged(person.username, person.name, person.telephone, why, beside)


def _leaves_others_paged(case: DecisionContext, person: str | None) -> bool:
    """Return whether other people are paged and stay so after a page to `person`."""
    return any(each not in (person, case.actor.key) for each in paged_people(case))


def paged_people(case: DecisionContext) -> list[str]:
    """Return the usernames of those who are paged and have not acknowledged, the longest paged first."""
    pages: tuple[Page, ...] = case.subject.open_pages if case.subject is not None else ()
    return [each.person for each in pages if each.person is not None]


def acknowledge_own_page(case: DecisionContext) -> list[PageAcknowledged]:
    """Return the end of the open pages that the actor may end; nothing where they are other people's.

    A page that reached nobody ends as soon as the owner, the person now on call, somebody of the severity's team or a
    supervisor works on the ticket.
    """
    people, actor = paged_people(case), case.actor.key
    mine = [PageAcknowledged(actor)] if actor in people else []
    found_nobody = any(page.person is None for page in case.ticket.open_pages)
    ends_it = found_nobody and (mine or not people) and _may_end_page_to_nobody(case)
    return [*mine, *([PageAcknowledged()] if ends_it else [])]


def _may_end_page_to_nobody(case: DecisionContext) -> bool:
    on_call = duty(case.records, case.now).person
    responsible = (case.ticket.owner, on_call.username if on_call else None)
    return is_of_team(case) or is_supervisor(case.actor) or case.actor.key in responsible


def acknowledge_page_of(case: DecisionContext, username: str) -> PageAcknowledged | Refusal:
    """Return the end of the open page of `username`, at the actor's request; or why they cannot end it."""
    people, name = paged_people(case), case.records.name(username)
    if not people:
        return Refusal(f"{name} has no open page; see the timeline")
    if username not in people:
        theirs = " and ".join(f"{case.records.name(each)}'s" for each in people)
        return Refusal(f"the page is {theirs}, not {name}'s; name the person who is paged")
    return PageAcknowledged(username, "" if username == case.actor.key else name)


def page_after_leaving(case: DecisionContext, person: Person) -> list[PageAcknowledged | Paged]:
    """Return the end of the open page of somebody who has left, and a page to the person on call now (rule 18).

    Nothing where they are not paged. Nobody is paged instead of them for a resolved ticket, or where somebody else is
    paged already.
    """
    people = paged_people(case)
    if person.username not in people:
        return []
    ended = PageAcknowledged(person.username, person.name, left=True)
    follows = page_on_call(case, f"{person.name} has left")
    others = {*people} - {person.username}
    enough = not case.ticket.is_open or (others and follows.person in {*others, None})
    return [ended] if enough else [ended, follows]


def refuse_page_of_others(case: DecisionContext) -> Refusal:
    """Return why the actor cannot end an open page without naming the person paged."""
    people = {each: case.records.name(each) for each in paged_people(case)}
    if not people:
        severity = case.policy.severity(case.ticket.severity)
        team = case.policy.team(severity.team).name
        return Refusal(
            f"nobody was paged for it; call {team} or {name_supervisors(case)}, or claim it if you can"
        )
    for_them = (
        Remedy(f"acknowledge for {name}", f"{ACKNOWLEDGE} --paged {each}") for each, name in people.items()
    )
    verbs = "are paged and have" if len(people) > 1 else "is paged and has"
    return Refusal(f"{' and '.join(people.values())} {verbs} not acknowledged", either(*for_them))


def refuse_ending_page(case: DecisionContext) -> Refusal | None:
    """Return why the actor may not end the ticket while somebody is paged for it; None where they may (rule 17).

    The end of a ticket ends its page, so a member of another team must first acknowledge it for the person paged.
    """
    actor, severity = case.actor, case.policy.severity(case.ticket.severity)
    others = [each for each in paged_people(case) if each != actor.key]
    if not severity.pages:
        others = [each for each in others if _stays_responsible(case, each)]
    elif is_of_team(case):
        return None
    return refuse_page_of_others(case) if others and not is_supervisor(actor) else None


def refuse_taking_lowered(case: DecisionContext) -> Refusal | None:
    """Return why the actor may not take or move a ticket whose severity was lowered; None where they may (rule 17).

    Until those who were paged before have acknowledged, or somebody has for them, the ticket stays theirs.
    """
    severity = case.policy.severity(case.ticket.severity)
    return None if severity.pages else refuse_ending_page(case)


def _stays_responsible(case: DecisionContext, username: str) -> bool:
    """Return whether somebody paged before the severity was lowered is still to acknowledge before outsiders go on.

    A manager to whom the ticket was escalated is not: managers do not work on tickets. One who was paged as the last
    resort is.
    """
    person, team = case.records.staff.get(username), case.actor.team
    if person is None or team in teams_that_are_paged(case):
        return False
    if not person.rungs:
        return person.team != team
    reached = {rung.key for rung in case.policy.ladder[: case.ticket.rung]}
    return reached.isdisjoint(person.rungs)
