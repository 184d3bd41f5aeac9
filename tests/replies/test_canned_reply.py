"""Canned replies: what may be in them, and how they are filled."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.replies.canned_reply import (
    FIELDS,
    CannedReply,
    CannedReplyError,
    fill_canned_reply,
    load_canned_replies,
)
from supportdesk.resources import data_path

SHIPPED = data_path("replies.toml")
VALUES = {name: f"<{name}>" for name in FIELDS}


def test_every_reply_that_ships_can_be_filled() -> None:
    replies = load_canned_replies([SHIPPED])
    assert replies
    for reply in replies:
        text = fill_canned_reply(reply, VALUES)
        assert text.startswith("Hello <contact_name>,\n\n")
        assert "!" not in text


def test_a_reply_of_ones_own_replaces_that_with_the_same_key_and_others_are_added(tmp_path: Path) -> None:
    own = tmp_path / "replies.toml"
    own.write_text(
        '[[replies]]\nkey = "looking"\ntitle = "Mine"\ntext = "Hi"\n\n'
        '[[replies]]\nkey = "new"\ntitle = "New"\ntext = "{{ {ref} }}"\n'
    )
    shipped, both = load_canned_replies([SHIPPED]), load_canned_replies([SHIPPED, own])
    assert [each.key for each in both] == [*(each.key for each in shipped), "new"]
    assert both[0].title == "Mine"
    assert fill_canned_reply(both[-1], VALUES) == "{ <ref> }"


def test_a_reply_is_not_filled_where_the_ticket_lacks_a_value() -> None:
    reply = CannedReply("fix", "Fix", "{fix}, {fix}, {release} for {ref}")
    with pytest.raises(CannedReplyError, match=r"nothing for \{fix\}, \{release\}; choose another reply"):
        fill_canned_reply(reply, VALUES | {"fix": "", "release": ""})


@given(value=st.text())
def test_what_is_in_a_value_is_never_read_as_a_field(value: str) -> None:
    reply = CannedReply("a", "A", "About {summary} of {contact_name}")
    values = VALUES | {"summary": f"{{ref}}{value}", "contact_name": "Jo"}
    assert fill_canned_reply(reply, values).strip() == f"About {{ref}}{value} of Jo".strip()


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("a", "Hello {name}", r"line 4: \[\[replies\]\] number 1, text: {name} is not known; write one of contact"),
        ("a", "Hello {ref.__class__}", r"line 4: .* is not known"),
        ("a", "Hello {ref:>10000000}", r"line 4: .* is not known"),
        ("a", "Hello {", r"line 4: .* has a brace without its other one"),
        ("A b", "Hello", r"line 2: \[\[replies\]\] number 1, key: give a key of small letters"),
        ("a", " ", r"line 1: .*give a title and a text"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_line(tmp_path: Path, key: str, text: str, said: str) -> None:
    file = tmp_path / "replies.toml"
    file.write_text(f'[[replies]]\nkey = "{key}"\ntitle = "T"\ntext = "{text}"\n')
    with pytest.raises(CannedReplyError, match=said) as raised:
        load_canned_replies([file])
    assert str(raised.value).startswith(str(file))


def test_a_key_that_is_there_twice_and_a_file_that_is_none_are_named(tmp_path: Path) -> None:
    file = tmp_path / "replies.toml"
    file.write_text('[[replies]]\nkey = "a"\ntitle = "T"\ntext = "x"\n' * 2)
    with pytest.raises(CannedReplyError, match="a is there twice; give another key"):
        load_canned_replies([file])
    file.write_text("[[replies]\n")
    with pytest.raises(CannedReplyError, match="is not TOML at line 1"):
        load_canned_replies([file])
    file.write_text('[[replies]]\nkey = "a"\n')
    with pytest.raises(CannedReplyError, match="title is missing; add it"):
        load_canned_replies([file])
