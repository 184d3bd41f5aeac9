"""A folder of a real server is read without a trace, and what is accounted for is put away as the settings say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from supportdesk.access.login import Login
from supportdesk.intake.mail.imap.server import ImapError, ImapServer
from supportdesk.intake.mail.imap.session import open_session
from supportdesk.settings.mail_server import Security
from tests.intake.mail.imap.dovecot import PASSWORD, USER, Dovecot, needs_dovecot
from tests.intake.mail.messages import write
from tests.watcher.sending.mail_server import make_certificate

pytestmark = [needs_dovecot, pytest.mark.slow]


@pytest.fixture
def server(dovecot: Dovecot) -> ImapServer:
    return ImapServer(
        "127.0.0.1", Login(USER, lambda: PASSWORD), "tls", dovecot.imaps, ca_file=dovecot.certificate
    )


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_message_is_read_whole_with_its_time_and_stays_unseen(
    dovecot: Dovecot, server: ImapServer, security: Security
) -> None:
    port = dovecot.imaps if security == "tls" else dovecot.imap
    before = datetime.now(UTC).replace(microsecond=0)
    dovecot.deliver(write("Grüße\r\nfrom Zürich"))
    with open_session(structs.replace(server, security=security, port=port)) as session:
        [uid] = session.find_new()
        delivery = session.fetch(uid)
        assert delivery is not None
        assert delivery.identity == f"{session.validity}.{uid}"
        [file] = dovecot.list_files()
        assert delivery.content == file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        assert delivery.delivered_at is not None
        assert before <= delivery.delivered_at <= before + timedelta(minutes=5)
        assert session.find_new() == [uid]
    [file] = dovecot.list_files()
    assert "S" not in file.name.partition(":2,")[2]


def test_a_message_of_20_mib_is_read_whole(dovecot: Dovecot, server: ImapServer) -> None:
    content = (
        write("x" * 70 + "\n")
        + b"A line of some seventy characters, which is neither short nor long.\r\n" * 310_000
    )
    dovecot.deliver(content)
    with open_session(server) as session:
        [uid] = session.find_new()
        delivery = session.fetch(uid)
        assert delivery is not None
        assert len(delivery.content) > len(content) > 20 << 20


def test_what_is_accounted_for_is_moved_to_a_folder_that_is_made_for_it(
    dovecot: Dovecot, server: ImapServer
) -> None:
    dovecot.deliver(write("one"), write("two"))
    with open_session(structs.replace(server, handled_folder="Erledigt & gut")) as session:
        one, two = session.find_new()
        session.put_away(one)
        assert session.find_new() == [two]
        session.put_away(two)
        assert session.find_new() == []
        # Another intake has moved it already.
        session.put_away(two)
        assert session.fetch(two) is None
    assert dovecot.list_files() == []
    assert len(dovecot.list_files("Erledigt &- gut")) == 2


def test_what_is_accounted_for_is_flagged_with_a_flag_that_nobody_sets_by_reading(
    dovecot: Dovecot, server: ImapServer
) -> None:
    dovecot.deliver(write("one"), write("two"))
    dovecot.flag_all("S")
    server = structs.replace(server, handled="flag")
    with open_session(server) as session:
        one, two = session.find_new()
        session.put_away(one)
        assert session.find_new() == [two]
    with open_session(server) as session:
        assert session.find_new() == [two]
    assert len(dovecot.list_files()) == 2


def test_only_what_is_accounted_for_is_deleted(dovecot: Dovecot, server: ImapServer) -> None:
    dovecot.deliver(write("one"), write("two"), write("three"))
    with open_session(structs.replace(server, handled="delete")) as session:
        one, two, three = session.find_new()
        session._store(two, r"(\Deleted)")
        session.put_away(one)
        assert session.find_new() == [three]
    assert len(dovecot.list_files()) == 2


def test_a_wait_ends_when_mail_arrives(dovecot: Dovecot, server: ImapServer) -> None:
    with open_session(server) as session:
        assert session.find_new() == []
        dovecot.deliver(write())
        session.wait(600, must_end=lambda: False)
        assert len(session.find_new()) == 1


def test_a_wait_ends_when_it_must(dovecot: Dovecot, server: ImapServer) -> None:
    looks = iter([False, True])
    with open_session(server) as session:
        session.wait(600, must_end=lambda: next(looks))
        assert session.find_new() == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_does_not_prove_its_name_gets_no_password(
    dovecot: Dovecot, server: ImapServer, security: Security, tmp_path: Path
) -> None:
    port = dovecot.imaps if security == "tls" else dovecot.imap
    before = dovecot.describe()
    for ca_file, name in (
        (None, "127.0.0.1"),
        (make_certificate(tmp_path), "127.0.0.1"),
        (dovecot.certificate, "localhost"),
    ):
        stranger = structs.replace(server, host=name, security=security, port=port, ca_file=ca_file)
        with (
            pytest.raises(ImapError, match=f"{name}: its certificate is not accepted: "),
            open_session(stranger),
        ):
            pytest.fail("it must not be opened")
    assert "Login:" not in dovecot.describe()[len(before) :]


def test_a_wrong_password_is_refused_with_what_to_do_and_not_quoted(server: ImapServer) -> None:
    wrong = structs.replace(server, login=Login(USER, lambda: "hunter2"))
    with pytest.raises(ImapError) as raised, open_session(wrong):
        pytest.fail("it must not be opened")
    assert str(raised.value) == f"the server refused the login of {USER}; check user and the password"
    assert "hunter2" not in repr(raised.value)


def test_a_folder_that_is_missing_is_named_with_what_the_server_says(server: ImapServer) -> None:
    with (
        pytest.raises(ImapError, match=r"the folder Support cannot be opened: NO .*doesn't exist: Support"),
        open_session(structs.replace(server, folder="Support")),
    ):
        pytest.fail("it must not be opened")


def test_a_server_that_is_not_there_is_said(server: ImapServer, dovecot: Dovecot) -> None:
    nowhere = structs.replace(server, port=1)
    with pytest.raises(ImapError, match=r"127\.0\.0\.1: connection refused"), open_session(nowhere):
        pytest.fail("it must not be opened")
