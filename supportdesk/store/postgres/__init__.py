"""Desks in a PostgreSQL database: everything that only PostgreSQL can do."""
