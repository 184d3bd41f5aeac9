"""The tests; `python -m tests` runs them with every other check."""
