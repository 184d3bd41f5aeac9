"""`supportdesk mail`: what customers get by mail."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec.structs import replace

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError, FailureError
from supportdesk.cli.output import echo, echo_note, terminal_width
from supportdesk.cli.param_types import ChoiceParam, ReferenceParam
from supportdesk.cli.table import TableColumn, table_lines
from supportdesk.sla.mail_kind import MailKind
from supportdesk.sla.policy import NO_CRITICAL_NUMBER, find_critical_number
from supportdesk.tickets.typed_text import quoted
from supportdesk.watcher.customer_mail.content import MailContent, MailEnvelope

_MISSING = {
    MailKind.REPLY: "nobody has replied on it",
    MailKind.WAITING: "it is not on hold for the customer",
    MailKind.FIX: "no fix is promised for it",
    MailKind.RELEASED: "no fix for it is released",
    MailKind.RESOLVED: "it is not resolved",
    MailKind.CLOSED: "it is not closed",
}


@click.group()
def mail() -> None:
    """Show the mail that customers get about their tickets, and the replies that staff write often."""


@mail.command()
@click.argument("kind", type=ChoiceParam(MailKind))
@click.option(
    "--ref",
    type=ReferenceParam(),
    help="About this ticket; by default, about a made-up one, with the desk's number for a Critical.",
)
@click.option("--html", "as_html", is_flag=True, help="Print the HTML form instead of the text.")
@click.option(
    "--to",
    "file",
    metavar="FILE.eml",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the whole message to a new file, which mail programs open.",
)
@pass_cli_context
def preview(context: CliContext, /, kind: str, ref: str | None, *, as_html: bool, file: Path | None) -> None:
    """Print what a customer gets: when a request was received, when somebody replied, and so on. Nothing is sent."""
    if as_html and file is not None:
        raise click.UsageError("A message has both forms; leave out --html or --to.")
    try:
        from supportdesk.watcher.customer_mail.compose import compose_rendered
        from supportdesk.watcher.customer_mail.language import MailTextError
        from supportdesk.watcher.customer_mail.rendering import find_templates
    except ImportError as error:
        raise FailureError("Mail needs jinja2: pip install 'supportdesk[mail]'.") from error
    content, envelope = _describe(context, MailKind(kind), ref)
    try:
        rendered = find_templates(_find_own_templates(context)).render(content)
    except MailTextError as error:
        raise FailureError(str(error)) from error
    if file is not None:
        _write(file, compose_rendered(rendered, content, envelope))
        echo_note(f"{file} has been written.")
    elif as_html:
        echo(rendered.html.rstrip("\n"))
    else:
        echo(f"Subject: {rendered.subject}\n\n{rendered.text.rstrip()}")


@mail.command()
@click.argument("key", required=False)
@click.option("--ref", type=ReferenceParam(), help="Fill it for this ticket.")
@pass_cli_context
def canned(context: CliContext, /, key: str | None, ref: str | None) -> None:
    """List the canned replies, or print the one with a KEY; with --ref, filled for a ticket. Nothing is sent.

    To send one: supportdesk reply REF --text "$(supportdesk mail canned KEY --ref REF)"
    """
    from supportdesk.replies.canned_reply import CannedReplyError, fill_canned_reply, load_canned_replies
    from supportdesk.replies.reply_values import make_reply_values
    from supportdesk.resources import data_path

    if ref is not None and key is None:
        raise click.UsageError("Give the KEY of the reply that is to be filled.")
    own = context.settings_files.replies
    try:
        replies = load_canned_replies([data_path("replies.toml"), *([own] if own.exists() else [])])
        if key is None:
            columns, rows = (TableColumn(), TableColumn()), [(each.key, each.title) for each in replies]
            echo("\n".join(table_lines(columns, rows, terminal_width())))
            return
        reply = next((each for each in replies if each.key == key), None)
        if reply is None:
            keys = ", ".join(each.key for each in replies)
            raise BadRequestError(f"There is no canned reply {quoted(key)}. There are: {keys}.")
        if ref is None:
            echo(reply.text.strip("\n"))
            return
        with context.desk() as desk:
            view, person = desk.ticket(ref), desk.person(context.username)
            policy = desk.policies[view.row.policy]
        name = person.name if person is not None else context.username
        echo(fill_canned_reply(reply, make_reply_values(view, policy, name)))
    except CannedReplyError as error:
        raise BadRequestError(f"{error}.") from error


def _describe(context: CliContext, kind: MailKind, ref: str | None) -> tuple[MailContent, MailEnvelope]:
    """Return a mail about a ticket, or about an example. Raises BadRequestError where the ticket has no such mail."""
    from supportdesk.watcher.customer_mail.example import EXAMPLE_ENVELOPE, make_example
    from supportdesk.watcher.customer_mail.ticket_content import find_told, make_content

    if ref is None:
        return _with_own_number(context, make_example(kind)), EXAMPLE_ENVELOPE
    with context.desk() as desk:
        view, now, policies = desk.ticket(ref), desk.now(), desk.policies
    told = find_told(kind, view)
    if told is None:
        raise BadRequestError(
            f"{ref} has no mail of the kind {kind}: {_MISSING[kind]}. Leave out --ref to see an example."
        )
    text, author = told
    content = make_content(
        kind,
        view,
        policies[view.row.policy],
        now,
        text=text,
        author_name=author if kind is MailKind.REPLY else "",
    )
    target = view.contact.email or EXAMPLE_ENVELOPE.target
    return content, replace(EXAMPLE_ENVELOPE, target=target, target_name=view.contact.name)


def _with_own_number(context: CliContext, example: MailContent) -> MailContent:
    """Return an example with the number for a Critical that customers of this desk are told, if there is a desk."""
    if example.kind is not MailKind.RECEIPT or not context.exists:
        return example
    with context.desk() as desk:
        policy = desk.policy_at(desk.now())
    number = find_critical_number(policy)
    if not number:
        echo_note(f"The line with the number to call for a Critical is missing, as {NO_CRITICAL_NUMBER}.")
    return replace(example, critical_number=number)


def _find_own_templates(context: CliContext) -> Path | None:
    """Return the folder of the desk's own templates that the settings name; None where they name none."""
    from supportdesk.settings.watcher import load_watcher_settings

    settings = load_watcher_settings(context.settings_files.config)
    mail = settings.customer_mail
    return settings.resolve(mail.templates) if mail is not None and mail.templates is not None else None


def _write(file: Path, message: bytes) -> None:
    from supportdesk.files import create_file, expand

    try:
        create_file(expand(file), message)
    except FileExistsError as error:
        raise BadRequestError(f"{file} exists already; give another name.") from error
    except OSError as error:
        raise BadRequestError(f"{file} cannot be written: {error.strerror}.") from error
