"""Finds records by the key or name that the operator typed.

Every function raises BadRequestError for an unknown name, with the closest matches, and for an ambiguous one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from supportdesk.cli.decoding import decode_argument
from supportdesk.cli.errors import BadRequestError
from supportdesk.tickets.command import LINE_LIMIT, ArgumentType
from supportdesk.tickets.folding import fold, same_name, words
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.typed_text import quoted

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader, PolicyQueries, Queries, RecordQueries, Searches
    from supportdesk.sla.policy import Policy
    from supportdesk.tickets.documents import Contact, Organisation, Person

NO_LIMIT = 1_000_000
"""A limit that no desk reaches."""

ADD_ORGANISATION = "Add a new one with `supportdesk organisation add`."

_FEW = 12
"""Up to this many candidates are all listed when none matches; of more, only the closest."""


class NamedRecord(msgspec.Struct, frozen=True):
    """A record that can be found by its key, its name or another name, such as an address or number."""

    key: str
    name: str
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        names = [self.name, *filter(None, self.others)]
        return f"{self.key} ({', '.join(names)})" if names != [self.key] else self.key


def match_severity(policy: Policy, typed: str) -> str:
    """Return the key of a severity of a policy."""
    return _require("severity", typed, (NamedRecord(each.key, each.name) for each in policy.severities))


def find_severity(desk: PolicyQueries, typed: str) -> str:
    """Return the key of a severity of the policy in force."""
    return match_severity(desk.policy_at(desk.now()), typed)


def find_channel(desk: PolicyQueries, typed: str) -> str:
    """Return the key of a channel of the policy in force."""
    known = (NamedRecord(each.key, each.name) for each in desk.policy_at(desk.now()).channels)
    return _require("channel", typed, known)


def find_team(desk: PolicyQueries, typed: str) -> str:
    """Return the key of a team of the policy in force."""
    return _require(
        "team", typed, (NamedRecord(each.key, each.name) for each in desk.policy_at(desk.now()).teams)
    )


def find_rung(desk: PolicyQueries, typed: str) -> str:
    """Return the key of a rung of the ladder of the policy in force."""
    return _require(
        "rung", typed, (NamedRecord(each.key, each.name) for each in desk.policy_at(desk.now()).ladder)
    )


def find_staff_member(desk: RecordQueries, typed: str) -> Person:
    """Return a member of staff, including one who has left."""
    staff = {each.username: each for each in desk.roster().staff}
    return staff[
        _require("member of staff", typed, (NamedRecord(each.username, each.name) for each in staff.values()))
    ]


def find_person(desk: RecordQueries, typed: str) -> str:
    """Return the username of an active member of staff."""
    staff = (NamedRecord(each.username, each.name) for each in desk.roster().staff if each.active)
    return _require("member of staff", typed, staff)


def find_release(desk: RecordQueries, typed: str) -> str:
    """Return the key of a release."""
    return _require("release", typed, (NamedRecord(each.key, each.key) for each in desk.roster().releases))


def find_article(desk: Searches, typed: str) -> str:
    """Return the key of an article."""
    return _require(
        "article", typed, (NamedRecord(each.key, each.title) for each in desk.find_articles("", NO_LIMIT))
    )


LOOKUPS: Mapping[ArgumentType, Callable[[DeskReader, str], str]] = {
    ArgumentType.SEVERITY: find_severity,
    ArgumentType.CHANNEL: find_channel,
    ArgumentType.TEAM: find_team,
    ArgumentType.PERSON: find_person,
    ArgumentType.RELEASE: find_release,
    ArgumentType.ARTICLE: find_article,
}
"""The lookup for each type of argument."""


def find_organisation(desk: Searches, typed: str, *, advice: str, exactly: bool = False) -> Organisation:
    """Return a customer. `advice` ends the error with how to add one; with `exactly`, accents must match."""
    for compared in (same_name,) if exactly else (same_name, fold):
        found = find_organisation_or_none(desk, typed, compared)
        if found is not None:
            return found
    near = "; ".join(each.name for each in desk.find_organisations(typed))
    closest = f"Closest: {near}." if near else "None is similar."
    raise BadRequestError(f"There is no customer {quoted(typed)}. {closest} {advice}")


def find_organisation_or_none(
    desk: Searches, typed: str, compared: Callable[[str], str] = same_name
) -> Organisation | None:
    """Return a customer, or None where no customer has this key or name."""
    found = {each.key: each for each in desk.find_organisations("", NO_LIMIT)}
    key = _match(
        "organisation", typed, [NamedRecord(each.key, each.name) for each in found.values()], compared
    )
    return found[key] if key is not None else None


def is_named(name: str, typed: str) -> bool:
    """Return whether a typed text is a name, without regard to case and accents."""
    return fold(name) == fold(_plain(typed))


def find_contact_or_none(desk: Queries, organisation: str, typed: str) -> Contact | None:
    """Return a contact of an organisation by key, name, address or number, or None where nobody matches."""
    found = {each.key: each for each in desk.contacts(organisation)}
    known = [NamedRecord(each.key, each.name, (each.email, each.telephone)) for each in found.values()]
    key = _match("contact", typed, known) or _contact_with_number(desk, typed, list(found.values()))
    return found[key] if key is not None else None


def _contact_with_number(desk: PolicyQueries, typed: str, contacts: list[Contact]) -> str | None:
    """Return the key of the only contact with this telephone number, in any format; None otherwise."""
    from supportdesk.tickets import telephone

    home = telephone.home_region(desk.policy_at(desk.now()))
    number = telephone.parse(typed, home)
    if number is None:
        return None
    same = telephone.Likeness.SAME
    having = [each.key for each in contacts if telephone.likeness(number, each.telephone, home) is same]
    return having[0] if len(having) == 1 else None


def find_similar_contacts(desk: RecordQueries, organisation: str, typed: str) -> list[NamedRecord]:
    """Return the contacts of an organisation with a similar name: `Maria`, `M Gomez`, `Gomes`."""
    from supportdesk.store.fuzzy import find_fuzzy_matches

    contacts, wanted = desk.contacts(organisation), words(typed)
    spelt = set(find_fuzzy_matches(wanted, [each.name for each in contacts], _FEW))
    return [
        NamedRecord(each.key, each.name, (each.email, each.telephone))
        for place, each in enumerate(contacts)
        if place in spelt or _name_matches(wanted, words(each.name))
    ]


def describe_missing_contact(organisation: Organisation, typed: str, near: Iterable[NamedRecord]) -> str:
    """Return a message that a customer has no contact of that name, with the similar ones."""
    listed = "; ".join(map(str, near))
    closest = f"Closest: {listed}." if listed else "None is similar."
    return f"{organisation.name} has no contact {quoted(typed)}. {closest}"


def _name_matches(one: list[str], other: list[str]) -> bool:
    """Return whether each word of the shorter name is a prefix of a word of the longer one."""
    few, many = sorted((one, other), key=len)
    return bool(few) and all(any(word.startswith(part) for word in many) for part in few)


def _require(noun: str, typed: str, known: Iterable[NamedRecord]) -> str:
    known = list(known)
    for compared in (same_name, fold):
        key = _match(noun, typed, known, compared)
        if key is not None:
            return key
    raise BadRequestError(f"There is no {noun} {quoted(typed)}. {_suggest(typed, known)}")


def _match(
    noun: str, typed: str, known: Iterable[NamedRecord], compared: Callable[[str], str] = same_name
) -> str | None:
    """Return the key of the matching candidate, or None. Raises BadRequestError for several.

    A key in another case matches only where accents are ignored: it may be the name of another record.
    """
    known, plain = list(known), _plain(typed)
    if any(each.key == plain for each in known):
        return plain
    wanted = compared(plain)
    found = [
        each
        for each in known
        if wanted in map(compared, filter(None, (each.name, *each.others)))
        or (compared is fold and wanted == fold(each.key))
    ]
    if len(found) > 1:
        candidates = "; ".join(map(str, found))
        key = "username" if noun == "member of staff" else "key"
        raise BadRequestError(
            f"{quoted(typed)} matches more than one {noun}: {candidates}. Give the {key} of one."
        )
    return found[0].key if found else None


def _suggest(typed: str, known: list[NamedRecord]) -> str:
    import difflib

    if not known:
        return "There are none yet."
    if len(known) <= _FEW:
        return f"Choose one of {', '.join(map(str, known))}."
    names = {name: each for each in known for name in (fold(each.key), fold(each.name))}
    near = dict.fromkeys(str(names[name]) for name in difflib.get_close_matches(fold(_plain(typed)), names))
    return f"Closest: {', '.join(near)}." if near else "None is similar."


def _plain(text: str) -> str:
    return clean_line(decode_argument(text), LINE_LIMIT).text
