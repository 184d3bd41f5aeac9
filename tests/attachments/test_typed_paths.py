"""Paths that are typed one after another are told apart, also one with a separator in it."""

from __future__ import annotations

import pytest

from supportdesk.attachments.typed_paths import split_paths


@pytest.mark.parametrize(
    ("typed", "paths"),
    [
        ("", []),
        (" ; ;", []),
        ("a.pdf", ["a.pdf"]),
        (" a b.pdf ;c.pdf; ", ["a b.pdf", "c.pdf"]),
        ('"a; b.pdf"', ["a; b.pdf"]),
        ('x ; "~/a;b" ;y', ["x", "~/a;b", "y"]),
        ('12" screen.png; b', ['12" screen.png', "b"]),
        ('"a"b;c', ['"a"b', "c"]),
        ('"a;b', ['"a', "b"]),
    ],
)
def test_paths_are_told_apart(typed: str, paths: list[str]) -> None:
    assert split_paths(typed) == paths
