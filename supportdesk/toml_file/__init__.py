"""TOML documents, read with the place of every value so that errors can point to it."""
