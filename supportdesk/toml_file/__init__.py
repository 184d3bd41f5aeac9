"""Reads TOML files and reports faults with their line."""
