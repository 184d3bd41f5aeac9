"""`supportdesk erase`: whom it finds, what it says, and that it asks."""

from pathlib import Path

import click
import pytest

from supportdesk.cli.commands import erase as module
from supportdesk.store.database import open_database
from supportdesk.store.erasure import erase
from supportdesk.store.sqlite import traces
from supportdesk.store.verification.verify import verify
from tests.cli.prompt import Prompt
from tests.databases import address_at
from tests.forked import die, run_until_killed
from tests.store.erased import find_traces, traces_at

ZOE = ("Zoë Müller-Brandt", "--organisation", "Acme Ltd")


@pytest.fixture
def zoe(ann: Prompt) -> str:
    """The reference of an open ticket of Zoë's, who is registered."""
    ann.done("contact", "add", *ZOE, "--telephone", "+44 20 7946 0321", "--email", "zoe.mb@acme.example")
    logged = ann("log", "--severity", "high", "--channel", "phone", *ZOE[1:], "--contact", ZOE[0],
                 "--summary", "Zoe cannot print", "--json")  # fmt: skip
    return str(logged.json["ref"])


def caller_of(ann: Prompt, ref: str) -> str:
    """The name of a ticket's caller, as the queue shows it."""
    return next(str(row["contact"]) for row in ann("queue", "--json").json if row["ref"] == ref)


@pytest.mark.parametrize("typed", ["acme-ltd.zoe-muller-brandt", "zoe muller-brandt", ZOE[0]])
def test_a_contact_is_erased_by_key_or_name(ann: Prompt, zoe: str, typed: str, tmp_path: Path) -> None:
    told = ann.by("maya").done("erase", typed, "--yes")
    assert told == (
        "Zoë Müller-Brandt, Acme Ltd (acme-ltd.zoe-muller-brandt)\n"
        "Their tickets: 1, 1 of them open. They stay, and show [erased] as the caller.\n"
        "Other tickets that name them: 0\n"
        "Other records that name them: 0\n"
        "Events to be written again: 2\n"
        "Zoë Müller-Brandt is erased. Backups, exports and saved views from before may name them: delete those"
        " yourself.\n"
    )
    assert caller_of(ann, zoe) == "[erased]"
    assert "[erased] cannot print" in ann.done("show", zoe)
    assert "zoe" not in ann.done("contact", "list", "Acme Ltd").lower()
    assert traces_at(ann.address) == []
    assert "The ledger is intact" in ann.done("verify")


def test_a_dry_run_erases_nothing(ann: Prompt, zoe: str) -> None:
    told = ann.done("erase", ZOE[0], "--dry-run")
    assert told.endswith("Nothing was erased.\n")
    assert caller_of(ann, zoe) == ZOE[0]


def test_without_a_terminal_and_yes_nothing_is_erased(ann: Prompt, zoe: str) -> None:
    said = ann.refused("erase", ZOE[0])
    assert "Their tickets: 1" in said
    assert "--yes" in said
    assert caller_of(ann, zoe) == ZOE[0]


