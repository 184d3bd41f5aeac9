"""The notices of what customers write about the operator's tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.widgets.notice import Notice, Rank

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from supportdesk.console.notifications.controller import NoticeController
    from supportdesk.console.session import Session
    from supportdesk.tickets.inbox.entry import InboxEntry


class MessageNotices:
    """Adds a notice when a customer writes about a ticket of the operator, and removes it once somebody replied.

    What was written before the console started is counted in the header. `announce` is called with the reference and
    the details of a ticket about which a customer has just written.
    """

    def __init__(
        self, app: App[None], notices: NoticeController, announce: Callable[[str, str], None]
    ) -> None:
        self._app = app
        self._notices = notices
        self._announce = announce
        self._known: frozenset[str] | None = None
        """The ids of the messages that were read before; None until the inbox has been read."""

    def on_inbox_read(self, session: Session) -> None:
        """Show what is new in the operator's inbox since it was read before."""
        from supportdesk.tickets.inbox.entry import InboxKind

        messages = [each for each in session.inbox if each.kind is InboxKind.MESSAGE]
        known, self._known = self._known, frozenset(each.id for each in messages)
        waiting = {each.ref: each for each in messages if not _is_done(each, session)}
        for ref in {each.ref for each in messages} - {*waiting}:
            self._notices.remove(_key(ref))
        new = {each.ref for each in messages if known is not None and each.id not in known} & {*waiting}
        for ref, entry in waiting.items():
            if ref in new or _key(ref) in self._notices.notices:
                what = (
                    "Mail did not reach the customer of"
                    if entry.is_undelivered
                    else "The customer wrote about"
                )
                text = f"{what} {ref}: {entry.summary}"
                self._notices.add(Notice(_key(ref), text, Rank.MESSAGE, ref, "reply", "reply"))
        for ref in sorted(new):
            self._announce(ref, f"{waiting[ref].summary} ({waiting[ref].organisation})")
        if new and session.settings.bell != ():
            self._app.bell()


def _is_done(entry: InboxEntry, session: Session) -> bool:
    return bool(entry.answer) or entry.id in session.inbox_marks.done


def _key(ref: str) -> str:
    return f"message {ref}"
