"""`supportdesk intake`: what arrived by mail or voicemail, and what became of it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supportdesk.cli import mail_decisions
from supportdesk.cli.attachment_options import (
    attachment_options,
    choose_saved,
    find_attachment,
    save_attachment,
)
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import FAILURE, TRY_AGAIN, BadRequestError, FailureError
from supportdesk.cli.output import echo, echo_json, echo_note
from supportdesk.cli.param_types import ChoiceParam, ProgramParam
from supportdesk.cli.source_options import SOURCE_NAME, mailbox_options
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.typed_text import quoted

if TYPE_CHECKING:
    from supportdesk.attachments.attachment import Attachment
    from supportdesk.desk_api import DeskApi
    from supportdesk.intake.mail.mailbox import Mailbox

_SHOWN = 100
"""How many messages are shown unless another number is given."""


def _make_mailbox(
    name: str,
    kind: str,
    addresses: Iterable[str],
    servers: Iterable[str],
    *,
    voicemail: bool,
    channel: str,
    team: str,
) -> Mailbox:
    from supportdesk.intake.mail.mailbox import Mailbox

    hosts = tuple(servers) or (socket.getfqdn(),)
    return Mailbox(
        name, kind, channel, team, addresses=frozenset(addresses), hosts=hosts, has_voicemail=voicemail
    )


@click.group()
def intake() -> None:
    """Take in mail and voicemails, show what became of them, and settle what waits for a decision."""


@intake.command()
@click.argument(
    "paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, readable=True, path_type=Path)
)
@mailbox_options
@pass_cli_context
def mail(
    context: CliContext,
    /,
    paths: tuple[Path, ...],
    mailbox: str,
    addresses: tuple[str, ...],
    servers: tuple[str, ...],
    *,
    voicemail: bool,
    channel: str,
    team: str,
) -> None:
    """Take in mail: PATHs of messages or maildirs, or else one message from standard input.

    A message of a contact becomes a ticket, or a customer's message on the ticket that it names or whose mail it
    replies to, if the contact may write there. Everything else has no effect, and is accounted for with the reason: see
    `supportdesk intake status`.

    What is taken in of a maildir is moved to its subfolder Handled. Taking in a message again changes nothing. Where a
    message from standard input cannot be accounted for now, the exit code is 75, which asks a mail server to try again.
    """
    try:
        from supportdesk.cli import mail_reading
    except ImportError as error:
        FailureError("Mail needs nh3: pip install 'supportdesk[mail]'.").show()
        raise SystemExit(FAILURE if paths else TRY_AGAIN) from error
    kind = "files" if paths else "pipe"
    box = _make_mailbox(mailbox, kind, addresses, servers, voicemail=voicemail, channel=channel, team=team)
    if not paths:
        mail_reading.read_standard_input(context, box)
    elif mail_reading.read_paths(context, box, paths):
        raise SystemExit(FAILURE)


@intake.command()
@click.option(
    "--listen", metavar="HOST:PORT", required=True, help="Where mail is delivered, such as 127.0.0.1:8024."
)
@mailbox_options
@pass_cli_context
def lmtp(
    context: CliContext,
    /,
    listen: str,
    mailbox: str,
    addresses: tuple[str, ...],
    servers: tuple[str, ...],
    *,
    voicemail: bool,
    channel: str,
    team: str,
) -> None:
    """Take in the mail that a mail server on this machine delivers by LMTP, until it is ended, as a service is.

    The server is told that a message was accepted once it is accounted for, and keeps it until then.
    """
    try:
        from supportdesk.cli import mail_service
    except ImportError as error:
        raise FailureError("Mail needs aiosmtpd and nh3: pip install 'supportdesk[mail]'.") from error
    box = _make_mailbox(mailbox, "lmtp", addresses, servers, voicemail=voicemail, channel=channel, team=team)
    mail_service.serve_lmtp(context, box, listen, echo_note)


@intake.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@pass_cli_context
def fetch(context: CliContext, /, names: tuple[str, ...]) -> None:
    """Take in what is in the mailboxes NAME of the settings file, or in all of them, once.

    A watcher does the same all the time: this is for cron, and to see at once whether a mailbox can be read.
    `supportdesk config --example` shows how a mailbox is named.
    """
    try:
        from supportdesk.cli import mail_fetch
    except ImportError as error:
        raise FailureError("Mail needs imap-tools and nh3: pip install 'supportdesk[mail]'.") from error
    from supportdesk.demo.fill import is_demo

    if is_demo(context.address):
        raise BadRequestError("No mail is taken in on a demo desk but what its invented customers write.")
    mailboxes = mail_fetch.find_mailboxes(context.settings_files.config, names)
    if mail_fetch.fetch_mail(context, mailboxes):
        raise SystemExit(FAILURE)


@intake.command()
@click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, readable=True, path_type=Path),
)
@click.option(
    "--name",
    metavar="NAME",
    type=SOURCE_NAME,
    default="voicemail",
    show_default=True,
    help="The name of the source.",
)
@click.option(
    "--quiet",
    type=click.IntRange(0, 3600),
    default=10,
    show_default=True,
    help="A recording in a folder is complete once nothing was written to it for so many seconds.",
)
@click.option(
    "--transcribe-command",
    type=ProgramParam(),
    help="A program that writes down what is said, with its arguments: the path of a recording is its last one.",
)
@click.option(
    "--transcribe-timeout",
    type=click.IntRange(1, 3600),
    default=300,
    show_default=True,
    help="How many seconds it may take for each recording.",
)
@pass_cli_context
def voicemail(
    context: CliContext,
    /,
    paths: tuple[Path, ...],
    name: str,
    quiet: int,
    *,
    transcribe_command: tuple[str, ...] | None,
    transcribe_timeout: int,
) -> None:
    """Take in voicemails: PATHs of recordings, or of folders in which a telephone system leaves them.

    Each waits until somebody has listened to it: see `supportdesk voicemail list`. Caller and time are in the name of
    the file, such as 20261127-193000_+442079460018.wav, or in a file beside it, as Asterisk writes it. What is taken in
    of a folder is moved to its subfolder Handled. Taking in a recording again changes nothing.

    With --transcribe-command, each recording is transcribed once all are taken in. What the program prints is stored
    beside it, and decides nothing. Where it fails, take in the recording again, from Handled.
    """
    from supportdesk.cli.voicemail_reading import Transcriber, read_paths

    program, timeout = transcribe_command, transcribe_timeout
    transcriber = Transcriber(program, timeout) if program is not None else None
    if read_paths(context, name, paths, quiet, transcriber):
        raise SystemExit(FAILURE)


@intake.command()
@click.argument("key")
@pass_cli_context
def original(context: CliContext, /, key: str) -> None:
    """Write a message as it was sent, or a recording, to standard output, which must be a file or another program.

    Of a voicemail that came by mail, it is that mail: `supportdesk intake attachments KEY` saves its recording.
    """
    if sys.stdout.isatty():
        raise click.UsageError(
            "A message may contain anything, so it is not written to a terminal; add `> FILE.eml`."
        )
    with context.desk() as desk:
        content = _load_original(desk, key)
    sys.stdout.buffer.write(content)


def _load_original(desk: DeskApi, key: str) -> bytes:
    content = desk.incoming_original(key)
    if content is None:
        raise BadRequestError(
            f"There is no original of a message {quoted(key)}; `supportdesk intake status --state STATE` lists the"
            " keys."
        )
    return content


@intake.command()
@click.argument("key")
@attachment_options
@pass_cli_context
def attachments(
    context: CliContext, /, key: str, number: int | None, target: str | None, *, as_json: bool
) -> None:
    """List the attachments of a message, with what the content of each is, or save one.

    What is saved is a new file that only you can read, and that cannot be executed: nothing is overwritten, and nothing
    is opened. Its type is told from its content, whatever its sender says that it is.
    """
    wanted = choose_saved(number, target)
    found = _read_attachments(context, key)
    if wanted is not None:
        chosen = find_attachment(found, wanted.number, f"supportdesk intake attachments {key}")
        save_attachment(chosen.name, chosen.content, wanted.target)
        return
    from supportdesk.cli.attachment_text import attachment_lines, attachment_to_json

    if as_json:
        echo_json([attachment_to_json(place, each) for place, each in enumerate(found, 1)])
    else:
        echo("\n".join(attachment_lines(found, "This message has no attachment.")))


def _read_attachments(context: CliContext, key: str) -> tuple[Attachment, ...]:
    try:
        from supportdesk.intake.mail.parsing.message import UnreadableMail
        from supportdesk.intake.mail.parsing.parser import parse_mail
    except ImportError as error:
        raise FailureError("Reading mail needs nh3: pip install 'supportdesk[mail]'.") from error
    with context.desk() as desk:
        message, content, now = desk.incoming_message(key), _load_original(desk, key), desk.now()
    whole = f"`supportdesk intake original {key} > FILE` writes all of it."
    if message is not None and not message.is_mail:
        raise BadRequestError(f"It is a recording, which has no attachments; {whole}")
    mail = parse_mail(content, now=now)
    if isinstance(mail, UnreadableMail):
        raise BadRequestError(f"The message cannot be read: {mail.reason} {whole}")
    return mail.attachments


@intake.command()
@click.option(
    "--state", type=ChoiceParam(MessageState), help="List the messages in this state, the newest first."
)
@click.option("--mailbox", metavar="NAME", type=SOURCE_NAME, help="Only what arrived in this mailbox.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=_SHOWN,
    show_default=True,
    help="The most messages that are listed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_cli_context
def status(
    context: CliContext, /, state: str | None, mailbox: str | None, limit: int, *, as_json: bool
) -> None:
    """Count the messages of each mailbox by what became of them; with --state, list them.

    A ticket was logged for a message, or it was added to one; it is a duplicate, a bounce or automatic mail, or was
    refused. What is in quarantine, or was set aside because it could not be read, waits for a decision, and so does a
    voicemail until something became of it or it was dismissed. Every message is in one of these states, so that their
    sum is the number of messages that arrived. What a mail server delivers again as it is, byte for byte, because it
    was not told that it had arrived, is the same message, and counts once; a copy of it is a duplicate.
    """
    from supportdesk.cli.incoming_text import message_lines, message_to_json, status_lines, status_to_json

    with context.desk() as desk:
        counts = {
            source: states for source, states in desk.count_incoming().items() if mailbox in (None, source)
        }
        wanted = MessageState(state) if state is not None else None
        messages = (
            desk.incoming_messages(states=(wanted,), source=mailbox, limit=limit)
            if wanted is not None
            else []
        )
        now = desk.now()
        zone = desk.policy_at(now).timezone
    if wanted is None:
        if as_json:
            echo_json(status_to_json(counts))
        else:
            echo("\n".join(status_lines(counts)))
    elif as_json:
        echo_json([message_to_json(each) for each in messages])
    else:
        count = sum(states.get(wanted, 0) for states in counts.values())
        echo("\n".join(message_lines(messages, count, zone, now)))


for each in mail_decisions.COMMANDS:
    intake.add_command(each)
