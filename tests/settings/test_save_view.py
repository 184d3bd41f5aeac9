"""Adding a view to a config file that somebody wrote."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.settings.save_view import ViewNotSavedError, save_view


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    save_view(path, "Late", "state:breached")
    assert tomllib.loads(path.read_text()) == {"views": [{"name": "Late", "filter": "state:breached"}]}


def test_what_stands_in_the_file_stays_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    written = "# mine\n[pane]\nwidth = 40 # wide"
    path.write_text(written)
    save_view(path, "Late", "state:breached")
    save_view(path, "Mine", "owner:me")
    assert path.read_text().startswith(written)
    document = tomllib.loads(path.read_text())
    assert document["pane"] == {"width": 40}
    assert [view["name"] for view in document["views"]] == ["Late", "Mine"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("written", ["views = []\n", "not toml"])
def test_a_file_that_would_be_no_toml_is_left_as_it_is(tmp_path: Path, written: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(written)
    with pytest.raises(ViewNotSavedError, match="correct it"):
        save_view(path, "Late", "state:breached")
    assert path.read_text() == written


@given(st.text(max_size=20), st.text(max_size=60))
def test_any_name_and_filter_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, name: str, text: str
) -> None:
    path = tmp_path_factory.mktemp("own") / "config.toml"
    save_view(path, name, text)
    assert tomllib.loads(path.read_text(encoding="utf-8"))["views"] == [{"name": name, "filter": text}]


def test_a_config_file_that_is_a_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("# mine\n")
    path = tmp_path / "config.toml"
    path.symlink_to(real)
    save_view(path, "Late", "state:breached")
    assert path.is_symlink()
    assert real.read_text().startswith("# mine\n")
    assert "Late" in real.read_text()


def test_a_file_that_would_be_too_large_to_be_read_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    save_view(path, "mine", "owner:me")
    written = path.read_bytes()
    with pytest.raises(ViewNotSavedError, match="shorten the filter"):
        save_view(path, "large", "x" * (1 << 20))
    assert path.read_bytes() == written
