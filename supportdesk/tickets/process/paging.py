"""Telling somebody at once: whom, and on what number."""

from __future__ import annotations

from supportdesk.tickets.case import Case
from supportdesk.tickets.events import Paged
from supportdesk.tickets.people import Person
from supportdesk.tickets.rota import on_call


def page_on_call(case: Case, why: str) -> Paged:
    """A page to whoever is on call at this minute; one to nobody, visibly, where nobody is."""
    shift = on_call(case.directory.rotation, case.now)
    person = case.directory.staff.get(shift.username) if shift else None
    if person is None or not person.active:
        return Paged(None, "", "", f"{why}, but nobody is on call; set the rota")
    return page_person(person, why)


def page_person(person: Person, why: str) -> Paged:
    """A page to one member of staff."""
    return Paged(person.username, person.name, person.telephone, why)