@pytest.mark.parametrize("answer", [True, False])
def test_in_a_terminal_it_asks_once(
    ann: Prompt, zoe: str, answer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = []

    def confirm(question: str, **_: object) -> bool:
        questions.append(question)
        return answer

    monkeypatch.setattr(click, "confirm", confirm)
    monkeypatch.setattr(module, "is_in_terminal", lambda: True)
    ann("erase", ZOE[0])
    assert questions == [f"Erase {ZOE[0]} for good? It cannot be undone."]
    assert (caller_of(ann, zoe) == "[erased]") == answer


def test_others_than_supervisors_are_refused(ann: Prompt, zoe: str) -> None:
    assert "may do this" in ann.by("sam").refused("erase", ZOE[0], "--yes")
    assert caller_of(ann, zoe) == ZOE[0]


def test_who_is_not_found_or_not_unique_is_said(ann: Prompt, zoe: str) -> None:
    assert 'There is no contact "Nobody"' in ann.refused("erase", "Nobody", "--yes")
    ann.done("contact", "add", ZOE[0], "--organisation", "Northwind Traders")
    said = ann.refused("erase", ZOE[0], "--yes")
    assert "(acme-ltd.zoe-muller-brandt)" in said
    assert "(northwind-traders.zoe-muller-brandt)" in said
    ann.done("erase", *ZOE, "--yes")
    assert 'There is no contact "acme-ltd.zoe' in ann.refused("erase", "acme-ltd.zoe-muller-brandt", "--yes")
    assert "was erased already" in ann.refused("erase", "erased-1", "--yes")
    assert "Give the contact" in ann.refused("erase")


def test_a_customer_and_a_colleague_of_the_same_name_stay_and_are_named(ann: Prompt) -> None:
    ann.done("organisation", "add", "Priya Nair Consulting")
    ann.done("contact", "add", "Priya Nair", "--organisation", "Priya Nair Consulting")
    told = ann.done("erase", "Priya Nair", "--yes")
    assert "The customer Priya Nair Consulting stays as it is" in told
    assert "Priya Nair (priya), who works here, stays on the staff." in told
    assert "The ledger is intact" in ann.done("verify")


def test_an_interrupted_erasure_is_named_and_finished(
    ann: Prompt, zoe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(traces, "_rewrite_file", fail)
        interrupted.setattr("supportdesk.store.postgres.traces.remove_traces", fail)
        ann("erase", ZOE[0], "--yes")
    assert caller_of(ann, zoe) == "[erased]"
    assert traces_at(ann.address), "in free space"
    answer = ann("doctor")
    assert answer.code == 1
    assert "run `supportdesk erase --finish`" in answer.err
    ann.done("erase", "--finish")
    assert traces_at(ann.address) == []
    assert "erase --finish" not in ann("doctor").err


STEPS = ["_rewrite_events", "save_attestations", "_replace_contact", "_replace_records", "_replace_tickets"]


def erase_and_die(ann: Prompt, step: str) -> None:
    """Erase Zoë until a step."""
    setattr(erase, step, die)
    ann("erase", "acme-ltd.zoe-muller-brandt", "--yes")


@pytest.mark.parametrize("step", STEPS)
def test_killed_half_way_nothing_is_erased_and_it_can_be_repeated(ann: Prompt, zoe: str, step: str) -> None:
    run_until_killed(erase_and_die, ann, step)
    database = open_database(ann.address)
    try:
        assert verify(database).findings == ()
    finally:
        database.close()
    assert caller_of(ann, zoe) == ZOE[0]
    ann.done("erase", ZOE[0], "--yes")
    assert traces_at(ann.address) == []


def test_an_export_after_an_erasure_names_nobody_and_makes_the_same_desk(
    ann: Prompt, zoe: str, tmp_path: Path
) -> None:
    ann.done("erase", ZOE[0], "--yes")
    export = tmp_path / "desk.jsonl"
    ann.done("export", str(export))
    assert find_traces(export) == []
    copy = Prompt(address_at(tmp_path / "copy.db"), "ann", ann.clock)
    copy.done("import", "jsonl", str(export))
    assert caller_of(copy, zoe) == "[erased]"
    assert "The ledger is intact" in copy.done("verify")


@pytest.mark.sqlite
def test_who_comes_back_with_a_backup_is_named_until_erased_again(
    ann: Prompt, zoe: str, tmp_path: Path
) -> None:
    backup = str(tmp_path / "backup.db")
    ann.done("backup", backup)
    ann.done("erase", ZOE[0], "--yes")
    advice = f"{ZOE[0]} was erased after the backup was made, and is back with it: erase them again with"
    command = "`supportdesk erase acme-ltd.zoe-muller-brandt`."
    assert f"{advice} {command}\n" in ann.done("restore", backup, "--yes")
    assert f"{advice} {command}\n" in ann("doctor").err
    ann.done("erase", "acme-ltd.zoe-muller-brandt", "--yes")
    assert advice not in ann("doctor").err
    assert caller_of(ann, zoe) == "[erased]"


@pytest.mark.sqlite
def test_copies_from_before_are_named_and_an_old_export_says_whom_it_brings_back(
    ann: Prompt, zoe: str, tmp_path: Path
) -> None:
    desk, backup, export = Path(ann.address), str(tmp_path / "backup.db"), str(tmp_path / "desk.jsonl")
    ann.done("backup", backup)
    ann.done("export", export)
    copy = desk.with_name(f"{desk.name}.before-0010")
    copy.write_bytes(Path(backup).read_bytes())
    assert f"Copies from before still contain them: {copy}. Delete those yourself." in ann.done(
        "erase", ZOE[0], "--yes"
    )
    ann.done("restore", backup, "--yes")
    aside = [each for each in desk.parent.iterdir() if "aside" in each.name or "replaced" in each.name]
    desk.unlink()
    said = ann.done("import", "jsonl", export)
    assert f"{ZOE[0]} was erased after" in said, aside
    assert "`supportdesk erase acme-ltd.zoe-muller-brandt`" in said
    desk.unlink()
    assert f"{ZOE[0]} was erased after" in ann("db", "copy", backup, str(desk)).out
