"""Mail to customers, sent by a real server that accepts, refuses, hangs or answers late, and by a program."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.sla.clocks import State
from supportdesk.tickets.attached_file import FileContent
from supportdesk.tickets.documents import Article, Release
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.process.conversation import Reply, SendArticle
from supportdesk.tickets.process.resolution import PromiseFix, Resolve, Wait
from supportdesk.tickets.records.commands import SaveArticle, SaveRelease
from supportdesk.watcher.customer_mail.sending_settings import make_sender
from supportdesk.watcher.customer_mail.sending_task import CustomerMail
from supportdesk.watcher.customer_mail.sending_transport import CustomerMailSender, SendmailProgram
from supportdesk.watcher.sending.mail_sender import MailSender
from tests.patience import wait_for
from tests.store.desks import done, events, logged, verified
from tests.store.mailing import mailing_desk, mails, sentences
from tests.store.outboxes import at
from tests.watcher.sending.mail_server import MailServer, dies, mail_server

FROM = "Support <support@desk.example>"


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with mailing_desk(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def start() -> Iterator[Callable[..., CustomerMail]]:
    """Make tasks of watchers, which end with the test."""
    made: list[CustomerMail] = []

    def start(
        server: MailServer | None = None, *, timeout: float = 15.0, templates: Path | None = None
    ) -> CustomerMail:
        senders = {}
        if server is not None:
            transport = MailSender("127.0.0.1", FROM, "none", server.port, timeout=timeout)
            senders = {
                CUSTOMER_MAIL: CustomerMailSender(FROM, transport, plus_addressing=True, templates=templates)
            }
        made.append(CustomerMail(lambda line: None, lambda: senders))
        return made[-1]

    yield start
    for task in made:
        task.close()


def tick(task: CustomerMail, desk: Desk) -> None:
    task.tick(desk, desk.now(), is_stopped=lambda: False)


def send_all(task: CustomerMail, desk: Desk) -> None:
    """Send what waits, as often as the watcher would tick."""

    def is_empty() -> bool:
        tick(task, desk)
        return not mails(desk)

    wait_for(is_empty, lambda: f"still waiting: {mails(desk)}")


def read_text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def kind_of(desk: Desk, message_id: str) -> str:
    found = desk.find_sent_mail(message_id)
    assert found is not None
    return found.kind


def attempts(desk: Desk, ref: str) -> int:
    return events(desk, ref).count("send attempted")


def is_tried(desk: Desk, ref: str, before: int) -> bool:
    return attempts(desk, ref) > before


def test_what_the_policy_promises_arrives_worded_from_the_ticket(
    desk: Desk, start: Callable[..., CustomerMail]
) -> None:
    with mail_server() as server:
        task = start(server)
        ref = logged(desk)
        send_all(task, desk)
        done(desk, Reply(ref, "Which file is it?"))
        send_all(task, desk)
        done(desk, Wait(ref, "customer", "We need the file."))
        send_all(task, desk)
        done(desk, Resolve(ref, "The export works again."))
        send_all(task, desk)
    receipt, reply, waiting, resolved = server.mails
    assert [each["Subject"].startswith(f"[{ref}]") for each in server.mails] == [True] * 4
    assert (receipt["From"], receipt["To"]) == (FROM, "Jo Park <jo@acme.example>")
    assert receipt["Reply-To"] == f"Support <support+{ref}@desk.example>"
    assert receipt["Auto-Submitted"] == "auto-generated"
    assert reply["Auto-Submitted"] == "no"
    for mail, text in (
        (reply, "Which file is it?"),
        (waiting, "We need the file."),
        (resolved, "works again."),
    ):
        assert text in read_text(mail)
    ids = [each["Message-ID"] for each in server.mails]
    assert [kind_of(desk, each) for each in ids] == ["receipt", "reply", "waiting", "resolved"]
    assert resolved["In-Reply-To"] == ids[2]
    assert resolved["References"].split() == ids[:3]
    assert set(server.recipients) == {"jo@acme.example"}
    assert task.fault == ""
    assert verified(desk).is_intact


def test_the_files_of_a_reply_arrive_as_they_were_with_their_names_and_types(
    desk: Desk, start: Callable[..., CustomerMail]
) -> None:
    files = (
        FileContent("Übersicht (neu).pdf", "application/pdf", b"%PDF-1.7 \0\xff\r\n.\r\nhow to"),
        FileContent("log.txt", "text/plain", "Grüße\n".encode()),
    )
    with mail_server() as server:
        task = start(server)
        ref = logged(desk)
        done(desk, Reply(ref, "See the guide.", attachments=files))
        send_all(task, desk)
    reply = next(each for each in server.mails if "See the guide." in read_text(each))
    found = [
        (each.get_filename(), each.get_content_type(), each.get_payload(decode=True))
        for each in reply.iter_attachments()
    ]
    assert found == [(each.name, each.media_type, each.content) for each in files]
    assert reply.get_content_type() == "multipart/mixed"
    assert reply.get_body(("html",)) is not None
    assert verified(desk).is_intact


def test_an_article_is_mailed_with_all_of_its_text_as_it_was_when_it_was_sent(
    desk: Desk, start: Callable[..., CustomerMail]
) -> None:
    done(desk, SaveArticle(Article("KB-9", "Printing", "Choose File, then Print.")), by="sue")
    with mail_server() as server:
        task = start(server)
        ref = logged(desk)
        for words in ("Please try this.", ""):
            done(desk, SendArticle(ref, "KB-9", words))
        done(desk, SaveArticle(Article("KB-9", "Printing on paper", "Not yet checked.")), by="sue")
        send_all(task, desk)
    texts = [read_text(each).replace("\r\n", "\n") for each in server.mails]
    with_words, alone = (each for each in texts if "Choose File" in each)
    assert (
        "Please try this.\n\nAn article that may help: Printing\n\nChoose File, then Print.\n" in with_words
    )
    assert alone.startswith("An article that may help: Printing\n\nChoose File, then Print.\n")
    assert "KB-9" not in with_words + alone
    assert verified(desk).is_intact


def test_a_fix_that_moves_is_mailed_with_what_was_promised_before(
    desk: Desk, start: Callable[..., CustomerMail]
) -> None:
    ref = logged(desk, severity="medium")
    with mail_server() as server:
        task = start(server)
        send_all(task, desk)
        for command, by in (
            (PromiseFix(ref, "2026.12"), "ann"),
            (SaveRelease(Release("2026.12", date(2026, 12, 16))), "sue"),
            (PromiseFix(ref, "2027.01"), "ann"),
        ):
            done(desk, command, by=by)
            send_all(task, desk)
    _, promised, moved, promised_again = map(read_text, server.mails)
    assert "is planned for Wed 9 Dec 2026 (release 2026.12)." in promised
    assert "before" not in promised
    before, after = "Wed 9 Dec 2026 (release 2026.12)", "Wed 16 Dec 2026 (release 2026.12)"
    assert f"before: {before}" in moved
    assert f"now: {after}" in moved
    assert f"before: {after}" in promised_again
    assert "now: Wed 20 Jan 2027 (release 2027.01)" in promised_again


def test_a_desks_own_templates_are_used_and_a_fault_in_them_is_said_until_it_is_corrected(
    desk: Desk, start: Callable[..., CustomerMail], tmp_path: Path, clock: FixedClock
) -> None:
    own = tmp_path / "mail"
    own.mkdir()
    (own / "receipt.txt").write_text("\nWe have {{ rfe }}.\n")
    ref = logged(desk)
    with mail_server() as server:
        task = start(server, templates=own)
        tick(task, desk)
        wait_for(lambda: attempts(desk, ref) == 1, lambda: str(sentences(desk, ref)))
        assert any(f"{own}/receipt.txt, line 2: 'rfe' is undefined" in each for each in sentences(desk, ref))
        (own / "receipt.txt").write_text("\nWe have {{ ref }}.\n")
        clock.set(clock.now() + timedelta(hours=1))
        send_all(task, desk)
    [receipt] = server.mails
    assert read_text(receipt).strip() == f"We have {ref}."


def test_the_response_is_met_when_the_server_accepts_the_reply(
    desk: Desk, clock: FixedClock, start: Callable[..., CustomerMail]
) -> None:
    with mail_server(data="451 try again later") as server:
        task = start(server)
        ref = logged(desk)
        done(desk, Reply(ref, "Hello"))
        tick(task, desk)
        wait_for(lambda: attempts(desk, ref) == 2, lambda: "not tried")
        assert desk.ticket(ref).row.response.verdict is None
        server.data = "250 accepted"
        clock.set(at(120))
        send_all(task, desk)
    response = desk.ticket(ref).row.response
    assert (response.verdict, response.elapsed_before_run) == (State.MET, 120)
    assert len({each["Message-ID"] for each in server.mails}) == 2, "the same at every attempt"


def test_a_recipient_whom_the_server_refuses_raises_an_alarm_at_once(
    desk: Desk, start: Callable[..., CustomerMail]
) -> None:
    with mail_server(rcpt="550 no such user") as server:
        ref = logged(desk)
        done(desk, Reply(ref, "Hello"))
        send_all(start(server), desk)
    assert server.mails == []
    view = desk.ticket(ref)
    assert view.row.response.verdict is None
    assert view.ticket.undelivered == "Jo Park"
    assert "mail to Jo Park could not be delivered: the reply: 550 no such user" in sentences(desk, ref)


def test_mail_that_the_server_does_not_confirm_is_not_sent_again_and_is_no_response(
    desk: Desk, start: Callable[..., CustomerMail]
) -> None:
    with mail_server(data=dies) as server:
        ref = logged(desk)
        done(desk, Reply(ref, "Hello"))
        send_all(start(server), desk)
    assert len(server.mails) == 2
    view = desk.ticket(ref)
    assert (view.row.response.verdict, view.ticket.undelivered) == (None, "Jo Park")
    assert any("may not have been delivered: the reply" in each for each in sentences(desk, ref))


def test_a_server_that_answers_too_late_is_an_alarm_and_its_answer_changes_nothing(
    desk: Desk, start: Callable[..., CustomerMail]
) -> None:
    is_late = threading.Event()

    def answer_late(server: SMTP) -> str:
        is_late.wait()
        return "250 accepted"

    with mail_server() as server:
        task = start(server, timeout=0.5)
        ref = logged(desk)
        send_all(task, desk)
        server.data = answer_late
        done(desk, Reply(ref, "Hello"))
        try:
            send_all(task, desk)
        finally:
            is_late.set()
        wait_for(lambda: len(server.mails) == 2, lambda: "it has not arrived")
        send_all(task, desk)
    assert len(server.mails) == 2, "it is not sent again"
    view = desk.ticket(ref)
    assert (view.row.response.verdict, view.ticket.undelivered) == (None, "Jo Park")
    assert any("may not have been delivered: the reply" in each for each in sentences(desk, ref))


def test_a_server_that_hangs_until_the_last_attempt_is_an_alarm(
    desk: Desk, clock: FixedClock, start: Callable[..., CustomerMail]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ref = logged(desk)
        task = start(MailServer(port=silent.getsockname()[1]), timeout=0.05)
        while mails(desk):
            clock.set(clock.now() + timedelta(hours=1))
            before = attempts(desk, ref)
            tick(task, desk)
            wait_for(partial(is_tried, desk, ref, before), lambda: "not tried")
    assert desk.ticket(ref).ticket.undelivered == "Jo Park"
    assert "no answer in time" in sentences(desk, ref)[-1]


def test_a_server_that_hangs_is_tried_again(
    desk: Desk, clock: FixedClock, start: Callable[..., CustomerMail]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ref = logged(desk)
        task = start(MailServer(port=silent.getsockname()[1]), timeout=0.2)
        tick(task, desk)
        wait_for(lambda: attempts(desk, ref) == 1, lambda: "not tried")
    assert mails(desk)
    assert "no answer in time; it is tried again" in sentences(desk, ref)[-1]


def test_the_log_of_the_watcher_names_no_contact(desk: Desk) -> None:
    said: list[str] = []
    with mail_server() as server:
        sender = CustomerMailSender(FROM, MailSender("127.0.0.1", FROM, "none", server.port))
        task = CustomerMail(said.append, lambda: {CUSTOMER_MAIL: sender})
        ref = logged(desk)
        send_all(task, desk)
        task.close()
    assert said == [f"{ref}: mail to its contact by customer mail delivered"]


def test_mail_that_waits_for_a_watcher_that_can_send_it_is_a_fault(
    desk: Desk, clock: FixedClock, start: Callable[..., CustomerMail]
) -> None:
    task = start()
    logged(desk)
    tick(task, desk)
    assert task.fault == ""
    clock.set(at(301))
    tick(task, desk)
    assert task.fault == "mail to customers waits, as [watcher.customer_mail] of the settings is missing"


def test_a_program_such_as_sendmail_gets_the_mail_and_its_exit_code_decides(tmp_path: Path) -> None:
    program = tmp_path / "sendmail"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\ncat > {tmp_path}/mail\nexit ${{CODE:-0}}\n')
    program.chmod(0o755)
    sender = SendmailProgram((str(program),), FROM)
    assert sender.send_mail("jo@acme.example", b"Subject: x\r\n\r\n.\r\n").outcome == "delivered"
    assert (tmp_path / "said").read_text().split() == [
        "-i",
        "-f",
        "support@desk.example",
        "--",
        "jo@acme.example",
    ]
    assert (tmp_path / "mail").read_bytes() == b"Subject: x\n\n.\n"
    for code, outcome, permanent in ((75, "not delivered", False), (67, "not delivered", True)):
        failing = SendmailProgram(("/bin/sh", "-c", f"exit {code}"), FROM)
        result = failing.send_mail("jo@acme.example", b"x")
        assert (result.outcome, result.permanent) == (outcome, permanent)
    assert SendmailProgram(("/bin/sh", "-c", "kill $$"), FROM).send_mail("a@b.example", b"").outcome == (
        "possibly delivered"
    )
    assert (
        "cannot be started"
        in SendmailProgram((f"{tmp_path}/none",), FROM).send_mail("a@b.example", b"").detail
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("", ""),
        ('sendmail = ["/nowhere/sendmail"]\nsender = "a@b.example"', "there is no program /nowhere/sendmail"),
        ('smtp = "mail.example.com"\nsender = "nobody"', "see `supportdesk config --check`"),
        (
            'smtp = "mail.example.com"\nsendmail = ["x"]\nsender = "a@b.example"',
            "see `supportdesk config --check`",
        ),
        ('sendmail = ["true"]\nsender = "a@b.example"\ntemplates = "none"', "/none of templates"),
        (
            'smtp = "mail.example.com"\nsender = "a@b.example"\nuser = "a"\npassword_file = "none"',
            "cannot be read",
        ),
    ],
)
def test_settings_that_cannot_be_used_say_why(tmp_path: Path, settings: str, said: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"[watcher.customer_mail]\n{settings}\n" if settings else "")
    sender, why = make_sender(load_watcher_settings(config))
    assert sender is None
    assert said in why


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("closed.html", "{{ rfe }}", "closed.html, line 1: 'rfe' is undefined"),
        ("en.toml", "code = 7", "en.toml, line 1: code: give a text in quotes"),
    ],
)
def test_own_templates_with_a_fault_let_the_mail_wait_and_are_used_once_it_is_corrected(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    config, own = tmp_path / "config.toml", tmp_path / "mail" / name
    own.parent.mkdir()
    own.write_text(content)
    config.write_text(
        f'[watcher.customer_mail]\nsendmail = ["true"]\nsender = "{FROM}"\ntemplates = "mail"\n'
    )
    sender, why = make_sender(load_watcher_settings(config))
    assert sender is None
    assert said in why
    own.unlink()
    sender, why = make_sender(load_watcher_settings(config))
    assert why == ""
    assert sender is not None
    assert sender.templates == own.parent


def test_settings_give_a_sender(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[watcher.customer_mail]\nsmtp = "mail.example.com:25"\nsecurity = "none"\nsender = "{FROM}"\n'
        'plus_addressing = true\ntemplates = "."\n'
    )
    sender, why = make_sender(load_watcher_settings(config))
    assert (why, sender) == (
        "",
        CustomerMailSender(
            FROM, MailSender("mail.example.com", FROM, "none", 25), plus_addressing=True, templates=tmp_path
        ),
    )
