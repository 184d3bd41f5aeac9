"""The dialog that asks until when an entry of the inbox is put off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from supportdesk.console.forms.time_fields import FutureInstantField
from supportdesk.console.forms.value_dialog import ValueDialog


class LaterField(FutureInstantField):
    """Asks for a time in the future."""

    @property
    def problem(self) -> str | None:
        """Why the time is missing, cannot be parsed or has passed; None if it is valid."""
        problem = super().problem
        if problem is None and self.parsed() <= self._now():
            return "this time has passed; give a later one"
        return problem


class LaterDialog(ValueDialog[datetime]):
    """Asks for a time; `about` is what is put off. Dismissed with the instant, or None."""

    def __init__(self, about: str, zone: str, now: Callable[[], datetime]) -> None:
        hint = "until when: 14:00, 2h, tomorrow 9:00"
        field = LaterField("until", hint, zone=zone, now=now, required=True)
        super().__init__(field, "Later", about, "put off until then")
