"""Decides what a letter does in a form: it chooses in a list, or is text once a text is being written."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.console.forms.field import Field
from supportdesk.console.forms.text_fields import TextInputField


class LettersOfForm:
    """Tracks which texts of a form the focus has reached.

    Letters choose in a list until a text below it has been reached; from then on they go to that text, wherever the
    focus is, so that words never choose anything. After Shift+Tab they choose again; with `once_only`, only while the
    texts below are empty.
    """

    def __init__(self, *, once_only: bool = False) -> None:
        self._once_only = once_only
        self._reached: list[Field] = []
        self.going_back = False
        """Whether the focus is moving to the previous field."""

    def enter(self, current: Field, fields: Sequence[Field]) -> None:
        """Record that the focus is in a field now; `fields` are the visible ones, in order."""
        if current.is_typed_in:
            self._reached = [*(each for each in self._reached if each is not current), current]
        else:
            current.take_letters(not self._is_decided(current, fields))
        self.going_back = False

    def _is_decided(self, current: Field, fields: Sequence[Field]) -> bool:
        below = fields[fields.index(current) + 1 :] if current in fields else ()
        reached = [field for field in below if field in self._reached]
        again = self.going_back and not (self._once_only and any(not field.is_blank for field in reached))
        return bool(reached) and not again

    def text_for(self, current: Field, fields: Sequence[Field]) -> TextInputField | None:
        """Return the text field that receives a letter which `current` does not use; None for none.

        It is the text last reached, otherwise the first one below.
        """
        if current.is_typed_in or current not in fields:
            return None
        below = fields[fields.index(current) + 1 :]
        candidates = [*reversed(self._reached), *(field for field in below if field.is_typed_in)]
        texts = (field for field in candidates if isinstance(field, TextInputField))
        return next((text for text in texts if text in fields), None)
