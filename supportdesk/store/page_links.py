"""The links by which pages are acknowledged, found by the digest of their secret part."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select

from supportdesk.sla.clocks import epoch, instant
from supportdesk.store import tables

_links = tables.page_links.c


class PageLink(msgspec.Struct, frozen=True):
    """What a link is bound to: the page of a person about a ticket, by its instant; and when it expires."""

    ref: str
    person: str
    paged_at: datetime
    expires_at: datetime


def save_page_link(connection: Connection, digest: str, link: PageLink, now: datetime) -> None:
    """Save a link, and forget those that have expired."""
    connection.execute(delete(tables.page_links).where(_links.expires_at < epoch(now)))
    connection.execute(
        insert(tables.page_links).values(
            digest=digest,
            ref=link.ref,
            person=link.person,
            paged_at=epoch(link.paged_at),
            expires_at=epoch(link.expires_at),
        )
    )


def find_page_link(connection: Connection, digest: str) -> PageLink | None:
    """Return the link whose secret part has this digest; None for an unknown one."""
    query = select(_links.ref, _links.person, _links.paged_at, _links.expires_at).where(
        _links.digest == digest
    )
    row = connection.execute(query).one_or_none()
    return PageLink(row.ref, row.person, instant(row.paged_at), instant(row.expires_at)) if row else None
