"""Whose the letters are in a form: they choose in a list, and they are text once a text is written."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.console.forms.field import Field


class LettersOfForm:
    """Remembers which texts of a form the cursor has reached.

    A list takes letters until a text below it was reached; from then on they go to that text, wherever the cursor is,
    so that words never choose anything. After Shift+Tab they choose again; with `once_only`, as long as nothing is
    written below.
    """

    def __init__(self, *, once_only: bool = False) -> None:
        self._once_only = once_only
        self._reached: list[Field] = []
        self.going_back = False
        """Whether the cursor goes to the field before."""

    def enter(self, here: Field, fields: Sequence[Field]) -> None:
        """The cursor is in a field now; `fields` are those that are asked for, in order."""
        if here.is_typed_in:
            self._reached = [*(each for each in self._reached if each is not here), here]
        else:
            here.take_letters(not self._is_decided(here, fields))
        self.going_back = False

    def _is_decided(self, here: Field, fields: Sequence[Field]) -> bool:
        below = fields[fields.index(here) + 1 :] if here in fields else ()
        reached = [field for field in below if field in self._reached]
        again = self.going_back and not (self._once_only and any(not field.is_blank for field in reached))
        return bool(reached) and not again

    def text_for(self, here: Field, fields: Sequence[Field]) -> Field | None:
        """The text to which a letter goes that a field has no use for; None where it goes nowhere.

        That is the one that was written in last, else the first one below.
        """
        if here.is_typed_in or here not in fields:
            return None
        below = fields[fields.index(here) + 1 :]
        candidates = [*reversed(self._reached), *(field for field in below if field.is_typed_in)]
        return next((field for field in candidates if field in fields and field.holds_text), None)
