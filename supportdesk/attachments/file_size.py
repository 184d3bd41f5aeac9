"""The size of a file in words."""

from __future__ import annotations


def describe_size(size: int) -> str:
    """Return a number of bytes as people say it: `12 kB`."""
    return (
        f"{size:,} bytes"
        if size < 10_000
        else f"{size / 1_000_000:.1f} MB"
        if size >= 1_000_000
        else f"{size // 1000} kB"
    )
