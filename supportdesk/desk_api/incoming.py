"""What is read of the messages that arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from supportdesk.tickets.incoming_message import IncomingMessage, MessageState, WaitingVoicemails


class IncomingQueries(Protocol):
    """The messages that arrived, by mail or voicemail, each with what became of it."""

    def incoming_messages(
        self,
        *,
        states: Collection[MessageState] = (),
        source: str | None = None,
        text: str = "",
        before: IncomingMessage | None = None,
        limit: int = 100,
    ) -> list[IncomingMessage]:
        """Return the messages in some states and from a mailbox, where these are given, the newest first.

        With a `text`, only those whose sender and subject contain each of its words; to find few among many takes
        long. `before` is the last message of the page before, for the next one.
        """
        ...

    def count_incoming(self, states: Collection[MessageState] = ()) -> dict[str, dict[MessageState, int]]:
        """Return how many messages there are by mailbox and state, without the states in which there are none.

        With `states`, only messages in these are counted, which costs nothing for the others.
        """
        ...

    def incoming_message(self, key: str) -> IncomingMessage | None:
        """Return the message with a key; None for an unknown one."""
        ...

    def find_incoming(
        self, *, message_id: str = "", content_digest: str = "", ref: str = ""
    ) -> list[IncomingMessage]:
        """Return the messages with a Message-ID, a digest of their content and the reference of a ticket, the oldest
        first.

        What is empty may be any; nothing is found where all are.
        """
        ...

    def waiting_voicemails(self, limit: int = 100) -> WaitingVoicemails:
        """Return the voicemails and missed calls of which nothing became yet, the oldest first.

        They change when `changes` names the records of incoming messages.
        """
        ...

    def incoming_original(self, key: str) -> bytes | None:
        """Return a message as it was sent; None for an unknown key, and once its original was erased."""
        ...
