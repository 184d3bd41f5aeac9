"""Replying with a canned reply: found by a word of its title, filled from the ticket, and changed before it is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from supportdesk.console.commands.form_registry import form_for
from supportdesk.console.commands.reply_form import ReplyForm
from supportdesk.console.forms.argument_fields import FieldContext, field_for
from supportdesk.console.forms.suggestion_list import SuggestionList
from supportdesk.console.forms.text_fields import TextField
from supportdesk.desk_api import Applied
from supportdesk.tickets.process.conversation import Reply
from tests.console.harness.dialog import Seat, keys, left, opened, typed, until, words
from tests.store.mailing import mailing_policy

ABOUT = "Export stops"


def form(seat: Seat, own: Path | None = None) -> ReplyForm:
    made = form_for(Reply, replace(seat.context(), own_replies=own), seat.view(ABOUT))
    assert isinstance(made, ReplyForm)
    return made


def text_of(screen: ReplyForm) -> str:
    return screen.query_one("#text", TextField).text


def found(screen: ReplyForm) -> list[str]:
    return [each.name for each in screen.query_one("#canned SuggestionList", SuggestionList).found]


async def test_a_canned_reply_is_found_by_a_word_of_its_title_and_filled_from_the_ticket(seat: Seat) -> None:
    screen = form(seat)
    async with opened(screen) as pilot:
        await keys(pilot, "shift+tab")
        await typed(pilot, "again")
        await until(pilot, lambda: found(screen) == ["Ask to try again"])
        await keys(pilot, "enter")
        await until(pilot, lambda: bool(text_of(screen)))
        assert seat.view(ABOUT).contact.name in text_of(screen)
        assert f'solve "{seat.view(ABOUT).row.summary}"' in text_of(screen)
        await typed(pilot, " Bye.")
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
    [sent] = seat.sent
    assert isinstance(sent, Reply)
    assert sent.text.endswith("whether it works now. Bye.")


async def test_what_was_typed_before_stays(seat: Seat) -> None:
    screen = form(seat)
    async with opened(screen) as pilot:
        await typed(pilot, "Hello again.")
        await keys(pilot, "shift+tab")
        await typed(pilot, "looking")
        await keys(pilot, "enter")
        await until(pilot, lambda: "looking at it" in text_of(screen))
        assert text_of(screen).startswith("Hello again.\n\nHello ")


async def test_the_first_key_goes_into_the_text_as_before(seat: Seat) -> None:
    async with opened(form(seat)) as pilot:
        await typed(pilot, "Hello")
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Reply(seat.view(ABOUT).ticket.ref, text="Hello")]


async def test_a_reply_that_the_ticket_has_no_value_for_is_not_filled_and_says_so(seat: Seat) -> None:
    screen = form(seat)
    async with opened(screen) as pilot:
        await keys(pilot, "shift+tab")
        await typed(pilot, "fix is")
        await keys(pilot, "enter")
        await until(pilot, lambda: "nothing for {fix}" in words(pilot, ".status"))
        assert text_of(screen) == ""


async def test_ones_own_replies_are_found_and_a_fault_of_their_file_is_shown(
    seat: Seat, tmp_path: Path
) -> None:
    own = tmp_path / "replies.toml"
    own.write_text('[[replies]]\nkey = "tea"\ntitle = "[bold]Tea[/oops]"\ntext = "Have some tea"\n')
    screen = form(seat, own)
    async with opened(screen) as pilot:
        await keys(pilot, "shift+tab")
        await typed(pilot, "tea")
        await until(pilot, lambda: found(screen) == ["[bold]Tea[/oops]"])
        await keys(pilot, "enter")
        await until(pilot, lambda: text_of(screen) == "Have some tea")
        own.write_text("[[replies]\n")
        await keys(pilot, "shift+tab")
        await typed(pilot, "x")
        await until(pilot, lambda: "is not TOML at line 1" in words(pilot))


async def test_files_go_with_a_reply_that_is_mailed_and_one_that_cannot_be_read_keeps_it_from_being_sent(
    seat: Seat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    screen, guide = form(seat), tmp_path / "guide.pdf"
    monkeypatch.setattr(screen, "policy", mailing_policy())
    async with opened(screen) as pilot:
        await typed(pilot, "See the guide.")
        screen.query_one("#attach Input", Input).value = f"{guide}; {tmp_path / 'log.txt'}"
        await keys(pilot, "f2")
        await until(pilot, lambda: f"{guide} cannot be attached: No such file" in words(pilot))
        assert "A path that has a ; itself goes in double quotes" in words(pilot)
        assert not seat.sent
        guide = tmp_path / "a;guide.pdf"
        screen.query_one("#attach Input", Input).value = f'"{guide}"; {tmp_path / "log.txt"}'
        guide.write_bytes(b"%PDF-1.7")
        (tmp_path / "log.txt").write_text("words")
        await keys(pilot, "f2")
        await until(pilot, lambda: bool(seat.sent))
    sent = seat.sent[0]
    assert isinstance(sent, Reply)
    assert [(each.name, each.media_type, each.content) for each in sent.attachments] == [
        ("a;guide.pdf", "application/pdf", b"%PDF-1.7"),
        ("log.txt", "text/plain", b"words"),
    ]


async def test_without_mail_there_is_no_field_for_files(seat: Seat) -> None:
    screen = form(seat)
    async with opened(screen):
        assert not screen.query("#attach")


async def test_the_form_says_to_which_address_a_message_goes(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = form(seat)
    monkeypatch.setattr(screen, "policy", mailing_policy())
    async with opened(screen) as pilot:
        contact = seat.view(ABOUT).contact
        assert f"By mail, it goes to {contact.email}" in words(pilot)


def test_what_goes_by_mail_is_called_mail_and_elsewhere_a_message(seat: Seat) -> None:
    [by] = [each for each in Reply.asked() if each.name == "by"]
    context, view = seat.context(), seat.view(ABOUT)
    for policy, name in ((mailing_policy(), "mail"), (context.policy, "message")):
        field = field_for(by, FieldContext(context, policy, view))
        assert (field.value, field.in_words) == ("message", name)
