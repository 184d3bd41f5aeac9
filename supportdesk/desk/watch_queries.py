"""What falls due on a desk's tickets as time passes; each query is one transaction that only reads."""

from __future__ import annotations

from datetime import datetime

from supportdesk.desk.desk_database import DeskDatabase
from supportdesk.desk_api import WatchQueries
from supportdesk.store import record_tables, ticket_queries
from supportdesk.store.read_models import DueTicket
from supportdesk.tickets.documents import DeskNotice


class DeskWatchQueries(DeskDatabase, WatchQueries):
    """Queries on the indexed due column. `WatchQueries` says what each method returns."""

    def due_refs(self, at: datetime, limit: int = 1_000) -> list[str]:
        """Return the references of the tickets on which something is due by `at`, the most severe first."""
        return [each.ref for each in self.overdue_steps(at, limit)]

    def next_watch_due(self) -> datetime | None:
        """Return when the watcher next has something to do on any ticket; None for never."""
        return self._checked.read(ticket_queries.find_next_due)

    def notices(self, prefix: str) -> list[DeskNotice]:
        """Return the notices about no ticket whose keys begin with a text, in the order in which they were sent."""
        return self._checked.read(lambda connection: record_tables.load_notices(connection, prefix))

    def overdue_steps(self, at: datetime, limit: int = 10) -> list[DueTicket]:
        """Return the tickets on which something was due by `at` and was not done, the most severe first."""
        return self._checked.read(lambda connection: ticket_queries.load_due(connection, at, limit))
