"""A file whose name holds escapes, markup or line ends does nothing by being named."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.tickets.plain_text import UNWANTED
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Answer, Prompt

pytestmark = pytest.mark.sqlite

NAME = "\x1b]0;owned\x07[@click=app.quit]x[]\u202egnp\n--help %s ; rm -rf"
"""The name of each file: a terminal's title, markup, reversed letters, a second line, an option and a command."""


def check(answer: Answer, code: int = 0) -> Answer:
    assert answer.code == code, answer
    for line in f"{answer.out}\n{answer.err}".split("\n"):
        assert not UNWANTED.search(line), ascii(line)
    return answer


def test_a_desk_its_copies_and_its_settings_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / NAME
    ann = Prompt(str(folder / "desk.db"), "ann", FixedClock(TUESDAY))
    check(ann("init"))
    for arguments in (
        ("queue",),
        ("verify",),
        ("backup", str(folder / f"{NAME}.db")),
        ("export", str(folder / f"{NAME}.jsonl")),
        ("anchor", str(folder / NAME)),
        ("watch", "--once", "--log", str(folder / f"{NAME}.log")),
        ("restore", str(folder / f"{NAME}.db")),
    ):
        check(ann(*arguments))
    answer = check(ann("doctor"), code=ann("doctor").code)
    assert "owned" in answer.out
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(NAME)) == [
        NAME,
        *(f"{NAME}.{ending}" for ending in ("db", "jsonl", "log")),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "servicenow", "{}"),
        ("import", "jsonl", "{}"),
        ("policy", "check", "{}"),
        ("restore", "{}"),
        ("verify", "--anchor", "{}"),
    ],
    ids=" ".join,
)
def test_a_file_that_is_none_of_ours_is_refused_without_doing_anything(
    ann: Prompt, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    file = tmp_path / NAME
    file.write_text("\x1b]0;owned\x07[/oops]\n")
    answer = ann(*(each.format(file) for each in arguments))
    check(answer, code=answer.code)
    assert answer.code in (1, 2)
    assert answer.err


def test_faulty_settings_of_any_name_are_named(ann: Prompt, tmp_path: Path) -> None:
    file = tmp_path / f"{NAME}.toml"
    file.write_text('theme = "\\u001b]0;owned\\u0007[/oops]"\n')
    answer = ann("--config", str(file), "config", "--check")
    check(answer, code=answer.code)
    assert "unknown theme" in answer.out + answer.err
