"""The search for the caller, by name, company, number or the reference of a ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from supportdesk.console.calls.call import KnownCaller, UnknownCaller
from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate, Find, NoMatchError
from supportdesk.desk_api import DeskReader, TicketQueries, UnknownTicketError
from supportdesk.store.read_models import Caller, QueueRow
from supportdesk.tickets import mail_address, reference, telephone
from supportdesk.tickets.command import LINE_LIMIT
from supportdesk.tickets.documents import Organisation
from supportdesk.tickets.folding import begins, fold, words
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.reach import find_contact_details_fault

_SHORTEST_COMPANY = 3
"""The number of letters from which the beginning of a company's name stands for the company."""
_SHORTEST_PART = 3
"""The number of characters of a reference, without its prefix, from which matching tickets are offered."""
_WHOLE_PART = 5
"""The number of characters of a complete reference without its prefix."""
_FEW = 3
"""Callers are listed for a part of a reference only if at most this many tickets match it."""


def callers(
    desk: DeskReader,
    unfinished: Callable[[], list[Candidate]],
    rows: Callable[[], Iterable[QueueRow]] = tuple,
) -> Find:
    """Return a blocking search for the caller by name, company, number or ticket reference.

    `rows` are the tickets of the queue: part of a reference finds those whose references contain it.

    An empty query returns the `unfinished` calls; any other also returns the unfinished calls of matching callers.
    Raises NoMatchError, with the reason, for a query that looks like a reference and cannot be one, and for a number or
    an address that cannot be valid and finds nobody. Each candidate holds a `KnownCaller`, `UnknownCaller` or
    `UnfinishedCall`.
    """

    def find(text: str) -> list[Candidate]:
        if not text.strip():
            return unfinished()
        begun = _of_tickets_with(desk, rows(), text)
        if reference.looks_like_reference(text):
            return begun or [_by_reference(desk, text)]
        found, typed = desk.find_callers(text), words(text)
        again = (each for each in unfinished() if all(begins(part, each.name) for part in typed))
        callers = (_caller(KnownCaller(each.contact, each.organisation)) for each in found)
        known = [*begun, *_of_ticket_within(desk, text), *callers, *again]
        unknown = _unknown_caller_candidate(text, found)
        fault = _reach_fault(desk, unknown.record)
        if fault is None:
            return [*known, unknown]
        if not known:
            raise NoMatchError(fault)
        return known

    return find


def _of_tickets_with(desk: TicketQueries, rows: Iterable[QueueRow], text: str) -> list[Candidate]:
    """Return the contacts of the few tickets whose references contain `text`; empty for a whole one or a name."""
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
            found.append(_of_ticket(desk, ref))
        except UnknownTicketError:
            continue
    return found


def _of_ticket_within(desk: TicketQueries, text: str) -> list[Candidate]:
    """Return the contact of the ticket whose reference a text contains (an email subject, say); often empty."""
    if not any(map(str.isdigit, text)):
        return []
    try:
        ref = reference.parse(text)
    except reference.BadReferenceError:
        return []
    try:
        return [_of_ticket(desk, ref)]
    except UnknownTicketError:
        return []


def _by_reference(desk: TicketQueries, text: str) -> Candidate:
    try:
        ref = reference.parse(text)
    except reference.BadReferenceError as error:
        part = reference.typed_part(text).removeprefix(reference.PREFIX)
        if len(part) < len("4C00W"):
            raise NoMatchError("type the rest of the reference, including its check character") from error
        raise NoMatchError(str(error)) from error
    try:
        return _of_ticket(desk, ref)
    except UnknownTicketError as error:
        raise NoMatchError(f"no ticket has the reference {ref}; ask the caller to repeat it") from error


def _of_ticket(desk: TicketQueries, ref: str) -> Candidate:
    """Return the contact of a ticket. Raises UnknownTicketError."""
    view = desk.ticket(ref)
    found = _caller(KnownCaller(view.contact, view.organisation, view.row))
    return replace(found, note=f"{view.organisation.name} · {ref} {view.ticket.summary}")


def _caller(person: KnownCaller) -> Candidate:
    text = [person.organisation.name, searches.make_contact_candidate(person.contact).note]
    return Candidate(person.contact.key, person.contact.name, " · ".join(filter(None, text)), record=person)


def _unknown_caller_candidate(text: str, found: Sequence[Caller]) -> Candidate:
    """Return the candidate for an unknown caller: a number, an address, a name, or a new contact of a company."""
    name = clean_line(text, LINE_LIMIT).text
    companies = (each.organisation for each in found)
    company = next((each for each in companies if _names(name, each)), None)
    if company is not None:
        return Candidate(
            "", company.name, "a new contact there", new=True, record=UnknownCaller(organisation=company)
        )
    if telephone.is_number(name) or not any(map(str.isalpha, name)):
        number, owner = telephone.extract_number(name), telephone.name_beside(name)
        if owner:
            caller = UnknownCaller(name=owner, telephone=number)
            return Candidate("", owner, f"a new contact with the number {number}", new=True, record=caller)
        return Candidate("", number, "a new number", new=True, record=UnknownCaller(telephone=number))
    if (named := mail_address.split_name(name)) is not None:
        owner, address = named
        caller = UnknownCaller(name=owner, email=address)
        note = f"a new contact with the address {address}" if owner else "a new address"
        return Candidate("", owner or address, note, new=True, record=caller)
    if mail_address.looks_like_address(name):
        return Candidate("", name, "a new address", new=True, record=UnknownCaller(email=name))
    return Candidate("", name, "a new contact", new=True, record=UnknownCaller(name=name))


def _reach_fault(desk: DeskReader, caller: UnknownCaller) -> str | None:
    """Return why the number or address of an unknown caller cannot be valid; None where it can, or there is none."""
    if not (caller.telephone or caller.email):
        return None
    return find_contact_details_fault(desk.policy_at(desk.now()), caller.telephone, caller.email)


def _names(text: str, company: Organisation) -> bool:
    """Return whether a text begins a company's name and is long enough to stand for it."""
    return len(text) >= _SHORTEST_COMPANY and fold(company.name).startswith(fold(text))
