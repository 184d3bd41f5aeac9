"""The search for the caller, by name, company, number or the reference of a ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from supportdesk.console.calls.call import KnownCaller, UnknownCaller
from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate, Find, NoMatchError
from supportdesk.desk_api import DeskApi, UnknownTicketError
from supportdesk.store.read_models import Caller, QueueRow
from supportdesk.tickets import mail_address, reference, telephone
from supportdesk.tickets.command import LINE_LIMIT
from supportdesk.tickets.documents import Organisation
from supportdesk.tickets.folding import begins, fold, words
from supportdesk.tickets.plain_text import clean_line

_SHORTEST_COMPANY = 3
"""Letters from which on the beginning of a company's name means the company."""
_SHORTEST_PART = 3
"""Characters of a reference, besides its prefix, from which on its ticket is offered."""
_WHOLE_PART = 5
"""Characters of a whole reference besides its prefix."""
_FEW = 3
"""As many tickets may have a typed part of a reference for their callers to be listed."""


def callers(
    door: DeskApi, unfinished: Callable[[], list[Candidate]], rows: Callable[[], Iterable[QueueRow]] = tuple
) -> Find:
    """A search for whoever is on the line, by name, company, number or a ticket's reference; it blocks.

    `rows` are the tickets of the queue, of which a part of a reference offers those that have it.

    For an empty text it gives the calls that are `unfinished`, and for any other those of whoever is found. What looks
    like a reference and cannot be one raises NothingFoundError, which says why. What is found stands for a
    `KnownCaller`, `UnknownCaller` or `UnfinishedCall`.
    """

    def find(text: str) -> list[Candidate]:
        if not text.strip():
            return unfinished()
        begun = _of_tickets_with(door, rows(), text)
        if reference.is_meant(text):
            return begun or [_by_reference(door, text)]
        found, typed = door.find_callers(text), words(text)
        again = (each for each in unfinished() if all(begins(part, each.name) for part in typed))
        callers = (_caller(KnownCaller(each.contact, each.organisation)) for each in found)
        return [*begun, *_of_ticket_within(door, text), *callers, *again, _newcomer(text, found)]

    return find


def _of_tickets_with(door: DeskApi, rows: Iterable[QueueRow], text: str) -> list[Candidate]:
    """Who asked for the few tickets whose references have a typed part; nobody for a whole reference, or a name."""
    part = reference.typed_part(text).removeprefix(reference.PREFIX)
    if (
        not _SHORTEST_PART <= len(part) < _WHOLE_PART
        or not any(map(str.isdigit, part))
        or " " in text.strip()
    ):
        return []
    refs = [row.ref for row in rows if part in row.ref.replace("-", "").removeprefix(reference.PREFIX)]
    if len(refs) > _FEW:
        return []
    found = []
    for ref in refs:
        try:
            found.append(_of_ticket(door, ref))
        except UnknownTicketError:
            continue
    return found


def _of_ticket_within(door: DeskApi, text: str) -> list[Candidate]:
    """Who asked for the ticket whose reference a text holds, such as the subject of a mail; often nobody."""
    if not any(map(str.isdigit, text)):
        return []
    try:
        ref = reference.parse(text)
    except reference.BadReferenceError:
        return []
    try:
        return [_of_ticket(door, ref)]
    except UnknownTicketError:
        return []


def _by_reference(door: DeskApi, text: str) -> Candidate:
    try:
        ref = reference.parse(text)
    except reference.BadReferenceError as error:
        part = reference.typed_part(text).removeprefix(reference.PREFIX)
        if len(part) < len("4C00W"):
            raise NoMatchError("the rest of the reference, with the character at its end") from error
        raise NoMatchError(str(error)) from error
    try:
        return _of_ticket(door, ref)
    except UnknownTicketError as error:
        raise NoMatchError(f"no ticket has the reference {ref}; ask for it again") from error


def _of_ticket(door: DeskApi, ref: str) -> Candidate:
    """Who asked for a ticket. Raises UnknownTicketError."""
    view = door.ticket(ref)
    found = _caller(KnownCaller(view.contact, view.organisation, view.row))
    return replace(found, note=f"{view.organisation.name} · {ref} {view.ticket.summary}")


def _caller(person: KnownCaller) -> Candidate:
    told = [person.organisation.name, searches.contact(person.contact).note]
    return Candidate(person.contact.key, person.contact.name, " · ".join(filter(None, told)), of=person)


def _newcomer(text: str, found: Sequence[Caller]) -> Candidate:
    """Somebody whom the desk does not know: a number, an address, a name, or somebody else of a company."""
    name = clean_line(text, LINE_LIMIT).text
    companies = (each.organisation for each in found)
    company = next((each for each in companies if _names(name, each)), None)
    if company is not None:
        return Candidate(
            "", company.name, "somebody new there", new=True, of=UnknownCaller(organisation=company)
        )
    if telephone.is_number(name) or not any(map(str.isalpha, name)):
        number = telephone.bare(name)
        return Candidate("", number, "a number that is new", new=True, of=UnknownCaller(telephone=number))
    if mail_address.is_meant(name):
        return Candidate("", name, "an address that is new", new=True, of=UnknownCaller(email=name))
    return Candidate("", name, "somebody new", new=True, of=UnknownCaller(name=name))


def _names(text: str, company: Organisation) -> bool:
    """Whether a text is the beginning of a company's name, and long enough to be meant as that."""
    return len(text) >= _SHORTEST_COMPANY and fold(company.name).startswith(fold(text))
