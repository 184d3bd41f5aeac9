"""The names that a filter can use at a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from supportdesk.console.queue.filter.name_index import FoldedNames
from supportdesk.console.queue.filter.vocabulary import KeyAndName, Vocabulary
from supportdesk.tickets.folding import fold

if TYPE_CHECKING:
    from supportdesk.console.queue.index import QueueIndex
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import Roster


def vocabulary_of(
    username: str, policies: Iterable[Policy], roster: Roster, index: QueueIndex | None = None, **more: Any
) -> Vocabulary:
    """Return the names of every version of the policy, of the staff, and of the customers of the tickets in an book.

    `more` are further fields of the vocabulary, by name.
    """
    known = list(policies)
    teams = {person.username: person.team for person in roster.staff}
    staff = sorted((person for person in roster.staff if person.active), key=lambda person: fold(person.name))
    return Vocabulary(
        me=username,
        team=teams.get(username, ""),
        severities=_names_of(known, "severities"),
        channels=_names_of(known, "channels"),
        teams=_names_of(known, "teams"),
        staff=[(person.username, person.name) for person in staff],
        former=[(person.username, person.name) for person in roster.staff if not person.active],
        releases=[(release.key, "") for release in roster.releases],
        organisations=_names_in(index, attrgetter("row.organisation")),
        contacts=_names_in(index, attrgetter("row.contact")),
        **more,
    )


def _names_of(policies: Iterable[Policy], what: str) -> Sequence[KeyAndName]:
    # A ticket keeps the policy of its arrival; where versions name a thing differently, the latest name is used.
    named = {each.key: each.name for policy in policies for each in getattr(policy, what)}
    return list(named.items())


def _names_in(index: QueueIndex | None, read: Callable[[Any], str]) -> Callable[[], Sequence[str]]:
    @cache
    def names() -> Sequence[str]:
        return (
            FoldedNames(sorted(set(map(read, index.entries.values()))))
            if index is not None
            else FoldedNames()
        )

    return names
