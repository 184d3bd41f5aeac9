"""A field for several members of staff, separated by commas."""

from __future__ import annotations

from collections.abc import Sequence

from supportdesk.console.forms.text_fields import LineField
from supportdesk.tickets.documents import Person
from supportdesk.tickets.folding import begins, same_name

_LONGEST = 2_000


class PeopleField(LineField):
    """Names or usernames, or their beginnings; the note shows the people found, in order."""

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
        initial = ", ".join(names.get(username, username) for username in value)
        super().__init__(name, hint, value=initial, label=label, required=required, limit=_LONGEST)

    @property
    def value(self) -> tuple[str, ...]:  # type: ignore[override]
        """The usernames of the people found."""
        return tuple(found[0].username for found in self._matches() if len(found) == 1)

    @property
    def problem(self) -> str | None:
        """Which name matches nobody or several people, or what is missing; None if nothing is wrong."""
        for part, found in zip(self._parts, self._matches(), strict=True):
            if not found:
                return f"no member of staff is called {part}"
            if len(found) > 1:
                return f"{part} may be {' or '.join(person.name for person in found)}"
        return super().problem

    def note(self) -> str:
        """Return the names of the people found, or the problem."""
        if not self.text:
            return ""
        return self.problem or ", then ".join(found[0].name for found in self._matches())

    @property
    def _parts(self) -> list[str]:
        return [part for each in self.text.split(",") if (part := " ".join(each.split()))]

    def _matches(self) -> list[list[Person]]:
        return [self._people_named(part) for part in self._parts]

    def _people_named(self, part: str) -> list[Person]:
        name = same_name(part)
        exactly = [each for each in self._staff if name in (same_name(each.username), same_name(each.name))]
        return exactly or [each for each in self._staff if begins(part, each.username, each.name)]
