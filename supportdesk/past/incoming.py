"""The messages that had arrived at a moment of the past."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from supportdesk.desk_api import IncomingQueries
from supportdesk.past.moment import PastMoment
from supportdesk.tickets.incoming_message import (
    NOT_HEARD,
    VOICEMAIL_WAITS,
    IncomingMessage,
    MessageState,
    WaitingVoicemails,
    text_matcher,
)


class PastIncoming(PastMoment, IncomingQueries):
    """Queries on the messages at the moment that is shown. `IncomingQueries` says what each method returns."""

    def _messages(self) -> Mapping[str, IncomingMessage]:
        with self._state.lock:
            return self._state.incoming_messages()

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
        matches = text_matcher(text)
        found = [
            each
            for each in self._messages().values()
            if (not states or each.state in states)
            and source in (None, each.source)
            and matches(each)
            and (before is None or _order(each) < _order(before))
        ]
        return sorted(found, key=_order, reverse=True)[:limit]

    def count_incoming(self, states: Collection[MessageState] = ()) -> dict[str, dict[MessageState, int]]:
        """Return how many messages there were by mailbox and state."""
        counts: dict[str, dict[MessageState, int]] = {}
        for each in sorted(self._messages().values(), key=lambda each: (each.source, each.state)):
            if not states or each.state in states:
                of_source = counts.setdefault(each.source, {})
                of_source[each.state] = of_source.get(each.state, 0) + 1
        return counts

    def incoming_message(self, key: str) -> IncomingMessage | None:
        """Return the message with a key; None for one that was unknown."""
        return self._messages().get(key)

    def find_incoming(
        self, *, message_id: str = "", content_digest: str = "", ref: str = ""
    ) -> list[IncomingMessage]:
        """Return the messages with a Message-ID, a digest of their content and a reference, the oldest first."""
        found = [
            each
            for each in self._messages().values()
            if message_id in ("", each.message_id)
            and content_digest in ("", each.content_digest)
            and ref in ("", each.ref)
        ]
        return sorted(found, key=_order) if message_id or content_digest or ref else []

    def waiting_voicemails(self, limit: int = 100) -> WaitingVoicemails:
        """Return the voicemails and missed calls of which nothing had become yet, the oldest first."""
        found = [each for each in self._messages().values() if each.state in VOICEMAIL_WAITS]
        shown = tuple(sorted(found, key=_order)[:limit])
        return WaitingVoicemails(shown, len(found), sum(each.state in NOT_HEARD for each in found))

    def incoming_original(self, key: str) -> bytes | None:
        """Return None: originals are read at the present desk."""
        return None


def _order(message: IncomingMessage) -> tuple[object, str]:
    return message.received_at, message.key
