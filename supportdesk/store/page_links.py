"""The links by which pages are acknowledged, found by the digest of their secret part."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Select, and_, delete, exists, insert, or_, select

from supportdesk.sla.clocks import epoch, instant
from supportdesk.store import tables

VALID_FOR = timedelta(days=1)
"""How long after its page a link can be used."""

_links, _messages, _notices = tables.page_links.c, tables.messages.c, tables.notices.c


class PageLink(msgspec.Struct, frozen=True):
    """What a link is bound to: the page of a person about a ticket, by its instant; and when it expires."""

    ref: str
    person: str
    paged_at: datetime
    expires_at: datetime


def save_page_link(connection: Connection, digest: str, link: PageLink, now: datetime) -> None:
    """Save a link, and forget those that have expired.

    A link to a page that is not there acknowledges nothing and is not saved: the desk was restored meanwhile.
    """
    connection.execute(delete(tables.page_links).where(_links.expires_at < epoch(now)))
    if connection.execute(_find_page(link)).first() is None:
        return
    connection.execute(
        insert(tables.page_links).values(
            digest=digest,
            ref=link.ref,
            person=link.person,
            paged_at=epoch(link.paged_at),
            expires_at=epoch(link.expires_at),
        )
    )


def _find_page(link: PageLink) -> Select[tuple[str]]:
    """Return the query for the message that brings a page to its person; `ref` may be the key of a notice."""
    of_notice = and_(_messages.ref.is_(None), exists().where(_notices.key == link.ref))
    return select(_messages.id).where(
        _messages.person == link.person,
        _messages.at == epoch(link.paged_at),
        or_(_messages.ref == link.ref, of_notice),
    )


def find_page_link(connection: Connection, digest: str) -> PageLink | None:
    """Return the link whose secret part has this digest; None for an unknown one."""
    query = select(_links.ref, _links.person, _links.paged_at, _links.expires_at).where(
        _links.digest == digest
    )
    row = connection.execute(query).one_or_none()
    return PageLink(row.ref, row.person, instant(row.paged_at), instant(row.expires_at)) if row else None
