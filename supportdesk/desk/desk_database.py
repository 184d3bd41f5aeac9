"""The database of an open desk with its clock, and the time and the policies, which are read without it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from supportdesk.clock import Clock
from supportdesk.desk_api import PolicyQueries
from supportdesk.sla.opening_hours import within_years
from supportdesk.sla.policy import Policy
from supportdesk.store.backend import Database
from supportdesk.store.continuity import CheckedDatabase
from supportdesk.store.errors import UnknownTicketError
from supportdesk.store.reference_data import ReferenceCache, ReferenceData
from supportdesk.tickets import reference

if TYPE_CHECKING:
    from supportdesk.store.known_methods import KnownMethods


class DeskDatabase(PolicyQueries):
    """Base of the parts of a desk. Each query is one transaction that only reads, and refreshes what is in memory."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._checked = CheckedDatabase(database)
        self._clock = clock
        self._closed = False
        self._cache = ReferenceCache(ReferenceData(load_methods=self._load_methods))
        self._watch = database.watch()
        try:
            self._checked.read(self._cache.refresh)
        except BaseException:
            self.close()
            raise

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Every version of the policy, by version, with the days that were declared since."""
        return self._cache.data.policies

    @property
    def newer_version(self) -> str:
        """The number of the desk's schema once a newer program has upgraded the desk; empty before."""
        return self._checked.newer

    def now(self) -> datetime:
        """Return the present in whole UTC seconds, moved into the calendars' years where the clock is wrong."""
        return within_years(self._machine_time())

    def policy_at(self, at: datetime) -> Policy:
        """Return the version in force at an instant. Raises DeskUnavailableError where no policy is installed."""
        return self._cache.data.policy_at(at)

    def close(self) -> None:
        """End every wait and close the database."""
        self._closed = True
        self._watch.close()
        self._database.close()

    def _load_methods(self) -> frozenset[str]:
        return self._known_methods()

    @cached_property
    def _known_methods(self) -> KnownMethods:
        from supportdesk.store.known_methods import KnownMethods

        return KnownMethods(self._database.heartbeat())

    def _machine_time(self) -> datetime:
        return self._clock.now().astimezone(UTC).replace(microsecond=0)


def stored_reference(ref: str) -> str:
    """Return a reference as the database has it. Raises UnknownTicketError for a text that cannot be one."""
    try:
        return reference.parse(ref)
    except reference.BadReferenceError as error:
        raise UnknownTicketError(str(error)) from error
