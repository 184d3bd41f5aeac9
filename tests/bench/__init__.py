"""Benches: what the program costs, beside something to compare it with. `python -m tests.bench` runs them."""
