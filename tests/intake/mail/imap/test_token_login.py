"""A real server lets the desk in with a token (XOAUTH2) that an identity provider says is valid, and with no other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.access.login import make_login
from supportdesk.intake.mail.imap.server import ImapError, ImapServer
from supportdesk.intake.mail.imap.session import open_session
from tests.intake.mail.imap.dovecot import USER, Dovecot, needs_dovecot
from tests.intake.mail.imap.token_authority import TokenAuthority, token_authority
from tests.intake.mail.messages import write

pytestmark = [needs_dovecot, pytest.mark.slow]

VALID, OF_ANOTHER = "ya29.valid-token_1", "ya29.valid-token_2"

_OAUTH = """
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {settings}
}}
"""
_INTROSPECTION = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


@pytest.fixture(scope="module")
def authority() -> Iterator[TokenAuthority]:
    with token_authority({VALID: USER, OF_ANOTHER: "sales@claritum.example"}) as server:
        yield server


@pytest.fixture(scope="module")
def oauth_dovecot(authority: TokenAuthority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    settings = tmp_path_factory.mktemp("oauth") / "oauth2.conf"
    settings.write_text(_INTROSPECTION.format(url=authority.url))
    server = Dovecot(_OAUTH.format(settings=settings))
    yield server
    server.remove()


@pytest.fixture
def server(oauth_dovecot: Dovecot, tmp_path: Path) -> Callable[[str], ImapServer]:
    """The server, as the settings have it with a program that prints a token."""

    def server(token: str) -> ImapServer:
        program = tmp_path / "mail_token.py"
        program.write_text(f"print({token!r})\n")
        login = make_login(USER, None, [sys.executable, str(program)])
        assert login is not None
        return ImapServer("127.0.0.1", login, "tls", oauth_dovecot.imaps, ca_file=oauth_dovecot.certificate)

    return server


def test_a_valid_token_opens_the_mailbox(
    oauth_dovecot: Dovecot, server: Callable[[str], ImapServer], authority: TokenAuthority
) -> None:
    oauth_dovecot.deliver(write("It does not print."))
    with open_session(server(VALID)) as session:
        [uid] = session.find_new()
        delivery = session.fetch(uid)
    assert delivery is not None
    assert b"It does not print." in delivery.content
    assert VALID in authority.asked


@pytest.mark.parametrize("token", ["ya29.expired-token", OF_ANOTHER])
def test_an_invalid_token_and_that_of_somebody_else_are_refused_and_never_quoted(
    server: Callable[[str], ImapServer], token: str
) -> None:
    with pytest.raises(ImapError) as refused, open_session(server(token)):
        pass
    assert str(refused.value).endswith(
        f"the server refused the login of {USER}; check user and the token that token_command prints"
    )
    assert token not in str(refused.value)
