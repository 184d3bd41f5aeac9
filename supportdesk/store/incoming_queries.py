"""Reads the messages that arrived."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, literal, select, tuple_

from supportdesk.sla.clocks import epoch
from supportdesk.store import tables
from supportdesk.tickets.incoming_message import (
    NOT_HEARD,
    VOICEMAIL_WAITS,
    IncomingMessage,
    MessageState,
    WaitingVoicemails,
    compute_key_digest,
    text_matcher,
)

_messages = tables.incoming_messages.c
_LEAST = 8
"""The fewest characters of a key."""
_SEARCHED = 1000
"""How many messages are read at a time to look for a text in them."""
_AFTER_DIGITS = "g"
"""Sorts behind every hexadecimal digit."""


def load_message(connection: Connection, key: str) -> IncomingMessage | None:
    """Return the message with a key; None for an unknown one."""
    return _load(connection, select(_messages.document).where(_messages.key == key)).get(key)


def load_with_content(connection: Connection, message: IncomingMessage) -> Mapping[str, IncomingMessage]:
    """Return the messages with the content of `message`, by key, in the order of their arrival.

    Mail has its Message-ID, too; a recording is the same, whatever mail brings it.
    """
    same = [_messages.content_digest == message.content_digest]
    if message.voicemail is None:
        same.append(_messages.message_id == message.message_id)
    return _load(
        connection, select(_messages.document).where(*same).order_by(_messages.received_at, _messages.key)
    )


def list_messages(
    connection: Connection,
    *,
    states: Collection[MessageState],
    source: str | None,
    text: str,
    before: IncomingMessage | None,
    limit: int,
) -> list[IncomingMessage]:
    """Return messages the newest first; see `IncomingQueries`."""
    # One query for each state: an index has them in this order.
    found = [
        each
        for state in (*states,) or (None,)
        for each in islice(
            _search(connection, state, source=source, text=text, before=before, limit=limit),
            limit,
        )
    ]
    return sorted(found, key=lambda each: (each.received_at, each.key), reverse=True)[:limit]


def _search(
    connection: Connection,
    state: MessageState | None,
    *,
    source: str | None,
    text: str,
    before: IncomingMessage | None,
    limit: int,
) -> Iterator[IncomingMessage]:
    """Yield the messages that match a text, the newest first; without a text, those of one page."""
    if not text:
        yield from _list_page(connection, state, source, before, limit)
        return
    matches = text_matcher(text)
    while page := _list_page(connection, state, source, before, _SEARCHED):
        yield from filter(matches, page)
        before = page[-1]


def _list_page(
    connection: Connection,
    state: MessageState | None,
    source: str | None,
    before: IncomingMessage | None,
    limit: int,
) -> list[IncomingMessage]:
    query = select(_messages.document)
    if state is not None:
        query = query.where(_messages.state == state.value)
    if source is not None:
        query = query.where(_messages.source == source)
    if before is not None:
        last = tuple_(literal(epoch(before.received_at)), literal(before.key))
        query = query.where(tuple_(_messages.received_at, _messages.key) < last)
    newest_first = query.order_by(_messages.received_at.desc(), _messages.key.desc()).limit(limit)
    return list(_load(connection, newest_first).values())


def count_messages(
    connection: Connection, states: Collection[MessageState] = ()
) -> dict[str, dict[MessageState, int]]:
    """Return how many messages there are by mailbox and state; see `IncomingQueries`."""
    columns = (_messages.source, _messages.state)
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    if states:
        query = query.where(_messages.state.in_([each.value for each in states]))
    counts: dict[str, dict[MessageState, int]] = {}
    for source, state, count in connection.execute(query):
        counts.setdefault(source, {})[MessageState(state)] = count
    return counts


def load_voicemails(connection: Connection, limit: int) -> WaitingVoicemails:
    """Return the voicemails and missed calls that wait, the oldest first; see `IncomingQueries`."""
    waits = _messages.state.in_([each.value for each in VOICEMAIL_WAITS])
    counted = connection.execute(select(_messages.state, func.count()).where(waits).group_by(_messages.state))
    counts = {MessageState(state): count for state, count in counted}
    # One query for each state: an index has them in this order.
    found = [
        each
        for state in counts
        for each in _load(
            connection,
            select(_messages.document)
            .where(_messages.state == state.value)
            .order_by(_messages.received_at, _messages.key)
            .limit(limit),
        ).values()
    ]
    return WaitingVoicemails(
        tuple(sorted(found, key=lambda each: (each.received_at, each.key))[:limit]),
        sum(counts.values()),
        sum(counts.get(each, 0) for each in NOT_HEARD),
    )


def find_messages(
    connection: Connection, message_id: str, content_digest: str, ref: str
) -> list[IncomingMessage]:
    """Return the messages with a Message-ID, a digest of their content and a reference; see `IncomingQueries`."""
    query = select(_messages.document).order_by(_messages.received_at, _messages.key)
    if message_id:
        query = query.where(_messages.message_id == message_id)
    if content_digest:
        query = query.where(_messages.content_digest == content_digest)
    if ref:
        query = query.where(_messages.ref == ref)
    return list(_load(connection, query).values()) if message_id or content_digest or ref else []


def load_original(connection: Connection, key: str) -> bytes | None:
    """Return the original of a message; None for an unknown key, and once it was erased."""
    message, attachments = load_message(connection, key), tables.attachments.c
    if message is None:
        return None
    found = select(attachments.content).where(attachments.digest == message.original)
    content: bytes | None = connection.execute(found).scalar()
    return content


def find_free_key(connection: Connection, message: IncomingMessage) -> str:
    """Return a short key for a new message, which no other has, whatever messages somebody sends."""
    digest = compute_key_digest(message)
    begin = digest[:_LEAST]
    begun = select(_messages.key).where(_messages.key.between(begin, begin + _AFTER_DIGITS))
    taken = set(connection.execute(begun).scalars())
    return next(key for length in range(_LEAST, len(digest) + 1) if (key := digest[:length]) not in taken)


def _load(connection: Connection, query: Select[Any]) -> dict[str, IncomingMessage]:
    found = (msgspec.json.decode(each, type=IncomingMessage) for each in connection.execute(query).scalars())
    return {each.key: each for each in found}
