"""Which texts can be mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.mail_address import find_fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jo.park@acme.example",
        "jo+desk@mail.acme.example",
        "o'brien@acme.example",
        '"jo park"@acme.example',
        "jörg@müller.example",
        "jo@mailhost",
    ],
)
def test_a_possible_address_can_be_saved(text: str) -> None:
    assert find_fault(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("jane", "it has no @"),
        ("jane@@x", "more than one @"),
        ("jane@x@y.example", "more than one @"),
        ("@acme.example", "nothing before the @"),
        ("jane@", "nothing after the @"),
        ("jane park@acme.example", "jane park is not possible before the @"),
        ("jane..park@acme.example", "is not possible before"),
        (".jane@acme.example", "is not possible before"),
        ("jane@acme..example", "acme..example is not a domain"),
        ("jane@-acme.example", "is not a domain"),
        ("jane@acme.example.", "is not a domain"),
        ("jane@ac me", "is not a domain"),
        ("jane@192.0.2.1", "192.0.2.1 is not a domain"),
        ("jane@123", "123 is not a domain"),
        ("Jane <jane@acme.example>", "is not possible before"),
        ("jane@acme.example, jo@acme.example", "contains several addresses"),
        ("jane@acme.example jo@acme.example", "contains several addresses"),
        (f"{'j' * 65}@acme.example", "too long"),
    ],
)
def test_what_cannot_be_an_address_is_reported_with_why_and_an_example(text: str, why: str) -> None:
    told = find_fault(text)
    assert told is not None
    assert why in told
    assert told.endswith("type it as in jo.park@acme.example")


@given(st.text(max_size=80) | st.from_regex(r"[a-z@. ]{1,30}", fullmatch=True))
def test_no_text_makes_reading_an_address_fail(text: str) -> None:
    find_fault(text)
