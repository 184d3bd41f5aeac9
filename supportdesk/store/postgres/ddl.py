"""How PostgreSQL creates the tables. Imported where tables are created."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, String, Text
from sqlalchemy.ext.compiler import compiles


@compiles(Text, "postgresql")
@compiles(String, "postgresql")
def _compile_text(element: String, compiler: Any, **options: Any) -> str:
    """Return the type of a text, compared by its characters' codes in every database, whatever its language is."""
    plain = str(compiler.visit_text(element, **options) if isinstance(element, Text) else _varchar(element))
    return f'{plain} COLLATE "C"' if isinstance(options.get("type_expression"), Column) else plain


def _varchar(element: String) -> str:
    return f"VARCHAR({element.length})" if element.length else "VARCHAR"
