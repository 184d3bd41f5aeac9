"""What is quoted is hidden only where nothing that was written is hidden with it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.intake.mail.parsing.quotes import split_quoted
from tests.intake.mail.parsing.samples import sample


@pytest.mark.parametrize(
    ("name", "visible"),
    [
        # A reply above what it replies to, with its introduction over two lines.
        ("reply", "Still broken. See also cd 4c01 t and CD-4C00-X."),
        # Outlook's line and header.
        ("outlook-reply", "It works now."),
    ],
)
def test_a_reply_is_shown_without_what_it_quotes(name: str, visible: str) -> None:
    split = split_quoted(sample(name).text)
    assert "\n".join(split.visible).strip() == visible
    assert split.hidden


@pytest.mark.parametrize(
    "name",
    [
        # Replies between the lines.
        "interleaved",
        # Words that look like the header of a message, which mail-parser-reply removed.
        "order-list",
        # What is forwarded is what the message is about.
        "forward-gmail",
        "forward-apple",
        "plain",
    ],
)
def test_nothing_is_hidden_where_the_quoted_text_matters(name: str) -> None:
    assert split_quoted(sample(name).text).hidden == ()


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("Yes.\n\nAm Montag, 23. Nov. 2026 schrieb Ann:\n> Geht es?", "Yes.\n"),
        ("Yes.\n\nLe lun. 23 nov. 2026, Ann a écrit :\n> Ça va ?", "Yes.\n"),
        ("Yes.\n\n-----Original Message-----\nFrom: Ann\n\nText", "Yes.\n"),
        ("Yes.\n> Does it work?\n> Ann", "Yes."),
        ("> Does it work?\nYes.", "> Does it work?\nYes."),
        ("> only a quote", "> only a quote"),
        ("On Monday he wrote: it is broken.", "On Monday he wrote: it is broken."),
    ],
)
def test_the_quoted_text_begins_at_its_mark(text: str, visible: str) -> None:
    assert "\n".join(split_quoted(text).visible) == visible


def test_a_long_text_is_divided_in_a_short_time() -> None:
    lines = ("On Monday, Jo wrote:", "> Does it work?", "Yes.") * 30_000
    started = time.process_time()
    assert split_quoted("\n".join(lines)).hidden == ()
    assert time.process_time() - started < 10


LINES = st.lists(
    st.one_of(
        st.text(alphabet=st.characters(exclude_characters="\n"), max_size=20),
        st.sampled_from(
            (
                *("", "> quoted", ">> twice", "On Monday, Jo wrote:", "wrote:", "-----Original Message-----"),
                *("From: Jo <jo@acme.example>", "Sent: today", "Subject: x", "To: y", "_" * 32),
                *("Begin forwarded message:", "Yes."),
            )
        ),
    ),
    max_size=20,
)


@given(LINES)
def test_visible_and_hidden_lines_are_all_lines_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    split = split_quoted(text)
    assert "\n".join((*split.visible, *split.hidden)) == text
