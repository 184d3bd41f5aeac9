"""The links by which the pages of a desk are acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.desk.desk_database import DeskDatabase
from supportdesk.desk_api import PageLinks

if TYPE_CHECKING:
    from supportdesk.store.page_links import PageLink


class DeskPageLinks(DeskDatabase, PageLinks):
    """The links in the database. `PageLinks` says what each method returns."""

    def save_page_link(self, digest: str, link: PageLink) -> None:
        """Save a link under the digest of its secret part."""
        from supportdesk.store.page_links import save_page_link

        now = self.now()
        self._checked.write(lambda connection: save_page_link(connection, digest, link, now))

    def find_page_link(self, digest: str) -> PageLink | None:
        """Return the link whose secret part has this digest; None for an unknown one."""
        from supportdesk.store.page_links import find_page_link

        return self._checked.read(lambda connection: find_page_link(connection, digest))
