"""What a desk finds by a text that somebody typed.

What ranks and matches is imported with the first search of its kind: the queue is shown without it.
"""

from __future__ import annotations

from supportdesk.desk.desk_database import DeskDatabase
from supportdesk.desk_api import Searches
from supportdesk.store import record_tables
from supportdesk.store.backend import full_text
from supportdesk.store.read_models import Caller, Listed, QueueRow
from supportdesk.tickets.documents import Article, Document, Organisation


class DeskSearches(DeskDatabase, Searches):
    """Searches of a database. `Searches` says what each method returns."""

    def find_organisations(self, text: str, limit: int = 8) -> list[Organisation]:
        """Return the organisations with the closest names, the best first; without a text, the first by name."""
        from supportdesk.store import ranking

        organisations = self._checked.read(
            lambda connection: record_tables.load_all(connection, Organisation)
        )
        return ranking.find_nearest_organisations(text, organisations.values(), limit)

    def find_articles(self, text: str, limit: int = 8) -> list[Article]:
        """Return the articles that match best, the best first; without a text, the first by title."""
        from supportdesk.store import search

        return self._checked.read(lambda connection: search.search_articles(connection, text, limit))

    def find_callers(self, text: str, limit: int = 8) -> list[Caller]:
        """Return the contacts that match part of a name, a company or a telephone number, the likeliest first."""
        from supportdesk.store import search
        from supportdesk.tickets import telephone

        region = telephone.home_region(self.policy_at(self.now()))
        return self._checked.read(lambda connection: search.search_callers(connection, text, region, limit))

    def find_similar(self, text: str, organisation: str | None, limit: int = 5) -> list[QueueRow]:
        """Return the open tickets that share enough words with a text, the closest first."""
        from supportdesk.store import tokens

        query = tokens.parse_query(text)
        return self._checked.read(
            lambda connection: full_text(connection).find_similar_tickets(
                connection, query, organisation, limit
            )
        )

    def find_records(self, document_type: type[Document], text: str = "", limit: int = 200) -> Listed:
        """Return the records of a type that have all words of a text in their keys and names."""
        from supportdesk.store import record_search

        return self._checked.read(
            lambda connection: record_search.search_records(connection, document_type, text, limit)
        )
