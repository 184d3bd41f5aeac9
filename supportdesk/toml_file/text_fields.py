"""Fields in braces in the texts of a TOML file, such as `Hello {contact_name}`: only names, nothing is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import Formatter


def find_field_fault(text: str, fields: Iterable[str]) -> str | None:
    """Return why the fields of a text cannot be filled; None where they can."""
    try:
        found = list(Formatter().parse(text))
    except ValueError:
        return "has a brace without its other one; write {{ or }} for a brace itself"
    for _, name, form, conversion in found:
        if name is not None and (name not in fields or form or conversion):
            return f"{{{name}}} is not known; write one of {', '.join(fields)}"
    return None


def fill_fields(text: str, values: Mapping[str, object]) -> str:
    """Return a text without a fault with its fields filled; what is in the values is never read as a field."""
    return text.format_map(values)
