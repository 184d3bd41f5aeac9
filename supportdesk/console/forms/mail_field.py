"""A field for the mail that a contact or a customer gets."""

from __future__ import annotations

from collections.abc import Collection

from supportdesk.console.forms.multi_choice_field import MultiChoiceField
from supportdesk.console.widgets.choices import Choice
from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets.wanted_mail import MAIL_NAMES


class MailField(MultiChoiceField):
    """Chooses the kinds of mail that somebody gets; the value is the others, as records have it."""

    def __init__(self, name: str, hint: str, *, unwanted: Collection[str], label: str = "") -> None:
        choices = [Choice(each.value, MAIL_NAMES[each]) for each in MailKind]
        wanted = [each.value for each in MailKind if each not in unwanted]
        super().__init__(name, hint, choices, value=wanted, label=label)

    @property
    def value(self) -> tuple[MailKind, ...]:
        """The kinds that are not chosen."""
        return tuple(each for each in MailKind if each.value not in self.chosen)
