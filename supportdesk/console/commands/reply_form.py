"""The form that replies to the customer: a canned reply is found by its title, files are attached."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on

from supportdesk.attachments.typed_paths import SEPARATOR, split_paths
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.text_fields import LineField, TextField
from supportdesk.console.search.candidate import Candidate, NoMatchError
from supportdesk.console.search.searches import Searchable, best_matches
from supportdesk.resources import data_path
from supportdesk.sla.mail_kind import MailKind
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.attached_file import FileContent
from supportdesk.tickets.command import Command
from supportdesk.tickets.folding import spaced
from supportdesk.tickets.process.conversation import Reply

_ATTACH = f"files that go with a mail, separated by {SEPARATOR}"
_LONGEST = 4_000

if TYPE_CHECKING:
    from supportdesk.replies.canned_reply import CannedReply


def _explain(error: OSError, paths: Sequence[str]) -> str:
    """Return how a path with a separator in it is typed, where one of several was perhaps meant to have one."""
    if error.errno != errno.ENOENT or len(paths) < 2:
        return ""
    return f". A path that has a {SEPARATOR} itself goes in double quotes"


class ReplyForm(CommandForm):
    """Asks for a reply, in the operator's words or a canned one's, filled from the ticket, and for files to attach."""

    def __init__(self, context: CommandContext, view: TicketView) -> None:
        super().__init__(context, Reply, view)
        self._replies: Mapping[str, CannedReply] = {}
        self._files: tuple[FileContent, ...] = ()
        self._attached = LineField("attach", _ATTACH, label="Attach", limit=_LONGEST)
        self._canned = SearchField(
            "canned",
            "a word of its title; it fills the text below",
            self._find,
            blocking=True,
            label="Canned reply",
            if_none="no canned reply has such a title",
        )

    def fields(self) -> list[Field]:
        """Return the search for a canned reply, and a field for each argument."""
        return [self._canned, *super().fields(), *([self._attached] if self._is_mailed else [])]

    @property
    def _is_mailed(self) -> bool:
        return MailKind.REPLY in self.policy.mails

    async def confirm(self, command: Command) -> bool:
        """Read the files before the reply is sent; one that cannot be read is shown, and nothing is sent."""
        from supportdesk.attachments.chosen_file import read_files

        paths = split_paths(self._attached.text) if self._is_mailed else []
        try:
            self._files = await asyncio.to_thread(read_files, paths)
        except OSError as error:
            why = f"{error.filename} cannot be attached: {error.strerror}{_explain(error, paths)}"
            self.show_status(why, refused=True)
            return False
        return await super().confirm(command)

    def complete(self, command: Command) -> Command:
        """Return the reply with the files that were read."""
        return replace(command, attachments=self._files) if isinstance(command, Reply) else command

    def field_completed(self, field: Field) -> None:
        """Fill in the canned reply that was picked, before the next key is handled."""
        super().field_completed(field)
        if field is self._canned:
            self._fill_in()

    @on(Field.Changed)
    def _clicked(self, event: Field.Changed) -> None:
        if event.field is self._canned:
            self._fill_in()

    def _find(self, text: str) -> Sequence[Candidate]:
        """Return the canned replies for a text; called in a thread. Raises NoMatchError where a file has a fault."""
        from supportdesk.replies.canned_reply import CannedReplyError, load_canned_replies

        own = self.context.own_replies
        files = [data_path("replies.toml"), *([own] if own is not None and own.exists() else [])]
        try:
            replies = load_canned_replies(files)
        except CannedReplyError as error:
            raise NoMatchError(str(error)) from error
        self._replies = {each.key: each for each in replies}
        known = [
            Searchable(Candidate(each.key, each.title), spaced(f"{each.title} {each.key}"))
            for each in replies
        ]
        return best_matches(text, known)

    def _fill_in(self) -> None:
        """Write the picked reply into the text, after what is there, and clear the search."""
        from supportdesk.replies.canned_reply import CannedReplyError, fill_canned_reply
        from supportdesk.replies.reply_values import make_reply_values

        picked = self._canned.picked
        if picked is None:
            return
        self._canned.clear()
        values = make_reply_values(self.view, self.policy, self.context.person.name)
        try:
            filled = fill_canned_reply(self._replies[picked.key], values)
        except CannedReplyError as error:
            self.show_status(str(error), refused=True)
            return
        self.show_status("")
        text = self.query_one("#text", TextField)
        text.restore("\n\n".join(filter(None, (text.raw_value.rstrip(), filled))))
        text.take_focus()
