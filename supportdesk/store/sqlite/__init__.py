"""Everything specific to SQLite: a desk's file, journals, backups, full-text index and checks."""
