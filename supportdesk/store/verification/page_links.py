"""Compares the links in pages with the pages that they acknowledge.

A link that is missing is no finding, as links are deleted once they have expired; neither is another digest, as the
secret part of a link is nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from supportdesk.sla.clocks import epoch
from supportdesk.store import payloads, tables
from supportdesk.store.backend import Reader
from supportdesk.store.findings import Findings
from supportdesk.store.page_links import VALID_FOR
from supportdesk.store.verification.chain import Chain, is_digest
from supportdesk.tickets.events import Paged
from supportdesk.tickets.records.events import NoticeSent

_TABLE = tables.page_links.name
_PAGED = str(Paged.__struct_config__.tag)
_FIND_PAGES = "SELECT payload FROM ledger WHERE ref = ? AND event = ? AND at = ?"
_VALID_FOR = int(VALID_FOR.total_seconds())


def compare_page_links(reader: Reader, chain: Chain, findings: Findings) -> None:
    """Compare every link with the page of its ticket, or with the notice, that it acknowledges."""
    notices = {
        (each.event.notice.key, person, epoch(each.at))
        for each in chain.outbox.notices
        if isinstance(each.event, NoticeSent)
        for person in each.event.notice.people
    }
    query = f"SELECT digest, ref, person, paged_at, expires_at FROM {_TABLE} ORDER BY 1"  # noqa: S608 - a name of ours
    for digest, ref, person, paged_at, expires_at in reader.rows(query):
        if ref in chain.unreadable:
            continue
        is_known = type(paged_at) is int and (
            (ref, person, paged_at) in notices or person in _list_paged(reader, ref, paged_at)
        )
        if not is_known:
            findings.add(_TABLE, digest, "no page in the ledger explains it")
        elif type(expires_at) is not int or expires_at != paged_at + _VALID_FOR:
            findings.add(_TABLE, digest, "differs from the ledger: expires_at")
        if not is_digest(digest):
            findings.add(_TABLE, digest, "its key is not the digest of a secret")


def _list_paged(reader: Reader, ref: object, at: int) -> Iterator[str | None]:
    """Yield who was paged for a ticket at an instant, in UTC epoch seconds."""
    for (payload,) in reader.rows(_FIND_PAGES, (ref, _PAGED, at)):
        event = payloads.decode(payload)
        if isinstance(event, Paged):
            yield event.person
