"""Candidates for the search fields: the people and records closest to what is typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.console.search.candidate import Candidate, Find
from supportdesk.desk_api import Queries, Searches
from supportdesk.sla.formatting import day, full_time, near_day, weekday
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import Roster
from supportdesk.tickets import mail_address, telephone
from supportdesk.tickets.documents import Contact, Organisation, Person, Release
from supportdesk.tickets.folding import begins, fold, same_name, spaced, words
from supportdesk.tickets.telephone import Likeness

_NEAR_ENOUGH = 70
"""The similarity, in percent, from which a word counts as a misspelling of another."""


class Searchable(msgspec.Struct, frozen=True):
    """A candidate with the words whose beginnings find it, as `folding.spaced` returns them."""

    candidate: Candidate
    words: str


def best_matches(text: str, known: Sequence[Searchable]) -> list[Candidate]:
    """Return the candidates that match a text, best first; all of them, in their order, for an empty text.

    A candidate matches if each typed word begins one of its words. An equal key comes first, then keys and names that
    begin with the text. Misspelt words match only if nothing else does.
    """
    if not text.strip():
        return [each.candidate for each in known]
    typed = words(text)
    if not typed:
        return []
    begun = [each for each in known if all(begins(part, each.words) for part in typed)]
    begun.sort(key=partial(_distance, fold(" ".join(text.split()))))
    return [each.candidate for each in begun or _nearest(typed, known)]


def _distance(typed: str, known: Searchable) -> int:
    key, name = fold(known.candidate.key), fold(known.candidate.name)
    if typed == key:
        return 0
    return 1 if name.startswith(typed) or key.startswith(typed) else 2


def _nearest(typed: Sequence[str], known: Sequence[Searchable]) -> list[Searchable]:
    # Imported when first needed: most people type the beginning of a name.
    from rapidfuzz import fuzz

    def likeness(part: str, words: Iterable[str]) -> float:
        ratios = (max(fuzz.ratio(part, word), fuzz.ratio(part, word[: len(part)])) for word in words)
        return max(ratios, default=0)

    scores = [min(likeness(part, each.words.split()) for part in typed) for each in known]
    likely = [place for place, score in enumerate(scores) if score >= _NEAR_ENOUGH]
    return [known[place] for place in sorted(likely, key=lambda place: -scores[place])]


def _searchable(candidate: Candidate, *others: str) -> Searchable:
    return Searchable(candidate, spaced(" ".join((candidate.key, candidate.name, *others))))


def list_staff(roster: Roster, policy: Policy) -> list[Candidate]:
    """Return the active members of staff by name."""
    people = sorted(
        (person for person in roster.staff if person.active), key=lambda person: fold(person.name)
    )
    return [
        Candidate(person.username, person.name, _describe_duty(person, roster, policy)) for person in people
    ]


def _describe_duty(person: Person, roster: Roster, policy: Policy) -> str:
    teams = {team.key: team.name for team in policy.teams}
    parts = []
    now, following = roster.duty, roster.next_duty
    if now.on_call == person:
        parts.append("on call")
    elif following is not None and following.on_call == person:
        parts.append("on call next")
    return " · ".join([*parts, teams.get(person.team, person.team), person.username])


def make_search(candidates: Iterable[Candidate]) -> Find:
    """Return a search among candidates that are already loaded."""
    known = [_searchable(each, each.note) for each in candidates]
    return lambda text: best_matches(text, known)


def list_releases(roster: Roster, now: datetime, zone: str) -> list[Candidate]:
    """Return the releases by date, those that have shipped last; today is the day of `now` in `zone`."""
    today = now.astimezone(ZoneInfo(zone)).date()
    ordered = sorted(roster.releases, key=lambda each: (each.shipped_at is not None, each.day))
    return [Candidate(each.key, each.key, _describe_plan(each, today)) for each in ordered]


def _describe_plan(release: Release, today: date) -> str:
    if release.shipped_at is not None:
        return f"shipped {near_day(release.shipped_at.date(), today)}"
    when = describe_days_until(release.day, today)
    year = f" {release.day.year}" if release.day.year != today.year else ""
    return f"{weekday(release.day)} {day(release.day)}{year} · {when}"


def describe_days_until(planned: date, today: date) -> str:
    """Return how far off the planned day of an unshipped release is: `today`, `in 2 days`, `1 day ago, not shipped`."""
    days = (planned - today).days
    count = f"{abs(days)} {'day' if abs(days) == 1 else 'days'}"
    return "today" if days == 0 else f"in {count}" if days > 0 else f"{count} ago, not shipped"


def list_policies(installed: Iterable[Policy], zone: str) -> list[Candidate]:
    """Return the versions of the policy, the latest first."""
    ordered = sorted(installed, key=lambda each: each.effective, reverse=True)
    return [
        Candidate(each.version, each.version, f"{each.name} · from {full_time(each.effective, zone)}")
        for each in ordered
    ]


def make_organisation_candidate(known: Organisation, roster: Roster) -> Candidate:
    """Return a customer as a candidate, with the account manager as its note."""
    managers = {person.username: person.name for person in roster.staff}
    manager = known.account_manager
    return Candidate(
        known.key, known.name, f"account manager {managers.get(manager, manager)}" if manager else ""
    )


def make_contact_candidate(known: Contact) -> Candidate:
    """Return a contact as a candidate; its note has telephone and email, and whether they may call the desk."""
    parts = ["super user" if known.super_user else "", known.telephone, known.email]
    parts.append("" if known.registered else "not registered")
    return Candidate(known.key, known.name, " · ".join(filter(None, parts)), record=known)


def make_organisation_search(desk: Searches, roster: Roster) -> Find:
    """Return a blocking search among the customers; those with a word that begins with the text come first."""

    def find(text: str) -> list[Candidate]:
        found = [make_organisation_candidate(each, roster) for each in desk.find_organisations(text)]
        typed = words(text)
        return sorted(
            found, key=lambda each: not all(begins(part, _searchable(each).words) for part in typed)
        )

    return find


def make_article_search(desk: Searches) -> Find:
    """Return a blocking search among the articles."""
    return lambda text: [Candidate(each.key, each.title, each.key) for each in desk.find_articles(text)]


def make_new_candidate(name: str, noun: str = "contact") -> Candidate:
    """Return a new contact or customer, added together with the request."""
    return Candidate(name, name, f"add as a new {noun}", new=True)


def make_another_candidate(name: str, noun: str) -> Candidate:
    """Return a new contact or customer with the name of a known one."""
    return Candidate(name, name, f"add another {noun} with this name", new=True)


def make_contact_search(desk: Queries, organisation: str) -> Find:
    """Return a search among the contacts of the organisation with this key; it blocks the first time."""
    known: list[Searchable] = []
    numbers: dict[str, str] = {}
    asked = False

    def find(text: str) -> list[Candidate]:
        nonlocal asked
        if not asked:
            found = sorted(
                desk.contacts(organisation), key=lambda each: (not each.super_user, fold(each.name))
            )
            known[:] = [
                _searchable(make_contact_candidate(each), each.telephone, each.email) for each in found
            ]
            numbers.update((each.key, each.telephone) for each in found)
            asked = True
        if not telephone.is_number(text):
            return best_matches(text, known)
        home = telephone.home_region(desk.policy_at(desk.now()))
        number = telephone.parse(text, home)
        assert number is not None
        return [
            each.candidate
            for each in known
            if telephone.likeness(number, numbers[each.candidate.key], home) is not Likeness.NONE
        ]

    return find


def add_new_candidate(find: Find, noun: str, *, allow_same_name: bool = False) -> Find:
    """Return the same search with a last candidate that creates a new `noun` with the typed name.

    If a record with that name exists, the candidate is offered only with `allow_same_name`.
    """

    def found(text: str) -> list[Candidate]:
        known = list(find(text))
        name = " ".join(text.split())
        if not name or (
            noun == "contact" and (telephone.is_number(name) or mail_address.looks_like_address(name))
        ):
            return known
        if not any(same_name(each.name) == same_name(name) for each in known):
            return [*known, make_new_candidate(name, noun)]
        return [*known, make_another_candidate(name, noun)] if allow_same_name else known

    return found
