"""From what somebody typed to the key that the desk knows: keys and names are both understood.

Every function raises BadRequestError for what is not known, telling what comes near, and for a name that several have.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supportdesk.cli.decoding import decode_argument
from supportdesk.cli.errors import BadRequestError
from supportdesk.tickets.command import LINE_LIMIT, ArgumentType
from supportdesk.tickets.folding import fold, same_name, words
from supportdesk.tickets.plain_text import clean_line

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi
    from supportdesk.sla.policy import Policy
    from supportdesk.tickets.documents import Contact, Organisation, Person

ALL = 1_000_000
"""A limit that no desk reaches."""

ADD_ORGANISATION = "Add a new one with `supportdesk organisation add`."

_FEW = 12
"""So many are all told when none of them was meant; of more, those that come near."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be meant: by its key, its name, or one of its other names."""

    key: str
    name: str
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = [self.name, *filter(None, self.others)]
        return f"{self.key} ({', '.join(told)})" if told != [self.key] else self.key


def severity_of(policy: Policy, typed: str) -> str:
    """The key of a severity of a policy."""
    return _require("severity", typed, (Candidate(each.key, each.name) for each in policy.severities))


def severity(desk: DeskApi, typed: str) -> str:
    """The key of a severity of the policy in force."""
    return severity_of(desk.policy_at(desk.now()), typed)


def channel(desk: DeskApi, typed: str) -> str:
    """The key of a channel of the policy in force."""
    known = (Candidate(each.key, each.name) for each in desk.policy_at(desk.now()).channels)
    return _require("channel", typed, known)


def team(desk: DeskApi, typed: str) -> str:
    """The key of a team of the policy in force."""
    return _require(
        "team", typed, (Candidate(each.key, each.name) for each in desk.policy_at(desk.now()).teams)
    )


def rung(desk: DeskApi, typed: str) -> str:
    """The key of a rung of the ladder of the policy in force."""
    return _require(
        "rung", typed, (Candidate(each.key, each.name) for each in desk.policy_at(desk.now()).ladder)
    )


def colleague(desk: DeskApi, typed: str) -> Person:
    """A member of staff, also one who has left."""
    staff = {each.username: each for each in desk.roster().staff}
    return staff[
        _require("member of staff", typed, (Candidate(each.username, each.name) for each in staff.values()))
    ]


def person(desk: DeskApi, typed: str) -> str:
    """The username of a member of staff who has not left."""
    staff = (Candidate(each.username, each.name) for each in desk.roster().staff if each.active)
    return _require("member of staff", typed, staff)


def release(desk: DeskApi, typed: str) -> str:
    """The key of a release."""
    return _require("release", typed, (Candidate(each.key, each.key) for each in desk.roster().releases))


def article(desk: DeskApi, typed: str) -> str:
    """The key of an article."""
    return _require(
        "article", typed, (Candidate(each.key, each.title) for each in desk.find_articles("", ALL))
    )


LOOKUPS: Mapping[ArgumentType, Callable[[DeskApi, str], str]] = {
    ArgumentType.SEVERITY: severity,
    ArgumentType.CHANNEL: channel,
    ArgumentType.TEAM: team,
    ArgumentType.PERSON: person,
    ArgumentType.RELEASE: release,
    ArgumentType.ARTICLE: article,
}
"""How the key of an argument is found, by what the argument is about."""


def organisation(desk: DeskApi, typed: str, *, otherwise: str, exactly: bool = False) -> Organisation:
    """A customer; `otherwise` says how a new one is taken in. `exactly` has accents count, too."""
    for compared in (same_name,) if exactly else (same_name, fold):
        found = organisation_or_none(desk, typed, compared)
        if found is not None:
            return found
    near = "; ".join(each.name for each in desk.find_organisations(typed))
    nearest = f"The nearest: {near}." if near else "The desk knows none that comes near."
    raise BadRequestError(f"There is no organisation {typed!r}. {nearest} {otherwise}")


