"""What is in a desk's schema, as the server describes it, and what should be there.

What should be there is a file, `catalog.txt`, because nobody but its owner could make a schema to compare with.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import psycopg

from supportdesk.resources import data_path

Catalog = dict[tuple[str, str], str]
"""The definition of everything in a schema, by its kind and name."""

_QUERIES = {
    "column": (
        "SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)"
        " || coalesce(' COLLATE ' || n.collname, '') || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END"
        " || coalesce(' ' || a.attgenerated::text || ' ' || pg_get_expr(d.adbin, d.adrelid), '')"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
        " LEFT JOIN pg_collation n ON n.oid = a.attcollation AND n.collname <> 'default'"
        " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        " AND a.attnum > 0 AND NOT a.attisdropped"
    ),
    "constraint": (
        "SELECT c.relname || '.' || o.conname, pg_get_constraintdef(o.oid) FROM pg_constraint o"
        " JOIN pg_class c ON c.oid = o.conrelid WHERE c.relnamespace = current_schema()::regnamespace"
        " AND o.contype <> 'n'"
    ),
    "index": (
        "SELECT indexname, replace(indexdef, schemaname || '.', '') FROM pg_indexes"
        " WHERE schemaname = current_schema()"
    ),
    "trigger": (
        "SELECT c.relname || '.' || t.tgname, replace(pg_get_triggerdef(t.oid, true), n.nspname || '.', '')"
        " || ' ' || t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal"
    ),
    "function": (
        "SELECT p.proname, md5(p.prosrc) || ' ' || p.prosecdef::text || coalesce("
        " ' ' || replace(array_to_string(p.proconfig, ' '), quote_ident(current_schema()), 'HERE'), '') FROM pg_proc p"
        " WHERE p.pronamespace = current_schema()::regnamespace"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    ),
    "rule": "SELECT tablename || '.' || rulename, definition FROM pg_rules WHERE schemaname = current_schema()",
}


def read_catalog(connection: psycopg.Connection[Any]) -> Catalog:
    """Return what is in the connection's schema."""
    return {
        (kind, name): " ".join(definition.split())
        for kind, query in _QUERIES.items()
        for name, definition in connection.execute(query).fetchall()
    }


@cache
def load_expected() -> Catalog:
    """Return what is in the schema of a new desk."""
    lines = data_path("schema/postgres.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.split("\t") for line in lines)
    return {(kind, name): definition for kind, name, definition in parts}


def format_catalog(catalog: Catalog) -> str:
    """Return a catalog as the text of the file."""
    return "".join(f"{kind}\t{name}\t{definition}\n" for (kind, name), definition in sorted(catalog.items()))
