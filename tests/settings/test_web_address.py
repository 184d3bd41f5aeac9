"""Web addresses in the settings."""

from __future__ import annotations

import pytest

from supportdesk.settings.web_address import check_link_base


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("https://desk.example.com", "https://desk.example.com"),
        ("https://example.com/desk/", "https://example.com/desk"),
        ("http://127.0.0.1:8025", "http://127.0.0.1:8025"),
        ("http://[::1]:8025", "http://[::1]:8025"),
    ],
)
def test_links_begin_with_a_web_address_that_nobody_between_can_read(text: str, base: str) -> None:
    assert check_link_base(text) == base


@pytest.mark.parametrize(
    "text",
    [
        "",
        "desk.example.com",
        "ftp://example.com",
        "https://",
        "https://u@example.com",
        "https://example.com?a",
        "https://example.com/#a",
        "https://exa mple.com",
        "https://example.com\nX: 1",
        "https://example.com:0",
        "https://[::1",
        "https://example.com/" + "x" * 100,
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="give a web address"):
        check_link_base(text)


def test_an_address_without_tls_is_refused() -> None:
    with pytest.raises(ValueError, match="must begin with https://"):
        check_link_base("http://desk.example.com")