def organisation_or_none(
    desk: DeskApi, typed: str, compared: Callable[[str], str] = same_name
) -> Organisation | None:
    """A customer, or None where no customer has this key or name."""
    found = {each.key: each for each in desk.find_organisations("", ALL)}
    key = _match("organisation", typed, [Candidate(each.key, each.name) for each in found.values()], compared)
    return found[key] if key is not None else None


def contact_or_none(desk: DeskApi, organisation: str, typed: str) -> Contact | None:
    """A contact of an organisation by key, name, address or number, or None where nobody is called that."""
    found = {each.key: each for each in desk.contacts(organisation)}
    known = [Candidate(each.key, each.name, (each.email, each.telephone)) for each in found.values()]
    key = _match("contact", typed, known) or _contact_with_number(desk, typed, list(found.values()))
    return found[key] if key is not None else None


def _contact_with_number(desk: DeskApi, typed: str, contacts: list[Contact]) -> str | None:
    """The key of the one contact who has a telephone number, in whatever spelling; None for other texts."""
    from supportdesk.tickets import telephone

    home = telephone.region(desk.policy_at(desk.now()))
    number = telephone.parse(typed, home)
    if number is None:
        return None
    same = telephone.Likeness.SAME
    having = [each.key for each in contacts if telephone.likeness(number, each.telephone, home) is same]
    return having[0] if len(having) == 1 else None


def contacts_near(desk: DeskApi, organisation: str, typed: str) -> list[Candidate]:
    """The contacts of an organisation whom a name may mean that is none of theirs: `Maria`, `M Gomez`, `Gomes`."""
    from supportdesk.store.fuzzy import fuzzy_matches

    contacts, wanted = desk.contacts(organisation), words(typed)
    spelt = set(fuzzy_matches(wanted, [each.name for each in contacts], _FEW))
    return [
        Candidate(each.key, each.name, (each.email, each.telephone))
        for place, each in enumerate(contacts)
        if place in spelt or _name_matches(wanted, words(each.name))
    ]


def nearest_contacts(organisation: Organisation, typed: str, near: Iterable[Candidate]) -> str:
    """Return that a customer has no contact of that name, with those that come near."""
    told = "; ".join(map(str, near))
    nearest = f"The nearest: {told}." if told else "None comes near."
    return f"{organisation.name} has no contact {typed!r}. {nearest}"


def _name_matches(one: list[str], other: list[str]) -> bool:
    """Whether all words of the shorter name are among the longer one's, or begin one of them."""
    few, many = sorted((one, other), key=len)
    return bool(few) and all(any(word.startswith(part) for word in many) for part in few)


def _require(what: str, typed: str, known: Iterable[Candidate]) -> str:
    known = list(known)
    for compared in (same_name, fold):
        key = _match(what, typed, known, compared)
        if key is not None:
            return key
    raise BadRequestError(f"There is no {what} {typed!r}. {_suggest(typed, known)}")


def _match(
    what: str, typed: str, known: Iterable[Candidate], compared: Callable[[str], str] = same_name
) -> str | None:
    """The key of the one that is meant; None for none. A key in another case counts only where accents do not: it may
    be the name of somebody else.
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
        raise BadRequestError(f"{typed!r} may be more than one {what}: {candidates}. Name one by its key.")
    return found[0].key if found else None


def _suggest(typed: str, known: list[Candidate]) -> str:
    if not known:
        return "The desk knows none yet."
    if len(known) <= _FEW:
        return f"It is one of {', '.join(map(str, known))}."
    names = {name: each for each in known for name in (fold(each.key), fold(each.name))}
    near = dict.fromkeys(str(names[name]) for name in difflib.get_close_matches(fold(_plain(typed)), names))
    return f"The nearest: {', '.join(near)}." if near else "None comes near."


def _plain(text: str) -> str:
    return clean_line(decode_argument(text), LINE_LIMIT).text
