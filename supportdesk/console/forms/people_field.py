"""A line in which colleagues are named one after the other, with commas between them."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.console.forms.text_fields import LineField
from supportdesk.tickets.documents import Person
from supportdesk.tickets.folding import begins, same_name

_LONGEST = 2_000


class PeopleField(LineField):
    """Names or usernames, or their beginnings; the note says who is meant, in their order."""

    def __init__(
        self,
        name: str,
        hint: str,
        staff: Sequence[Person],
        *,
        value: Sequence[str] = (),
        label: str = "",
        required: bool = False,
    ) -> None:
        self._staff = [person for person in staff if person.active]
        names = {person.username: person.name for person in self._staff}
        begun = ", ".join(names.get(username, username) for username in value)
        super().__init__(name, hint, value=begun, label=label, required=required, limit=_LONGEST)

    @property
    def value(self) -> tuple[str, ...]:  # type: ignore[override]
        """Their usernames."""
        return tuple(found[0].username for found in self._meant() if len(found) == 1)

    @property
    def problem(self) -> str | None:
        """A name that nobody has, or that several have."""
        for part, found in zip(self._parts, self._meant(), strict=True):
            if not found:
                return f"nobody on the staff is called {part}"
            if len(found) > 1:
                return f"{part} may be {' or '.join(person.name for person in found)}"
        return super().problem

    def note(self) -> str:
        """Who is meant."""
        if not self.text:
            return ""
        return self.problem or ", then ".join(found[0].name for found in self._meant())

    @property
    def _parts(self) -> list[str]:
        return [part for each in self.text.split(",") if (part := " ".join(each.split()))]

    def _meant(self) -> list[list[Person]]:
        return [self._called(part) for part in self._parts]

    def _called(self, part: str) -> list[Person]:
        name = same_name(part)
        exactly = [each for each in self._staff if name in (same_name(each.username), same_name(each.name))]
        return exactly or [each for each in self._staff if begins(part, each.username, each.name)]
