"""What is found of a desk at a moment of the past by a text that somebody typed."""

from __future__ import annotations

from collections.abc import Mapping

from supportdesk.desk_api import Searches
from supportdesk.past.moment import PastMoment
from supportdesk.store import caller_ranking, ranking, record_search
from supportdesk.store.read_models import Caller, Listed, QueueRow
from supportdesk.tickets import telephone
from supportdesk.tickets.documents import Article, Contact, Document, Organisation, Person, Release


class PastSearches(PastMoment, Searches):
    """Searches of the state at the moment that is shown. `Searches` says what each method returns."""

    def find_organisations(self, text: str, limit: int = 8) -> list[Organisation]:
        """Return the organisations with the closest names, the best first."""
        with self._state.lock:
            return ranking.find_nearest_organisations(text, self._state.records.organisations.values(), limit)

    def find_articles(self, text: str, limit: int = 8) -> list[Article]:
        """Return the articles that match best, the best first."""
        with self._state.lock:
            return ranking.find_best_articles(text, self._state.records.articles.values(), limit)

    def find_callers(self, text: str, limit: int = 8) -> list[Caller]:
        """Return the contacts that match part of a name, a company or a telephone number, the likeliest first."""
        with self._state.lock:
            records, region = self._state.records, telephone.home_region(self.policy_at(self.now()))
            callers = [
                Caller(each, records.organisations[each.organisation])
                for each in records.contacts.values()
                if not each.is_erased
            ]
            return caller_ranking.rank_callers(text, callers, region, limit)

    def find_similar(self, text: str, organisation: str | None, limit: int = 5) -> list[QueueRow]:
        """Return the tickets, not closed then, that share enough words with a text, the closest first."""
        with self._state.lock:
            self._state.refresh()
            tickets = self._state.tickets
            rows = (
                row for row in self._state.rows() if organisation in (None, tickets[row.ref].organisation)
            )
            return ranking.similar(text, rows, limit)

    def find_records(self, document_type: type[Document], text: str = "", limit: int = 200) -> Listed:
        """Return the records of a type that have all words of a text in their keys and names."""
        with self._state.lock:
            records = self._state.records
            of_type: Mapping[type[Document], Mapping[str, Document]] = {
                Person: records.reference_data.staff,
                Organisation: records.organisations,
                Contact: records.contacts,
                Release: records.releases,
                Article: records.articles,
            }
            return record_search.search_records_among(
                of_type[document_type].values(), records.organisations, text, limit
            )
