"""Pages: who is told at once and on what number, and who stops a page (rule 17)."""

from __future__ import annotations

from supportdesk.tickets.case import Case
from supportdesk.tickets.command import Refusal, Remedy, either
from supportdesk.tickets.events import PageAcknowledged, Paged
from supportdesk.tickets.people import Person
from supportdesk.tickets.permissions import is_supervisor, supervisor
from supportdesk.tickets.process.teams import is_of_team
from supportdesk.tickets.rota import duty
from supportdesk.tickets.ticket import Page

ACKNOWLEDGE = "acknowledge"
"""The verb of the command that stops a page."""


def page_on_call(case: Case, why: str) -> Paged:
    """A page to whoever is on call at this minute, else to the last resort, else visibly to nobody (rule 18)."""
    on_duty = duty(case.directory, case.now)
    if on_duty.person is None:
        return Paged(None, "", "", f"{why}, but nobody is on call; set the rota")
    if on_duty.rung is not None:
        why = f"{why}, but nobody is on call; last resort: {on_duty.rung.name}"
    return page_person(on_duty.person, why)


def page_person(person: Person, why: str) -> Paged:
    """A page to one member of staff."""
    return Paged(person.username, person.name, person.telephone, why)


def open_page(case: Case) -> Page | None:
    """The page that nobody has acknowledged yet."""
    return case.ticket.page if case.ticket.page_open else None


def acknowledged_by_actor(case: Case) -> list[PageAcknowledged]:
    """The end of an open page, where it is the actor's to end; nothing where it is somebody else's.

    A page that found nobody ends as soon as its owner, whoever is on call by now, somebody of the severity's team or a
    supervisor sees to the ticket.
    """
    page = open_page(case)
    if page is None:
        return []
    if page.person is None:
        return [PageAcknowledged()] if _may_answer_for_nobody(case) else []
    return [PageAcknowledged(page.person)] if page.person == case.actor.username else []


def _may_answer_for_nobody(case: Case) -> bool:
    on_call = duty(case.directory, case.now).person
    concerned = (case.ticket.owner, on_call.username if on_call else None)
    return is_of_team(case) or is_supervisor(case.actor) or case.actor.username in concerned


def acknowledged_for(case: Case, username: str) -> PageAcknowledged | Refusal:
    """The end of an open page of the person `username`, whom the actor names; or why they cannot end it."""
    page = open_page(case)
    name = case.directory.name(username)
    if page is None or page.person is None:
        return Refusal(f"no page to {name} is open; look at the timeline")
    if page.person != username:
        return Refusal(
            f"the page is {case.directory.name(page.person)}'s, not {name}'s; name the person who is paged"
        )
    return PageAcknowledged(username, "" if username == case.actor.username else name)


def refuse_acknowledging(case: Case, page: Page) -> Refusal:
    """Why the actor cannot end an open page without naming whose it is."""
    if page.person is None:
        severity = case.policy.severity(case.ticket.severity)
        team = case.policy.team(severity.team).name
        return Refusal(f"nobody was paged for it; tell {team} or {supervisor(case)}, or claim it if you can")
    name = case.directory.name(page.person)
    for_them = Remedy(f"acknowledge for {name}", f"{ACKNOWLEDGE} --paged {page.person}")
    return Refusal(f"{name} is paged and has not acknowledged", either(for_them))
