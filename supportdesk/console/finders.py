"""Who and what comes nearest to a few letters: candidates for the fields that find while one types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from supportdesk.console.calls.call import Newcomer, Rings
from supportdesk.console.candidate import Candidate, Find, NothingFoundError
from supportdesk.door import Door, UnknownTicketError
from supportdesk.sla.policy import Policy
from supportdesk.sla.words import date_time, day, near_day, weekday, weekday_time
from supportdesk.store.views import Caller, QueueRow, Roster
from supportdesk.tickets import mail_address, reference, telephone
from supportdesk.tickets.command import LINE_LIMIT
from supportdesk.tickets.folding import begins, fold, same_name, spaced, words
from supportdesk.tickets.people import Contact, Organisation, Person, Release
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.telephone import Likeness

_NEAR_ENOUGH = 70
"""Below this likeness, in percent, a word is not a slip for another one."""
_SHORTEST_COMPANY = 3
"""Letters from which on the beginning of a company's name means the company."""
_SHORTEST_PART = 3
"""Characters of a reference, besides its prefix, from which on its ticket is offered."""
_WHOLE_PART = 5
"""Characters of a whole reference besides its prefix."""
_FEW = 3
"""As many tickets, and as many articles, are worth a look while somebody types."""


@dataclass(frozen=True, slots=True)
class Known:
    """A candidate with the words that somebody may type the beginning of to mean it, `spaced`."""

    candidate: Candidate
    words: str


@dataclass(frozen=True, slots=True)
class OtherCustomers:
    """A ticket of another customer that says the like of a new request."""

    row: QueueRow


def nearest(text: str, known: Sequence[Known]) -> list[Candidate]:
    """The candidates that a text may mean, best first; all of them, in their order, for an empty text.

    Those with a word for each of the typed beginnings come first, and of them those whose key it is, then those whose
    key or name begins so; slips are forgiven only where there are none.
    """
    if not text.strip():
        return [each.candidate for each in known]
    typed = words(text)
    if not typed:
        return []
    begun = [each for each in known if all(begins(part, each.words) for part in typed)]
    begun.sort(key=partial(_distance, fold(" ".join(text.split()))))
    return [each.candidate for each in begun or _nearest(typed, known)]


def _distance(typed: str, known: Known) -> int:
    key, name = fold(known.candidate.key), fold(known.candidate.name)
    if typed == key:
        return 0
    return 1 if name.startswith(typed) or key.startswith(typed) else 2


def _nearest(typed: Sequence[str], known: Sequence[Known]) -> list[Known]:
    # Imported when first needed: most people type the beginning of a name.
    from rapidfuzz import fuzz

    def likeness(part: str, words: Iterable[str]) -> float:
        ratios = (max(fuzz.ratio(part, word), fuzz.ratio(part, word[: len(part)])) for word in words)
        return max(ratios, default=0)

    scores = [min(likeness(part, each.words.split()) for part in typed) for each in known]
    likely = [place for place, score in enumerate(scores) if score >= _NEAR_ENOUGH]
    return [known[place] for place in sorted(likely, key=lambda place: -scores[place])]


def _known(candidate: Candidate, *others: str) -> Known:
    return Known(candidate, spaced(" ".join((candidate.key, candidate.name, *others))))


def staff(roster: Roster, policy: Policy, zone: str) -> list[Candidate]:
    """The staff at work, by name; `zone` is that of the times in which they are on call."""
    people = sorted((person for person in roster.staff if person.active), key=lambda person: person.name)
    return [Candidate(person.username, person.name, _duty(person, roster, policy, zone)) for person in people]


def _duty(person: Person, roster: Roster, policy: Policy, zone: str) -> str:
    teams = {team.key: team.name for team in policy.teams}
    told = []
    now, following = roster.duty, roster.next_duty
    if now.on_call == person and now.ends is not None:
        told.append(f"on call to {weekday_time(now.ends, zone)}")
    elif following is not None and following.on_call == person and following.began is not None:
        told.append(f"on call from {weekday_time(following.began, zone)}")
    return " · ".join([*told, teams.get(person.team, person.team), person.username])


def finding(candidates: Iterable[Candidate]) -> Find:
    """A search among what is known already."""
    known = [_known(each, each.note) for each in candidates]
    return lambda text: nearest(text, known)


