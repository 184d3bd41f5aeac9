"""`supportdesk mail preview`: what a customer gets, before anybody gets it."""

from __future__ import annotations

import os
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from supportdesk.sla.mail_kind import MailKind
from tests.cli.prompt import TREE, Prompt, call


@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_has_an_example_without_a_desk(kind: MailKind, tmp_path: Path) -> None:
    shown = call("--db", str(tmp_path / "no.db"), "mail", "preview", kind)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("Subject: [CD-4CAG-H] Invoices cannot be printed\n\n")
    html = call("mail", "preview", kind, "--html")
    assert html.out.startswith("<!DOCTYPE html>")


def test_a_receipt_is_shown_for_a_ticket(ann: Prompt) -> None:
    ref = ann.log()
    shown = ann.done("mail", "preview", "receipt", "--ref", ref)
    assert shown.startswith(f"Subject: [{ref}] Approval fails\n\nHello Jo Park,\n")
    assert "We will respond by Tue 24 Nov 12:" in shown


def test_a_message_is_written_for_mail_programs(ann: Prompt, tmp_path: Path) -> None:
    ref, file = ann.log(), tmp_path / "receipt.eml"
    wrote = ann("mail", "preview", "receipt", "--ref", ref, "--to", str(file))
    assert (wrote.code, wrote.out) == (0, "")
    mail: Any = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["to"] == "Jo Park <jo.park@acme.example>"
    assert f"[{ref}]" in mail["subject"]
    assert "exists already" in ann.refused("mail", "preview", "receipt", "--to", str(file))


def test_the_example_of_a_receipt_has_the_number_of_the_desk_or_none(ann: Prompt, tmp_path: Path) -> None:
    call_it = "If you lose the service completely and work cannot continue, call "
    example = call("--db", str(tmp_path / "no.db"), "mail", "preview", "receipt")
    assert f"{call_it}+44 20 7946 0000" in " ".join(example.out.split())
    shown = ann("mail", "preview", "receipt")
    assert "you lose the service" not in shown.out
    assert "number to call for a Critical is missing, as the policy gives no `number`" in shown.err


def test_a_message_is_written_in_a_folder_that_is_there_only(ann: Prompt, tmp_path: Path) -> None:
    missing = tmp_path / "none"
    refused = ann.refused("mail", "preview", "reply", "--to", str(missing / "reply.eml"))
    assert f"there is no folder {missing}; make it, or choose another" in refused
    assert not missing.exists()


def test_a_mail_that_a_ticket_has_not_is_refused_with_what_to_do(ann: Prompt) -> None:
    ref = ann.log()
    said = ann.refused("mail", "preview", "reply", "--ref", ref)
    assert f"{ref} has no mail of the kind reply: nobody has replied on it. Leave out --ref" in said
    ann.done("reply", ref, "--text", "It works again.")
    assert "It works again.\n\n" in ann.done("mail", "preview", "reply", "--ref", ref)


def test_bad_requests_are_refused(ann: Prompt) -> None:
    assert "receipt, reply, waiting" in ann.refused("mail", "preview", "recept")
    assert "leave out --html or --to" in ann.refused("mail", "preview", "reply", "--html", "--to", "x.eml")
    assert "CD-4CAG-H" in ann.refused("mail", "preview", "receipt", "--ref", "CD-4CAG-H")


def test_a_desks_own_templates_are_shown_and_their_faults_named(ann: Prompt, tmp_path: Path) -> None:
    config = tmp_path / "config" / "supportdesk" / "config.toml"
    own = config.parent / "mail" / "closed.txt"
    own.parent.mkdir(parents=True)
    config.write_text(
        '[watcher.customer_mail]\nsendmail = ["true"]\nsender = "a@b.example"\ntemplates = "mail"\n'
    )
    own.write_text("Over: {{ ref }}")
    assert ann.done("mail", "preview", "closed").endswith("\n\nOver: CD-4CAG-H\n")
    own.write_text("{% if %}")
    shown = ann("mail", "preview", "closed")
    assert (shown.code, shown.out) == (1, "")
    assert f"{own}, line 1: " in shown.err


@pytest.mark.slow
def test_what_is_missing_without_the_extra_is_named(tmp_path: Path) -> None:
    (tmp_path / "jinja2.py").write_text("raise ImportError\n")
    command = [sys.executable, "-m", "supportdesk", "mail", "preview", "receipt"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(command, cwd=TREE, env=environment, check=False, text=True, capture_output=True)
    assert (ran.returncode, ran.stderr) == (1, "Error: Mail needs jinja2: pip install 'supportdesk[mail]'.\n")


def test_canned_replies_are_listed_and_filled_for_a_ticket(ann: Prompt) -> None:
    ref = ann.log()
    assert "try-again      Ask to try again\n" in ann.done("mail", "canned")
    assert '"{summary}"' in ann.done("mail", "canned", "try-again")
    filled = ann.done("mail", "canned", "try-again", "--ref", ref)
    assert filled.startswith(
        'Hello Jo Park,\n\nwe have changed something that should solve "Approval fails".'
    )
    ann.done("reply", ref, "--text", filled)


def test_canned_replies_of_ones_own_are_beside_the_settings(ann: Prompt, tmp_path: Path) -> None:
    own = tmp_path / "config" / "supportdesk" / "replies.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[[replies]]\nkey = "hello"\ntitle = "Greeting"\ntext = "Hello from {your_name}"\n')
    assert ann.done("mail", "canned", "hello", "--ref", ann.log()).startswith("Hello from ")
    own.write_text('[[replies]]\nkey = "hello"\ntitle = "Greeting"\ntext = "{name}"\n')
    assert f"{own}, line 4: " in ann.refused("mail", "canned")


def test_a_canned_reply_that_is_not_there_or_does_not_fit_is_refused(ann: Prompt) -> None:
    assert "There are: looking, details" in ann.refused("mail", "canned", "nonsense")
    assert "nothing for {fix}" in ann.refused("mail", "canned", "fix-planned", "--ref", ann.log())
    assert "Give the KEY" in ann.refused("mail", "canned", "--ref", "CD-4C00-W")
