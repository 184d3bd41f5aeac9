"""Everything that only SQLite needs: its file, journals, backups, full-text index and checks."""