def releases(roster: Roster, now: datetime, zone: str) -> list[Candidate]:
    """The releases: those to come first, by date, then the shipped ones; `zone` says which day it is."""
    today = now.astimezone(ZoneInfo(zone)).date()
    ordered = sorted(roster.releases, key=lambda each: (each.shipped_at is not None, each.day))
    return [Candidate(each.key, each.key, _planned(each, today)) for each in ordered]


def _planned(release: Release, today: date) -> str:
    if release.shipped_at is not None:
        return f"shipped {near_day(release.shipped_at.date(), today)}"
    days = (release.day - today).days
    when = "today" if days == 0 else f"in {days} days" if days > 0 else f"{-days} days ago, not shipped"
    year = f" {release.day.year}" if release.day.year != today.year else ""
    return f"{weekday(release.day)} {day(release.day)}{year} · {when}"


def policies(installed: Iterable[Policy], zone: str) -> list[Candidate]:
    """The versions of the policy, the latest first."""
    ordered = sorted(installed, key=lambda each: each.effective, reverse=True)
    return [
        Candidate(each.version, each.version, f"{each.name} · from {date_time(each.effective, zone)}")
        for each in ordered
    ]


def organisation(known: Organisation, roster: Roster) -> Candidate:
    """A customer as a candidate."""
    managers = {person.username: person.name for person in roster.staff}
    manager = known.account_manager
    return Candidate(
        known.key, known.name, f"account manager {managers.get(manager, manager)}" if manager else ""
    )


def contact(known: Contact) -> Candidate:
    """A contact as a candidate: what tells one from another, and whether they may ring."""
    told = ["super user" if known.super_user else "", known.telephone, known.email]
    told.append("" if known.registered else "not registered")
    return Candidate(known.key, known.name, " · ".join(filter(None, told)), of=known)


def organisations(door: Door, roster: Roster) -> Find:
    """A search among the customers; it blocks. Those with a word that begins so come first."""

    def find(text: str) -> list[Candidate]:
        found = [organisation(each, roster) for each in door.find_organisations(text)]
        typed = words(text)
        return sorted(found, key=lambda each: not all(begins(part, _known(each).words) for part in typed))

    return find


def articles(door: Door) -> Find:
    """A search among the articles; it blocks."""
    return lambda text: [Candidate(each.key, each.title, each.key) for each in door.find_articles(text)]


def known_of_the_like(door: Door, policy: Policy, text: str, customer: Candidate | None) -> list[Candidate]:
    """The tickets and the articles that say the like of a summary; it blocks.

    Those of the `customer` come first, then those of others: many who say the same have one incident. None, or a new
    one, has no tickets yet.
    """
    own = door.find_similar(text, customer.key, _FEW) if customer is not None and not customer.new else []
    name = customer.name if customer is not None else ""
    others = [
        row for row in door.find_similar(text, None, 3 * _FEW) if row.is_open and row.organisation != name
    ]
    more = f" · the first of {len(others)}" if len(others) > _FEW else ""
    return [
        *(Candidate(row.ref, row.summary, _stands(row, policy), of=row) for row in own),
        *(
            Candidate(
                row.ref,
                row.summary,
                f"another customer, {row.organisation}{more} · {_stands(row, policy)}",
                of=OtherCustomers(row),
            )
            for row in others[:_FEW]
        ),
        *(
            Candidate(each.key, each.title, f"article {each.key}", of=each)
            for each in door.find_articles(text, _FEW)
        ),
    ]


def _stands(row: QueueRow, policy: Policy) -> str:
    """What a ticket is, for somebody who may be about to log it once more."""
    severities = {each.key: each.name for each in policy.severities}
    told = [row.ref, severities.get(row.severity, row.severity), row.stage, row.owner_name]
    return " · ".join(filter(None, told))


def newcomer(name: str, what: str = "contact") -> Candidate:
    """Somebody, or a company, whom the desk takes in with the request."""
    return Candidate(name, name, f"take in as a new {what}", new=True)


def namesake(name: str, what: str) -> Candidate:
    """Somebody new who has the name of somebody known."""
    return Candidate(name, name, f"take in another {what} of this name", new=True)


