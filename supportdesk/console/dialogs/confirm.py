"""A confirmation before an action that cannot simply be undone."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.terminal.safe_text import safe, safe_lines
from supportdesk.console.widgets.choices import Choice, Choices

CANCEL, YES = "cancel", "yes"


class Confirm(Dialog[bool]):
    """Asks a question, with Cancel marked. The result is True only for a clear yes; None and False both mean no.

    `question` is one line, `consequences` may be several, `yes` is the label of the confirming choice.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer", "Answer", show=False),
        *bindings(Scope.QUESTION),
    ]

    def __init__(self, question: str, consequences: str, yes: str) -> None:
        super().__init__()
        self.add_class("confirm")
        self._question = question
        self._consequences = consequences
        self._yes = yes

    def heading(self) -> Content:
        return safe(self._question)

    def body(self) -> ComposeResult:
        """Yield the consequences and the two answers."""
        if self._consequences:
            yield Static(safe_lines(self._consequences), classes="consequences")
        yield Choices((Choice(CANCEL, "Cancel"), Choice(YES, self._yes)), CANCEL)

    def keys(self) -> Content:
        """Return the key hints."""
        return key_hints(
            ("enter", "choose the marked answer"),
            (key_for(self, "confirm.yes"), "yes"),
            (key_for(self, "dialog.leave"), "cancel"),
        )

    def on_mount(self) -> None:
        """Focus Cancel, and let only the arrows move: a letter still being typed for the form below must not answer."""
        answers = self.query_one(Choices)
        answers.takes_letters = False
        focus_at_once(answers)

    @on(Choices.Chosen)
    def _chosen(self, event: Choices.Chosen) -> None:
        event.stop()

    def action_answer(self) -> None:
        """Answer with the marked choice."""
        choice = self.query_one(Choices).choice
        self.dismiss(choice is not None and choice.key == YES)

    def action_yes(self) -> None:
        """Answer yes, whichever choice is marked."""
        self.dismiss(True)
