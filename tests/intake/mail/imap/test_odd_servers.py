"""Servers that lack extensions, misbehave or lie keep nothing from being read, and are never believed too much."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from supportdesk.access.login import Login
from supportdesk.intake.mail.imap import connection, idle, session
from supportdesk.intake.mail.imap.server import ImapError, ImapMessageError, ImapServer
from supportdesk.intake.mail.imap.session import open_session
from tests.intake.mail.imap.scripted_server import Conversation, ScriptedServer, scripted_server
from tests.intake.mail.messages import write

LOGIN = Login("desk@example.com", lambda: "hunter2")


def to(server: ScriptedServer, login: Login = LOGIN, **changes: Any) -> ImapServer:
    return structs.replace(ImapServer("127.0.0.1", login, "none", server.port), **changes)


def cut(talk: Conversation) -> None:
    talk.say("+ idling")
    talk.end()


def refuse(talk: Conversation) -> None:
    talk.say(f"{talk.tag} NO [UNAVAILABLE] the disk\x1b[31m is broken")


def test_a_token_is_sent_as_xoauth2() -> None:
    with (
        scripted_server() as server,
        open_session(to(server, Login("desk@example.com", lambda: "correct-token", by_token=True))),
    ):
        assert server.logins == ["user=desk@example.com\x01auth=Bearer correct-token\x01\x01"]


def test_a_token_that_is_refused_is_in_no_message() -> None:
    wrong = Login("desk@example.com", lambda: "old-token", by_token=True)
    with scripted_server() as server, pytest.raises(ImapError) as raised, open_session(to(server, wrong)):
        pytest.fail("it must not be opened")
    assert server.logins[1:] == [""]
    assert str(raised.value) == (
        "the server refused the login of desk@example.com; check user and the token that token_command prints"
    )


def test_a_server_that_takes_no_token_is_said() -> None:
    login = Login("desk@example.com", lambda: "correct-token", by_token=True)
    with (
        scripted_server(capabilities="IMAP4rev1 AUTH=PLAIN") as server,
        pytest.raises(ImapError, match="does not offer XOAUTH2; use a password"),
        open_session(to(server, login)),
    ):
        pytest.fail("it must not be opened")


def test_a_password_of_any_letters_is_sent_where_the_server_takes_it() -> None:
    with scripted_server() as server, open_session(to(server, Login("jürgen", lambda: 'ß"\\'))):
        assert server.logins == ['\0jürgen\0ß"\\']


def test_a_server_without_plain_gets_the_password_quoted_or_says_what_it_cannot_take() -> None:
    with scripted_server(capabilities="IMAP4rev1") as server:
        with open_session(to(server, Login("desk", lambda: 'a "b\\'))):
            assert server.list_commands("LOGIN") == ['LOGIN "desk" "a \\"b\\\\"']
        with (
            pytest.raises(ImapError, match="has letters that the server does not allow"),
            open_session(to(server, Login("desk", lambda: "ß"))),
        ):
            pytest.fail("it must not be opened")


def test_no_password_is_sent_to_a_server_that_takes_none_or_offers_no_starttls() -> None:
    with (
        scripted_server(capabilities="IMAP4rev1 LOGINDISABLED") as server,
        pytest.raises(ImapError, match="takes no password on this connection; use another security"),
        open_session(to(server)),
    ):
        pytest.fail("it must not be opened")
    with (
        scripted_server() as server,
        pytest.raises(ImapError, match=r'127\.0\.0\.1 does not offer STARTTLS; use security = "tls"'),
        open_session(to(server, security="starttls")),
    ):
        pytest.fail("it must not be opened")
    assert not server.logins


def test_what_comes_before_tls_is_not_believed() -> None:
    with scripted_server(capabilities="IMAP4rev1 STARTTLS AUTH=PLAIN") as server:
        server.instead["STARTTLS"] = lambda talk: talk.say(f"{talk.tag} OK go", "* CAPABILITY IMAP4rev1")
        with (
            pytest.raises(ImapError, match="what it said was not IMAP"),
            open_session(to(server, security="starttls")),
        ):
            pytest.fail("it must not be opened")
    assert not server.logins


def test_without_move_a_message_is_copied_and_deleted() -> None:
    with (
        scripted_server(write(), write(), capabilities="IMAP4rev1 UIDPLUS AUTH=PLAIN") as server,
        open_session(to(server)) as opened,
    ):
        opened.put_away(1)
        assert server.list_commands("UID COPY") == ['UID COPY 1 "Handled"']
        assert server.list_commands("UID EXPUNGE") == ["UID EXPUNGE 1"]
        assert opened.find_new() == [2]


def test_without_uidplus_what_others_have_marked_as_deleted_is_not_deleted_with_it() -> None:
    with (
        scripted_server(write(), capabilities="IMAP4rev1 AUTH=PLAIN") as server,
        open_session(to(server)) as opened,
    ):
        opened.put_away(1)
        assert not [each for each in server.commands if "EXPUNGE" in each]
        assert opened.find_new() == []
        assert list(server.messages) == [1]


def test_a_server_that_keeps_no_flags_of_programs_is_refused_before_anything_is_read() -> None:
    with scripted_server(write()) as server:
        server.flags = r"\Seen \Deleted"
        with (
            pytest.raises(ImapError, match='keeps no flags of programs; use handled = "move"'),
            open_session(to(server, handled="flag")),
        ):
            pytest.fail("it must not be opened")


def test_without_idle_the_server_is_asked_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "_POLL", 0.05)
    with (
        scripted_server(capabilities="IMAP4rev1 AUTH=PLAIN") as server,
        open_session(to(server)) as opened,
    ):
        opened.wait(600, must_end=lambda: False)
        assert not server.list_commands("IDLE")


def test_a_server_that_refuses_to_wait_is_asked_again_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "_POLL", 0.05)
    with scripted_server(write()) as server, open_session(to(server)) as opened:
        server.instead["IDLE"] = refuse
        opened.wait(600, must_end=lambda: False)
        opened.wait(600, must_end=lambda: False)
        assert server.list_commands("IDLE") == ["IDLE"]
        assert opened.find_new() == [1]


@pytest.mark.parametrize(
    "told",
    [
        lambda talk: talk.say("+ idling", "* 2 EXISTS"),
        lambda talk: talk.say("* 2 EXISTS", "+ idling"),
    ],
)
def test_news_that_come_as_the_wait_begins_are_not_missed(told: Callable[[Conversation], None]) -> None:
    def answer(talk: Conversation) -> None:
        told(talk)
        assert talk.listen() == "DONE"
        talk.done()

    with scripted_server() as server, open_session(to(server)) as opened:
        server.instead["IDLE"] = answer
        opened.wait(600, must_end=lambda: False)
        assert opened.find_new() == []


def test_a_connection_that_is_cut_while_it_waits_is_said() -> None:
    with scripted_server() as server, open_session(to(server)) as opened:
        server.instead["IDLE"] = cut
        with pytest.raises(ImapError, match=r"127\.0\.0\.1: it ended the connection"):
            opened.wait(600, must_end=lambda: False)


def test_what_the_server_refuses_is_about_one_message_and_its_words_are_clean() -> None:
    two = write("two")
    with scripted_server(write(), two) as server, open_session(to(server)) as opened:
        server.instead["UID FETCH"] = refuse
        with pytest.raises(ImapMessageError) as raised:
            opened.fetch(1)
        assert str(raised.value).startswith("the server does not hand it over: NO [UNAVAILABLE] the disk")
        assert "\x1b" not in str(raised.value)
        del server.instead["UID FETCH"]
        found = opened.fetch(2)
        assert found is not None
        assert found.content == two
        server.instead["UID MOVE"] = refuse
        with pytest.raises(ImapMessageError, match="it was accounted for, and cannot be put away: NO"):
            opened.put_away(2)


def test_an_answer_about_another_message_is_not_taken_for_it() -> None:
    def answer(talk: Conversation) -> None:
        other = b"* 1 FETCH (UID 9 RFC822.SIZE 5 BODY[] {5}"
        talk.done(other, b"other)", "* 3 FETCH (FLAGS (\\Seen) UID 1)")

    with scripted_server(write()) as server, open_session(to(server)) as opened:
        server.instead["UID FETCH"] = answer
        with pytest.raises(ImapMessageError, match="the server does not hand it over"):
            opened.fetch(1)


def test_a_message_that_is_too_large_is_not_fetched_and_it_is_said_what_to_do() -> None:
    with scripted_server(write()) as server, open_session(to(server)) as opened:
        server.instead["UID FETCH"] = lambda talk: talk.done("* 1 FETCH (UID 1 RFC822.SIZE 64000000)")
        with pytest.raises(
            ImapMessageError,
            match="it has 61 MiB, and more than 50 MiB are not read; move it to another folder",
        ):
            opened.fetch(1)
        assert len(server.list_commands("UID FETCH")) == 1


def test_a_message_that_is_larger_than_the_server_says_is_not_read_into_memory() -> None:
    def answer(talk: Conversation) -> None:
        if "BODY" in talk.arguments:
            talk.say("* 1 FETCH (UID 1 BODY[] {4000000000}")
        else:
            talk.fetch()

    with scripted_server(write()) as server, open_session(to(server)) as opened:
        server.instead["UID FETCH"] = answer
        with pytest.raises(ImapError, match=r"127\.0\.0\.1: "):
            opened.fetch(1)


def test_a_server_that_answers_byte_by_byte_holds_nobody_longer_than_the_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "_STEP", 0.3)
    ended = threading.Event()

    def drip(talk: Conversation) -> None:
        while not ended.wait(0.02):
            talk.wfile.write(b"x")

    with scripted_server(write()) as server, open_session(to(server)) as opened:
        server.instead["NOOP"] = drip
        began = time.monotonic()
        with pytest.raises(ImapError, match=r"127\.0\.0\.1: no answer in time"):
            opened.find_new()
        assert time.monotonic() - began < 25
        ended.set()


def test_a_server_that_drips_its_greeting_holds_nobody_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_TIMEOUT", 0.3)
    ended = threading.Event()

    def drip(talk: Conversation) -> None:
        while not ended.wait(0.02):
            talk.wfile.write(b"x")

    with scripted_server() as server:
        server.instead["CAPABILITY"] = drip
        with pytest.raises(ImapError, match=r"127\.0\.0\.1: no answer in time"), open_session(to(server)):
            pytest.fail("it must not be opened")
        ended.set()


@pytest.mark.parametrize("said", ["* SEARCH one two", "NONSENSE", "\x00\xff", "* 1 FETCH {x}", "A1 OK"])
def test_what_is_no_imap_is_said_and_nothing_of_it_is_quoted(said: str) -> None:
    with scripted_server(write()) as server, open_session(to(server)) as opened:
        server.instead["UID SEARCH"] = lambda talk: talk.say(said, f"{talk.tag} BAD {said}")
        with pytest.raises(ImapError) as raised:
            opened.find_new()
        assert str(raised.value).startswith("127.0.0.1: ")
        assert said not in str(raised.value)
