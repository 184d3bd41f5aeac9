"""The severity, found by the policy's yes-or-no questions, the most severe first, or chosen by its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, DescendantBlur, DescendantFocus, Key
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from supportdesk.console.dialogs.key_hints import key_hints
from supportdesk.console.forms.choice_fields import described
from supportdesk.console.forms.field import Field
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.sla.policy import Policy, Severity
from supportdesk.tickets.folding import fold
from supportdesk.tickets.severity_questions import find_next_question, overrules, suggest_severity

_GAP = 2
_YES, _NO = "y", "n"
BY_ARROWS = "use the arrows; letters go to the text field"


class SeverityQuestions(Widget, can_focus=True):
    """The severities by number in one line: ruled out, asked about, chosen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "severity--asked",
        "severity--chosen",
        "severity--denied",
        "severity--name",
        "severity--number",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left", "step(-1)", "More severe", show=False),
        Binding("down,right", "step(1)", "Less severe", show=False),
        Binding("backspace", "take_back", "Undo the last answer", show=False),
    ]

    @dataclass
    class Answered(Message):
        """A question was answered, or a severity chosen."""

        questions: SeverityQuestions

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.policy = policy
        self.answers: tuple[bool, ...] = ()
        self.chosen: str | None = None
        self.takes_letters = True

    @property
    def asked(self) -> Severity | None:
        """The severity of the question that is open; None once one is chosen."""
        return find_next_question(self.policy, self.answers) if self.chosen is None else None

    def on_key(self, event: Key) -> None:
        """Answer the question by y or n; choose a severity by its number or first letter."""
        letter = (event.character or "").casefold() if self.takes_letters else ""
        if letter in (_YES, _NO) and self.asked is not None:
            self.answer(yes=letter == _YES)
        elif not self._choose_by(letter):
            return
        event.stop()

    def _choose_by(self, letter: str) -> bool:
        severities = self.policy.severities
        if letter.isdecimal() and 1 <= int(letter) <= len(severities):
            self.choose(severities[int(letter) - 1].key)
            return True
        named = [each.key for each in severities if letter and fold(each.name).startswith(fold(letter))]
        if not named:
            return False
        place = named.index(self.chosen) + 1 if self.chosen in named else 0
        self.choose(named[place % len(named)])
        return True

    def answer(self, *, yes: bool) -> None:
        """Answer the open question; the last answer chooses the severity."""
        self.answers = (*self.answers, yes)
        self._set_chosen(suggest_severity(self.policy, self.answers))

    def choose(self, severity: str | None) -> None:
        """Choose a severity, whatever the answers; None for none."""
        self._set_chosen(severity)

    def _set_chosen(self, severity: str | None) -> None:
        self.chosen = severity
        self.refresh()
        self.post_message(self.Answered(self))

    def action_step(self, by: int) -> None:
        """Choose the severity `by` places further, wrapping at the end."""
        keys = [each.key for each in self.policy.severities]
        start = keys.index(self.chosen) if self.chosen else (-1 if by > 0 else 0)
        self.choose(keys[(start + by) % len(keys)])

    def action_take_back(self) -> None:
        """Discard a choice that overrules the answers; otherwise the last answer and what it led to."""
        led_to = suggest_severity(self.policy, self.answers)
        if self.chosen == led_to:
            self.answers, led_to = self.answers[:-1], None
        self.choose(led_to)

    def on_click(self, event: Click) -> None:
        """Choose the severity that was clicked."""
        chosen = event.style.meta.get("severity")
        if chosen is not None:
            self.choose(chosen)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return the height in lines: one, or more where the severities do not fit."""
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        lines = [Content()]
        for number, severity in enumerate(self.policy.severities, 1):
            name = self._numbered(number, severity)
            if lines[-1].cell_length and lines[-1].cell_length + _GAP + name.cell_length > width:
                lines.append(Content())
            lines[-1] = lines[-1].pad_right(_GAP if lines[-1].cell_length else 0) + name
        return lines

    def _numbered(self, number: int, severity: Severity) -> Content:
        signs, asked = terminal_symbols(), self.asked
        style_name, sign = "name", ""
        if severity.key == self.chosen:
            style_name, sign = "chosen", f"{signs.chosen} "
        elif asked is not None and severity.key == asked.key and self.has_focus:
            style_name, sign = "asked", f"{signs.marked} "
        elif number <= len(self.answers) and not self.answers[number - 1]:
            style_name = "denied"
        style = self.get_visual_style(f"severity--{style_name}")
        first = self.get_visual_style("severity--number") if style_name == "name" else style
        name = Content.assemble((f"{sign}{number} ", first), safe(severity.name, style))
        return name.stylize(style.from_meta({"severity": severity.key}))


class SeverityWizard(Field):
    """Asks for the severity. `overruled` is true when the choice differs from what the answers lead to."""

    def __init__(self, name: str, hint: str, policy: Policy) -> None:
        super().__init__(name, hint, required=True)
        self.questions = SeverityQuestions(policy)

    def controls(self) -> ComposeResult:
        """Yield the list of severities."""
        yield self.questions

    @property
    def value(self) -> str:
        """The key of the chosen severity; empty while none is."""
        return self.questions.chosen or ""

    @property
    def problem(self) -> str | None:
        """Why the form cannot be sent: no severity is chosen yet; None once one is."""
        if self.questions.chosen is not None:
            return None
        numbers = f"1 to {len(self.questions.policy.severities)}"
        if self.questions.has_focus:
            return f"choose a severity: answer with y or n, or press {numbers}"
        return f"press {numbers}, or answer the questions here"

    @property
    def overruled(self) -> bool:
        """Whether the choice differs from what the answers lead to."""
        return bool(self.value) and overrules(self.questions.policy, self.questions.answers, self.value)

    @property
    def raw_value(self) -> tuple[tuple[bool, ...], str | None]:
        """The answers, and the key of the chosen severity."""
        return self.questions.answers, self.questions.chosen

    def restore(self, raw_value: tuple[Sequence[bool], str | None]) -> None:
        """Restore the answers and the choice."""
        answers, chosen = raw_value
        self.questions.answers = tuple(answers)
        self.questions.choose(chosen)

    def take_letters(self, taken: bool) -> None:
        """Let letters and numbers choose a severity, or leave them to the form."""
        self.questions.takes_letters = taken
        self._show_note()

    def finish(self) -> None:
        """Keep the choice; a missing one is reported when the form is sent."""

    @on(SeverityQuestions.Answered)
    def _answered(self, event: SeverityQuestions.Answered) -> None:
        event.stop()
        self._show_note()
        self.post_message(self.Changed(self))

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _show_note(self) -> None:
        self.questions.refresh()
        self.set_note(self._note())

    def _note(self) -> Content | str:
        questions, policy = self.questions, self.questions.policy
        if questions.chosen is not None:
            text = safe(policy.severity(questions.chosen).description)
            if not self.overruled:
                return text
            led_to = suggest_severity(policy, questions.answers)
            suggestion = f"suggest {policy.severity(led_to).name}" if led_to else "rule this out"
            return Content("\n").join(
                [text, safe(f"Your answers {suggestion}: give the reason below.", "$due-soon")]
            )
        if questions.asked is None or not questions.has_focus:
            return ""
        if not questions.takes_letters:
            return BY_ARROWS
        keys = key_hints(
            (_YES, "yes"), (_NO, "no"), (f"1 to {len(policy.severities)}", "choose the severity")
        )
        question = Content.assemble("Does this apply?  ", described(questions.asked)).stylize("$foreground")
        return Content("\n").join([question, keys])
