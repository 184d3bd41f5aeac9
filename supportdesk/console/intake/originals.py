"""Reads what messages say, and who sent them, and keeps the last ones, so that going back to one shows it at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.intake.original import IN_THE_PAST, Original, read_original
from supportdesk.console.intake.reader import read_new_sender

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.session import Session
    from supportdesk.intake.sender import KnownSender
    from supportdesk.tickets.incoming_message import IncomingMessage

_MOST = 20
"""How many messages that were read are kept."""


class Originals:
    """What is known of messages besides their records, by their keys; read on threads of the client's screen."""

    def __init__(self, session: Session, client: ScreenClient) -> None:
        self._session = session
        self._client = client
        self._texts: dict[str, Original] = {}
        self._senders: dict[str, KnownSender | None] = {}

    def text_of(self, key: str) -> Original | None:
        """Return what a message says; None where it was not read yet."""
        return self._texts.get(key)

    def sender_of(self, key: str) -> KnownSender | None:
        """Return who sent a message, if they have become a contact since it arrived; None where that is not known."""
        return self._senders.get(key)

    def is_read(self, key: str) -> bool:
        """Whether both were read."""
        return key in self._texts and key in self._senders

    async def read_text(self, message: IncomingMessage) -> Original:
        """Return what a message says, and keep it."""
        text = self._texts.get(message.key)
        if text is None:
            if self._session.replay is not None:
                text = Original(fault=IN_THE_PAST)
            else:
                read = partial(read_original, self._session.desk, message)
                text = await self._client.in_thread(read, "message")
            while len(self._texts) >= _MOST:
                del self._texts[next(iter(self._texts))]
            self._texts[message.key] = text
        return text

    async def read_sender(self, message: IncomingMessage) -> None:
        """Read who sent a message, also where that was read before."""
        read = partial(read_new_sender, self._session.desk, message)
        self._senders[message.key] = await self._client.in_thread(read, "sender")

    def forget_faults(self) -> None:
        """Forget what could not be read because the desk could not be reached."""
        self._texts = {key: each for key, each in self._texts.items() if each.is_final}

    def forget_other_senders(self, key: str) -> None:
        """Forget who sent messages, but for the one with this key: contacts have changed."""
        self._senders = {key: self._senders.get(key)}

    def forget_all(self) -> None:
        """Forget everything."""
        self._texts.clear()
        self._senders.clear()
