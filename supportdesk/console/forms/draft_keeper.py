"""The draft of one open form: saved while the operator types, restored when the form is opened again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from supportdesk.console.drafts.draft import Draft
from supportdesk.console.drafts.drafts import Drafts


class DraftKeeper:
    """Saves the values of a form as the draft of `verb` and `ref`, and only when they have changed.

    `ref` is empty for a form that is about no ticket; `now` returns the present in UTC, and `begun` is the number of
    the last event that was read when the form was opened.
    """

    def __init__(
        self, drafts: Drafts, verb: str, ref: str, now: Callable[[], datetime], begun: int | None = None
    ) -> None:
        self._drafts = drafts
        self._verb = verb
        self._ref = ref
        self._now = now
        self._begun = begun
        self.initial: Mapping[str, Any] = {}
        """The values with which the form opened, before a draft was restored."""
        self._saved: Mapping[str, Any] = {}

    @property
    def draft(self) -> Draft | None:
        """The saved draft; None where there is none."""
        return self._drafts.find(self._verb, self._ref)

    @property
    def command_id(self) -> str | None:
        """The id under which the draft is sent, so that it cannot be applied twice; None without a draft."""
        return self._drafts.command_id(self._verb, self._ref)

    def mark_saved(self, values: Mapping[str, Any]) -> None:
        """Take `values` as saved: they are not written until they change."""
        self._saved = values

    def save(self, values: dict[str, Any]) -> None:
        """Save `values` if they have changed; discard the draft if they are the initial ones again."""
        if values == self._saved:
            return
        self._saved = values
        if values == self.initial:
            self.discard()
        else:
            self._drafts.save(self._verb, self._ref, Draft(values, self._now(), self._begun))

    def discard(self) -> None:
        """Discard the draft: the form was sent, or the operator starts again."""
        self._drafts.discard(self._verb, self._ref)
