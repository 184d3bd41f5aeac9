"""What several tests of the mail over IMAP use: a dovecot for the tests of a module, empty for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.intake.mail.imap.dovecot import Dovecot


@pytest.fixture(scope="module")
def shared_dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    yield server
    server.remove()


@pytest.fixture
def dovecot(shared_dovecot: Dovecot) -> Dovecot:
    """A server with an empty mailbox."""
    shared_dovecot.empty()
    return shared_dovecot
