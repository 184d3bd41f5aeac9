"""What several tests of the senders use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.watcher.sending.mail_server import make_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a certificate that signs itself for 127.0.0.1, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing")
    return make_certificate(tmp_path_factory.mktemp("certificate"))
