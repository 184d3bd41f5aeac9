"""`supportdesk mail`: what customers get by mail."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec.structs import replace

from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError, FailureError
from supportdesk.cli.output import echo, echo_note
from supportdesk.cli.param_types import ChoiceParam, ReferenceParam
from supportdesk.watcher.customer_mail.content import MailContent, MailEnvelope, MailKind

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
    """Show the mail that customers get about their tickets."""


@mail.command()
@click.argument("kind", type=ChoiceParam(MailKind))
@click.option("--ref", type=ReferenceParam(), help="About this ticket; by default, about a made-up one.")
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
        from supportdesk.watcher.customer_mail.rendering import render
    except ImportError as error:
        raise FailureError("Mail needs jinja2: pip install 'supportdesk[mail]'.") from error
    content, envelope = _describe(context, MailKind(kind), ref)
    try:
        rendered = render(content)
    except MailTextError as error:
        raise FailureError(str(error)) from error
    if file is not None:
        _write(file, compose_rendered(rendered, content, envelope))
        echo_note(f"{file} has been written.")
    elif as_html:
        echo(rendered.html.rstrip("\n"))
    else:
        echo(f"Subject: {rendered.subject}\n\n{rendered.text.rstrip()}")


def _describe(context: CliContext, kind: MailKind, ref: str | None) -> tuple[MailContent, MailEnvelope]:
    """Return a mail about a ticket, or about an example. Raises BadRequestError where the ticket has no such mail."""
    from supportdesk.watcher.customer_mail.example import EXAMPLE_ENVELOPE, make_example
    from supportdesk.watcher.customer_mail.ticket_content import find_told, make_content

    if ref is None:
        return make_example(kind), EXAMPLE_ENVELOPE
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


def _write(file: Path, message: bytes) -> None:
    from supportdesk.files import create_file, expand

    try:
        create_file(expand(file), message)
    except FileExistsError as error:
        raise BadRequestError(f"{file} exists already; give another name.") from error
    except OSError as error:
        raise BadRequestError(f"{file} cannot be written: {error.strerror}.") from error
