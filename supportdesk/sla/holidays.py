"""Public holidays of a country as dates. Their library is slow to import, so it is imported only when it is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from supportdesk.sla.opening_hours import FIRST_YEAR, LAST_YEAR, CalendarError

_SETTLED = range(2016, 2026)
"""Past years in which every holiday is known."""


def expand_holidays(
    country: str, subdivision: str | None, first_year: int, last_year: int
) -> dict[date, str]:
    """Return the dates and names of the holidays from `first_year` to `last_year`, including substitute days.

    `country` and `subdivision` are ISO 3166 codes such as `GB` and `ENG`. Raises CalendarError for an unknown code, and
    for years in which the library does not know all holidays.
    """
    first, last = known_years(country, subdivision)
    if first_year < first or last_year > last:
        place = f"{country}-{subdivision}" if subdivision else country
        raise CalendarError(
            f"the holidays of {place} are known from {first} to {last}, not from {first_year} to {last_year}; "
            "use fewer years, or update the holidays package"
        )
    known = _expand(country.upper(), subdivision or None)
    return {day: name for day, name in known.items() if first_year <= day.year <= last_year}


@lru_cache(maxsize=32)
def known_years(country: str, subdivision: str | None) -> tuple[int, int]:
    """Return the first and last year, from 1990 to 2100 at most, in which all holidays are known.

    After the end of its tables the library omits, without an error, holidays that it would have to look up (those of
    lunar calendars, those proclaimed each year). So every movable holiday of the settled years is expected in each
    later year, and the first year without one of them is not known. A missing fixed date is a changed law.
    """
    dates: defaultdict[str, dict[int, set[tuple[int, int]]]] = defaultdict(dict)
    years = set()
    for day, names in _expand(country.upper(), subdivision or None).items():
        years.add(day.year)
        for name in names.split("; "):
            dates[name.split(" (")[0]].setdefault(day.year, set()).add((day.month, day.day))
    if not years:
        raise CalendarError(f"the holidays of {country!r} are not known; give them as dates")
    expected = [by_year for by_year in dates.values() if _moves(by_year)]
    last = _SETTLED[-1]
    while last < LAST_YEAR and last + 1 in years and all(last + 1 in by_year for by_year in expected):
        last += 1
    return min(years), last


def _moves(by_year: Mapping[int, set[tuple[int, int]]]) -> bool:
    settled = [by_year.get(year, set()) for year in _SETTLED]
    return all(settled) and not set.intersection(*settled)


@lru_cache(maxsize=32)
def _expand(country: str, subdivision: str | None) -> Mapping[date, str]:
    import holidays

    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=range(FIRST_YEAR, LAST_YEAR + 1))
    except NotImplementedError:
        supported = holidays.list_supported_countries()
        if country not in supported:
            raise CalendarError(
                f"the holidays of {country!r} are not known; write a code such as GB"
            ) from None
        known = ", ".join(supported[country]) or "none"
        raise CalendarError(
            f"{country} has no subdivision {subdivision!r} with holidays of its own; known are: {known}"
        ) from None
    return MappingProxyType(dict(sorted(found.items())))
