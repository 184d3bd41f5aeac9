"""The wording of mail to customers in one language, as its file in `data/mail/` has it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec

from supportdesk.sla.formatting import bare_time, local, zone_name
from supportdesk.toml_file.document import Fault
from supportdesk.toml_file.text_fields import find_field_fault
from supportdesk.toml_file.typed_document import UnusableFileError, read_document
from supportdesk.watcher.customer_mail.content import MailContent, OpenDays, OpenHours

FIELDS = (
    *("ref", "summary", "severity", "contact_name", "author_name", "at", "response_due", "resolution_due", "fix"),
    *("previous_fix", "release", "open_hours", "critical_number", "closes_after"),
    *("article_title", "article_address"),
)  # fmt: skip
"""What the texts may contain in braces."""
_DAY_FIELDS = ("weekday", "day", "month", "year")
_TIME_FIELDS = (*_DAY_FIELDS, "clock", "zone")


class MailTextError(ValueError):
    """A template or a file of texts cannot be used; the message names file and line, and says what to do."""


class PluralForms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number of things in words, for one and for any other number."""

    one: str
    other: str


class FixForms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a fix is planned: on a day, in a release of unknown date, or both."""

    on_day: str
    in_release: str
    both: str


class OpenHoursForms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Opening hours: of one day and of several in a row, from one time to another, in the time of a place or of UTC.

    `and_times` is between two spans of a day, `and_days` between days with different hours.
    """

    one_day: str
    several_days: str
    span: str
    and_times: str
    and_days: str
    in_place: str
    in_utc: str
    except_holidays: str


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of one language, by name. `code` is that of its pages, such as `en-GB`; weekdays begin with Monday."""

    code: str
    weekdays: Annotated[tuple[str, ...], msgspec.Meta(min_length=7, max_length=7)]
    months: Annotated[tuple[str, ...], msgspec.Meta(min_length=12, max_length=12)]
    day: str
    time: str
    fix: FixForms
    open_hours: OpenHoursForms
    working_days: PluralForms
    subject: str
    texts: dict[str, Any]

    def write_day(self, of: date) -> str:
        """Return a date, such as `Fri 11 Dec 2026`."""
        return self.day.format_map(self._day_values(of))

    def write_time(self, at: datetime, timezone: str) -> str:
        """Return an instant in a time zone, such as `Mon 30 Nov 09:30 GMT`: it stays true whenever it is read."""
        values = self._day_values(local(at, timezone).date())
        return self.time.format_map(
            values | {"clock": bare_time(at, timezone), "zone": zone_name(at, timezone)}
        )

    def write_values(self, content: MailContent) -> dict[str, str]:
        """Return what stands for each of `FIELDS` in a mail; empty where it does not apply."""
        values: dict[str, str] = {}
        for name in FIELDS:
            value = getattr(content, name, None)
            if isinstance(value, datetime):
                values[name] = self.write_time(value, content.timezone)
            else:
                values[name] = value if isinstance(value, str) else ""
        values["fix"] = self._write_fix(content.fix_date, content.release)
        values["open_hours"] = self._write_hours(content.open_hours) if content.open_hours else ""
        values["previous_fix"] = self._write_fix(content.previous_fix_date, content.previous_release)
        days = content.closes_after_days
        if days is not None:
            form = self.working_days.one if days == 1 else self.working_days.other
            values["closes_after"] = form.format_map({"count": days})
        return values

    def _write_fix(self, of: date | None, release: str) -> str:
        if of is None:
            return self.fix.in_release.format_map({"release": release}) if release else ""
        form = self.fix.both if release else self.fix.on_day
        return form.format_map({"day": self.write_day(of), "release": release})

    def _write_hours(self, hours: OpenHours) -> str:
        forms = self.open_hours
        days = forms.and_days.join(map(self._write_days, hours.days))
        place = hours.timezone.rpartition("/")[2].replace("_", " ")
        form = forms.in_utc if hours.timezone == "UTC" else forms.in_place
        text = form.format_map({"days": days, "place": place})
        return forms.except_holidays.format_map({"hours": text}) if hours.closed_on_holidays else text

    def _write_days(self, days: OpenDays) -> str:
        forms = self.open_hours
        spans = [forms.span.format_map({"begin": begin, "end": end}) for begin, end in days.spans]
        form = forms.one_day if days.first == days.last else forms.several_days
        return form.format_map(
            {
                "first": self.weekdays[days.first],
                "last": self.weekdays[days.last],
                "spans": forms.and_times.join(spans),
            }
        )

    def _day_values(self, of: date) -> dict[str, object]:
        return {
            "weekday": self.weekdays[of.weekday()],
            "day": of.day,
            "month": self.months[of.month - 1],
            "year": of.year,
        }


def read_language(path: Path) -> Language:
    """Return the language of a file. Raises MailTextError."""
    try:
        return read_document(path, Language, "files of texts", _find_fault)
    except UnusableFileError as error:
        raise MailTextError(str(error)) from error


def _find_fault(language: Language) -> Fault | None:
    """Return the first text that is none, or has a field that nothing stands for."""
    fix, days, hours = language.fix, language.working_days, language.open_hours
    texts: list[tuple[str, object, Iterable[str]]] = [
        ("$.day", language.day, _DAY_FIELDS),
        ("$.time", language.time, _TIME_FIELDS),
        *(("$.fix", text, ("day", "release")) for text in (fix.on_day, fix.in_release, fix.both)),
        *(("$.open_hours", text, ("first", "last", "spans")) for text in (hours.one_day, hours.several_days)),
        ("$.open_hours", hours.span, ("begin", "end")),
        *(("$.open_hours", text, ("days", "place")) for text in (hours.in_place, hours.in_utc)),
        ("$.open_hours", hours.except_holidays, ("hours",)),
        *(("$.working_days", text, ("count",)) for text in (days.one, days.other)),
        ("$.subject", language.subject, FIELDS),
        *((f"$.texts.{name}", text, FIELDS) for name, text in language.texts.items()),
    ]
    for place, text, fields in texts:
        reason = find_field_fault(text, fields) if isinstance(text, str) else "give a text in quotes"
        if reason is not None:
            return Fault(place, reason)
    return None
