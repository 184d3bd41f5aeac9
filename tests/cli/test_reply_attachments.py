"""`supportdesk reply --attach`: files go with a reply that is mailed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.records.commands import InstallPolicy
from tests.cli.prompt import Prompt
from tests.store.desks import done
from tests.store.mailing import mailing_policy

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def ref(ann: Prompt) -> str:
    """A ticket whose contact is mailed."""
    with closing(Desk.open(ann.address, ann.clock)) as desk:
        done(desk, InstallPolicy(mailing_policy()))
    return ann.log()


def test_files_are_attached_and_shown_on_the_timeline(ann: Prompt, ref: str, tmp_path: Path) -> None:
    for name in ("guide.pdf", "log.txt"):
        (tmp_path / name).write_bytes(b"%PDF-1.7")
    files = [part for name in ("guide.pdf", "log.txt") for part in ("--attach", str(tmp_path / name))]
    said = ann.done("reply", ref, "--text", "See the guide.", *files)
    assert "to customer by mail with guide.pdf, log.txt: See the guide." in said


def test_what_cannot_be_attached_is_said_and_nothing_is_sent(ann: Prompt, ref: str, tmp_path: Path) -> None:
    refused = ann("reply", ref, "--text", "See the guide.", "--attach", str(tmp_path / "none"))
    assert refused.code == 2
    assert f"{tmp_path / 'none'} cannot be attached: No such file or directory." in refused.err
    (tmp_path / "guide.pdf").write_bytes(b"%PDF-1.7")
    spoken = ann(
        "reply", ref, "--text", "Hello", "--by", "telephone", "--attach", str(tmp_path / "guide.pdf")
    )
    assert spoken.code == 2
    assert "a reply by telephone has no attachments" in spoken.err
    assert "replied" not in ann.done("show", ref)
