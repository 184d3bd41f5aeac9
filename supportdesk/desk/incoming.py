"""The messages that arrived at a desk; each query is one transaction that only reads."""

from __future__ import annotations

from collections.abc import Collection

from supportdesk.desk.desk_database import DeskDatabase
from supportdesk.desk_api import IncomingQueries
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState, WaitingVoicemails


class DeskIncoming(DeskDatabase, IncomingQueries):
    """Queries on the messages in the database. `IncomingQueries` says what each method returns."""

    def incoming_messages(
        self,
        *,
        states: Collection[MessageState] = (),
        source: str | None = None,
        text: str = "",
        before: IncomingMessage | None = None,
        limit: int = 100,
    ) -> list[IncomingMessage]:
        """Return the messages in some states and from a mailbox, where these are given, the newest first."""
        from supportdesk.store import incoming_queries

        return self._checked.read(
            lambda connection: incoming_queries.list_messages(
                connection, states=states, source=source, text=text, before=before, limit=limit
            )
        )

    def count_incoming(self, states: Collection[MessageState] = ()) -> dict[str, dict[MessageState, int]]:
        """Return how many messages there are by mailbox and state."""
        from supportdesk.store import incoming_queries

        return self._checked.read(lambda connection: incoming_queries.count_messages(connection, states))

    def incoming_message(self, key: str) -> IncomingMessage | None:
        """Return the message with a key; None for an unknown one."""
        from supportdesk.store import incoming_queries

        return self._checked.read(lambda connection: incoming_queries.load_message(connection, key))

    def find_incoming(
        self, *, message_id: str = "", content_digest: str = "", ref: str = ""
    ) -> list[IncomingMessage]:
        """Return the messages with a Message-ID, a digest of their content and a reference, the oldest first."""
        from supportdesk.store import incoming_queries
        from supportdesk.tickets.command import LINE_LIMIT
        from supportdesk.tickets.plain_text import clean_line

        stored_id = clean_line(message_id, LINE_LIMIT).text
        return self._checked.read(
            lambda connection: incoming_queries.find_messages(connection, stored_id, content_digest, ref)
        )

    def waiting_voicemails(self, limit: int = 100) -> WaitingVoicemails:
        """Return the voicemails and missed calls of which nothing became yet, the oldest first."""
        from supportdesk.store import incoming_queries

        return self._checked.read(lambda connection: incoming_queries.load_voicemails(connection, limit))

    def incoming_original(self, key: str) -> bytes | None:
        """Return a message as it was sent; None for an unknown key, and once its original was erased."""
        from supportdesk.store import incoming_queries

        return self._checked.read(lambda connection: incoming_queries.load_original(connection, key))
