"""Registers new customers and contacts: compares them with the known ones, and gives them keys."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace

from msgspec import structs

from supportdesk.tickets.documents import Contact, Organisation, Person, key_of
from supportdesk.tickets.folding import all_begin, similar_forms, words
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.record_keys import CONTACT, CUSTOMER, free_key, keys_named, slug
from supportdesk.tickets.records.commands import SaveContact, SaveOrganisation, SavePerson
from supportdesk.tickets.refusal import Refusal

IsTaken = Callable[[str], bool]
"""Returns whether a key is in use."""


def make_organisation(name: str, is_taken: IsTaken) -> Organisation:
    """Return a new customer with a new key."""
    return Organisation(free_key(slug(name, CUSTOMER), is_taken), name)


def make_contact(command: Log, organisation: str, is_taken: IsTaken) -> Contact:
    """Return the new contact that a request names, with a new key, as not registered."""
    return Contact(
        key=_contact_key(organisation, command.contact, is_taken),
        organisation=organisation,
        name=command.contact,
        telephone=command.contact_telephone,
        email=command.contact_email,
        registered=False,
    )


def _contact_key(organisation: str, name: str, is_taken: IsTaken) -> str:
    return free_key(f"{organisation}.{slug(name, CONTACT)}", is_taken)


def is_contact_key(text: str, organisation: str) -> bool:
    """Return whether a text is no name, but a key as contacts of a customer get it, such as that of an erased one."""
    begin = f"{organisation}."
    named = text.removeprefix(begin)
    return text.startswith(begin) and bool(named) and slug(named, "") == named


def refuse_known_organisation(command: Log, known: Iterable[tuple[str, str]]) -> Refusal | None:
    """Return why a customer is not new; None for a new one. `known` are (key, name) pairs."""
    keys = keys_named(command.organisation, known)
    if not keys:
        return None
    return Refusal(f"the organisation {command.organisation} already exists ({', '.join(keys)}); choose it")


def find_known_contact(command: Log, contacts: Iterable[Contact]) -> Contact | Refusal | None:
    """Return which of a customer's contacts a request names; None for a new one.

    Names must be equal in every letter. A name that is similar to one of theirs, or a part of it, is refused unless the
    request says that it is a new contact.
    """
    if command.new_contact:
        return None
    known = list(contacts)
    same = set(keys_named(command.contact, ((each.key, each.name) for each in known)))
    found = [each for each in known if each.key in same]
    if len(found) == 1:
        return found[0]
    near = found or [each for each in known if is_near(command.contact, each.name)]
    if not near:
        return None
    names = "; ".join(f"{each.name} ({each.key})" for each in near)
    return Refusal(f"{command.contact} may be {names}; give the key, or say that it is a new contact")


def is_near(name: str, other: str) -> bool:
    """Return whether a name may be meant for another: similar to it, or a part of it."""
    pairs = itertools.product(filter(words, similar_forms(name)), filter(words, similar_forms(other)))
    return any(all_begin(one, another) or all_begin(another, one) for one, another in pairs)


def with_keys(command: Log, organisation: str, contact: str) -> Log:
    """Return the request with keys in place of names."""
    return replace(
        command, organisation=organisation, contact=contact, new_organisation=False, new_contact=False
    )


def give_organisation_key(
    command: SaveOrganisation, known: Iterable[tuple[str, str]], is_taken: IsTaken
) -> SaveOrganisation | Refusal:
    """Return the command with a key for a new customer; `known` are (key, name) pairs.

    The name of another customer is refused unless the command says `another` or gives a key.
    """
    new = command.organisation
    if not _is_chosen(command) and (others := find_same_names(new, known)):
        return Refusal(_describe_duplicates("a customer", others, "this is a different one, add it"))
    if not command.new or new.key:
        return command
    key = make_organisation(new.name, is_taken).key
    return replace(command, organisation=structs.replace(new, key=key))


def give_contact_key(
    command: SaveContact, known: Iterable[tuple[str, str]], is_taken: IsTaken
) -> SaveContact | Refusal:
    """Return the command with a key for a new contact; `known` are (key, name) pairs of the same customer.

    The name of another contact there is refused unless the command says `another` or gives a key.
    """
    new = command.contact
    if not _is_chosen(command) and (others := find_same_names(new, known)):
        return Refusal(_describe_duplicates("a contact", others, "this is a different person, add them"))
    if not command.new or new.key:
        return command
    key = _contact_key(new.organisation, new.name, is_taken)
    return replace(command, contact=structs.replace(new, key=key))


def refuse_namesake(command: SavePerson, known: Iterable[tuple[str, str]]) -> Refusal | None:
    """Return why a member of staff cannot have the name of another one, unless the command says `another`.

    `known` are the (username, name) pairs of the staff, those who have left included.
    """
    if command.another or not (others := find_same_names(command.person, known)):
        return None
    return Refusal(_describe_duplicates("a colleague named", others, "this is a different person, save them"))


def _is_chosen(command: SaveOrganisation | SaveContact) -> bool:
    """Return whether the operator has said that it is another record, or given it a key."""
    return command.another or (command.new and bool(command.document.key))


def find_same_names(
    one: Organisation | Contact | Person, known: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the (key, name) pairs of other records with a similar name; see `similar_forms`.

    Of customers, plurals, spaces and punctuation are ignored too: `Calder Textile` may be meant for `Calder Textiles`.
    """
    forms = _without_plurals if isinstance(one, Organisation) else similar_forms
    wanted = forms(one.name) - {""}
    return [(key, name) for key, name in known if key != key_of(one) and not wanted.isdisjoint(forms(name))]


def _without_plurals(name: str) -> frozenset[str]:
    return frozenset(
        "".join(word.removesuffix("s") for word in words(form)) or form for form in similar_forms(name)
    )


def _describe_duplicates(what: str, others: Iterable[tuple[str, str]], otherwise: str) -> str:
    names = "; ".join(f"{other} ({key})" for key, other in others)
    return f"there is already {what} {names}; if {otherwise} with --another"
