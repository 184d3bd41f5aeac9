"""What `python -m tests` runs: the checks, pytest, and the steps of the long run."""

from pathlib import Path

TREE = Path(__file__).resolve().parent.parent.parent


def say(name: str, what: str) -> None:
    """Print one labelled line."""
    print(f"{name:>13}  {what}", flush=True)