def callers(
    door: Door, unfinished: Callable[[], list[Candidate]], rows: Callable[[], Iterable[QueueRow]] = tuple
) -> Find:
    """A search for whoever is on the line, by name, company, number or a ticket's reference; it blocks.

    `rows` are the tickets of the queue, of which a part of a reference offers those that have it.

    For an empty text it gives the calls that are `unfinished`, and for any other those of whoever is found. What looks
    like a reference and cannot be one raises NothingFoundError, which says why. What is found stands for a
    `call.Rings`, `Newcomer` or `Unfinished`.
    """

    def find(text: str) -> list[Candidate]:
        if not text.strip():
            return unfinished()
        begun = _of_tickets_with(door, rows(), text)
        if reference.is_meant(text):
            return begun or [_by_reference(door, text)]
        found, typed = door.find_callers(text), words(text)
        again = (each for each in unfinished() if all(begins(part, each.name) for part in typed))
        callers = (_caller(Rings(each.contact, each.organisation)) for each in found)
        return [*begun, *_of_ticket_within(door, text), *callers, *again, _newcomer(text, found)]

    return find


def _of_tickets_with(door: Door, rows: Iterable[QueueRow], text: str) -> list[Candidate]:
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


def _of_ticket_within(door: Door, text: str) -> list[Candidate]:
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


def _by_reference(door: Door, text: str) -> Candidate:
    try:
        ref = reference.parse(text)
    except reference.BadReferenceError as error:
        part = reference.typed_part(text).removeprefix(reference.PREFIX)
        if len(part) < len("4C00W"):
            raise NothingFoundError("the rest of the reference, with the character at its end") from error
        raise NothingFoundError(str(error)) from error
    try:
        return _of_ticket(door, ref)
    except UnknownTicketError as error:
        raise NothingFoundError(f"no ticket has the reference {ref}; ask for it again") from error


def _of_ticket(door: Door, ref: str) -> Candidate:
    """Who asked for a ticket. Raises UnknownTicketError."""
    view = door.ticket(ref)
    found = _caller(Rings(view.contact, view.organisation, view.row))
    return replace(found, note=f"{view.organisation.name} · {ref} {view.ticket.summary}")


def _caller(person: Rings) -> Candidate:
    told = [person.organisation.name, contact(person.contact).note]
    return Candidate(person.contact.key, person.contact.name, " · ".join(filter(None, told)), of=person)


def _newcomer(text: str, found: Sequence[Caller]) -> Candidate:
    """Somebody whom the desk does not know: a number, an address, a name, or somebody else of a company."""
    name = clean_line(text, LINE_LIMIT).text
    companies = (each.organisation for each in found)
    company = next((each for each in companies if _names(name, each)), None)
    if company is not None:
        return Candidate("", company.name, "somebody new there", new=True, of=Newcomer(organisation=company))
    if telephone.is_number(name) or not any(map(str.isalpha, name)):
        number = telephone.bare(name)
        return Candidate("", number, "a number that is new", new=True, of=Newcomer(telephone=number))
    if mail_address.is_meant(name):
        return Candidate("", name, "an address that is new", new=True, of=Newcomer(email=name))
    return Candidate("", name, "somebody new", new=True, of=Newcomer(name=name))


def _names(text: str, company: Organisation) -> bool:
    """Whether a text is the beginning of a company's name, and long enough to be meant as that."""
    return len(text) >= _SHORTEST_COMPANY and fold(company.name).startswith(fold(text))


def contacts(door: Door, of: str) -> Find:
    """A search among the contacts of an organisation, by its key; it blocks the first time."""
    known: list[Known] = []
    numbers: dict[str, str] = {}
    asked = False

    def find(text: str) -> list[Candidate]:
        nonlocal asked
        if not asked:
            found = sorted(door.contacts(of), key=lambda each: (not each.super_user, each.name))
            known[:] = [_known(contact(each), each.telephone, each.email) for each in found]
            numbers.update((each.key, each.telephone) for each in found)
            asked = True
        if not telephone.is_number(text):
            return nearest(text, known)
        home = telephone.region(door.policy_at(door.now()))
        number = telephone.parse(text, home)
        assert number is not None
        return [
            each.candidate
            for each in known
            if telephone.likeness(number, numbers[each.candidate.key], home) is not Likeness.NONE
        ]

    return find


def or_new(find: Find, what: str, *, namesakes: bool = False) -> Find:
    """The same search, offering besides to take in what is typed as a new `what`; with `namesakes`, also where one has
    that very name.
    """

    def found(text: str) -> list[Candidate]:
        known = list(find(text))
        name = " ".join(text.split())
        if not name or (what == "contact" and (telephone.is_number(name) or mail_address.is_meant(name))):
            return known
        if not any(same_name(each.name) == same_name(name) for each in known):
            return [*known, newcomer(name, what)]
        return [*known, namesake(name, what)] if namesakes else known

    return found
