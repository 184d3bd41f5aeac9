"""The notice that a newer version of the program is in use at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.messages import NewerVersionFound
from supportdesk.console.widgets.notice import Notice, Rank

if TYPE_CHECKING:
    from textual.message import Message

    from supportdesk.console.notifications.controller import NoticeController
    from supportdesk.console.session import Session

TEXT = "A newer version is in use at this desk: quit and start again"


class NewerVersionNotice:
    """Shows the notice once for each version; dismissed, it does not come again. Everything goes on meanwhile."""

    def __init__(self, notices: NoticeController) -> None:
        self._notices = notices

    def on_message(self, _session: Session, message: Message) -> None:
        """Show the notice after the message that says so."""
        if isinstance(message, NewerVersionFound):
            self._notices.add(Notice("newer version", TEXT, Rank.NEWER_VERSION))
