"""A desk's file that is not there: somebody who had one is not told to create one."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.store.errors import RESTORE
from tests.cli.prompt import Prompt, call

pytestmark = pytest.mark.sqlite


def test_a_desk_that_was_watched_and_is_gone_is_put_back_or_restored(ann: Prompt) -> None:
    path = Path(ann.address)
    Path(f"{path}.watcher").touch()
    path.unlink()
    for line in (["queue"], ["verify"], ["watch", "--status"]):
        answer = ann(*line)
        assert answer.code == 1
        assert f"{path} is gone: put it back, or {RESTORE}; for a new desk, run" in answer.err


def test_a_default_desk_that_is_gone_is_told_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "supportdesk"
    assert "Create one with `supportdesk init`" in call("queue").err
    folder.mkdir(parents=True)
    (folder / "desk.db.watcher").touch()
    assert f"{folder / 'desk.db'} is gone" in call("queue").err


def test_a_disk_that_is_not_mounted_is_no_reason_to_create_a_desk(tmp_path: Path) -> None:
    path = tmp_path / "mnt" / "desk.db"
    answer = call("--db", str(path), "queue")
    assert answer.code == 1
    assert (
        f"{path} is not there, nor is its folder: check the name, and that its disk is mounted" in answer.err
    )
    assert f"`supportdesk --db {path} init`" in answer.err
