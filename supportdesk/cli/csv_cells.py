"""The cells of the CSV files that commands write."""

from __future__ import annotations

from supportdesk.cli.output import sanitize_line
from supportdesk.reports.periods import Period


def month_cell(period: Period) -> str:
    """Return a month as `2026-11`."""
    return f"{period.first:%Y-%m}"


def text_cell(text: str) -> str:
    """Return a text that a spreadsheet does not read as a formula."""
    text = sanitize_line(text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
