"""A key that can be rebound, and where it works."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Scope(StrEnum):
    """Where a key works; `value` heads its section in the help."""

    TICKET = "The ticket under the cursor"
    DESK = "The desk"
    QUEUE = "In the queue"
    TICKET_PANE = "In an open ticket"
    VOICEMAIL = "On a voicemail above the queue"
    FILTER = "While typing a filter"
    REPLAY = "During a replay"
    DIRECTORY = "In the directory"
    BOARD = "On the board"
    ROTA = "In the rota"
    INBOX = "In the inbox"
    SHIFT = "In the handover of a shift"
    INTAKE = "In the intake"
    OUTBOX = "In the outbox"
    LIST = "In the list of tickets behind a figure"
    DIALOG = "In a dialog"
    FORM = "In a form"
    QUESTION = "In a confirmation"
    READ_BACK = "While reading a reference back"
    CALL = "While recording a call"
    LISTENING = "In the dialog of a voicemail"
    ATTACHMENTS = "In the list of attachments"


class Key(msgspec.Struct, frozen=True):
    """One action and its keys. `keys` are Textual's names, separated by commas; the first is the one shown.

    `label` is the word in the key bar, `help` a sentence for the help and the palette. A key with a `verb` stands for
    the ticket commands of those verbs, of which the ticket allows one. `bar` is the key's place in the key bar, 0 for
    none; the first places are kept longest on a narrow screen. A key with `before_focus` is handled before the
    focused widget.
    """

    id: str
    keys: str
    action: str
    scope: Scope
    label: str = ""
    help: str = ""
    verbs: tuple[str, ...] = ()
    bar: int = 0
    before_focus: bool = False

    @property
    def changes_desk(self) -> bool:
        """Whether it leads to a command, and so is refused to an operator who can change nothing."""
        return bool(self.verbs) or self.id == "desk.call"

    @property
    def works_in_fields(self) -> bool:
        """Whether it works while the operator types, so that it cannot be a letter."""
        return self.scope in {Scope.DIALOG, Scope.FORM, Scope.CALL} or self.is_global

    @property
    def is_global(self) -> bool:
        """Whether it works in every other scope, too."""
        return self.before_focus and self.scope is Scope.DESK
