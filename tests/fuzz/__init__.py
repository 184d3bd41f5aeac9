"""Fuzzing of everything that reads what other people and programs wrote; see `__main__`."""
