"""`supportdesk log`: log a request and print its reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from supportdesk.cli import lookup, read_back
from supportdesk.cli.commands.show import describe_clock
from supportdesk.cli.context import CliContext, pass_cli_context
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.options import command_fields, option_for
from supportdesk.cli.output import echo, echo_json
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.desk_api import DeskReader, RecordQueries
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import TicketView, find_same_request
from supportdesk.tickets import mail_address, telephone
from supportdesk.tickets.folding import same_name
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.reference import spell
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.typed_text import quoted

NEW = "--new-organisation"
NEW_CONTACT = "--new-contact"


@pass_cli_context
def _run(context: CliContext, /, as_json: bool, **given: Any) -> None:
    with context.desk() as desk:
        operator = context.operator(desk)
        command = Log(**_resolve_customer(desk, command_fields(desk, Log, given)))
        same = _find_same_request(desk, command)
        outcome = desk.do(command, by=operator.username)
        if isinstance(outcome, Refusal):
            raise BadRequestError(refusal_message(outcome))
        assert outcome.ref is not None
        view, now, policies = desk.ticket(outcome.ref), desk.now(), desk.policies
        policy = policies[view.row.policy]
        if as_json:
            from supportdesk.cli import json_output

            shape = read_back.read_back_to_json(desk, view, policy, now)
            echo_json({**json_output.logged_to_json(view.row, policies, now), **shape, "same_request": same})
        else:
            echo(
                "\n".join(
                    (
                        *logged_lines(view, policy, now),
                        *read_back.read_back_lines(context, desk, view, policy, now),
                    )
                )
            )
            if same is not None:
                echo(
                    f"{'Note':<{read_back.LABEL}}{same} is open, from the same caller with the same summary:"
                    f" record further calls there (supportdesk called {same}), or mark one as a duplicate of the other."
                )


def _find_same_request(desk: RecordQueries, command: Log) -> str | None:
    """Return the reference of an open ticket of the same contact with the same summary, or None."""
    view = None if command.new_organisation or command.new_contact else desk.caller(command.contact)
    if view is None:
        return None
    own = [row for row in view.open_tickets if row.ref in view.own]
    found = find_same_request(own, view.organisation.name, view.contact.name, command.summary)
    return found.ref if found is not None else None


def _resolve_customer(desk: DeskReader, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with keys of the customer and contact; new ones keep the name that was given.

    Raises BadRequestError for an unknown or ambiguous name.
    """
    typed, who = known["organisation"], known["contact"]
    if known["new_organisation"]:
        existing = lookup.find_organisation_or_none(desk, typed)
        if existing is None:
            return dict(known)
        if same_name(existing.name) != same_name(typed):
            raise BadRequestError(
                f"{typed} is the key of {existing.name}. Omit {NEW} for them; give a new customer by name."
            )
    advice = f"Add it as a new customer with {NEW}."
    organisation = lookup.find_organisation(desk, typed, advice=advice, exactly=True)
    new = known["new_contact"]
    contact = None if new else lookup.find_contact_or_none(desk, organisation.key, who)
    if contact is None and not is_personal_name(who):
        raise BadRequestError(
            f"{organisation.name} has no contact {quoted(who)}. Give a new contact by name, and the number or address"
            " with --contact-telephone or --contact-email."
        )
    near = [] if contact or new else lookup.find_similar_contacts(desk, organisation.key, who)
    if near:
        raise BadRequestError(
            f"{lookup.describe_missing_contact(organisation, who, near)}"
            f" Give one of them, or add a new contact with {NEW_CONTACT}."
        )
    return {
        **known,
        "organisation": organisation.key,
        "contact": contact.key if contact else who,
        "new_organisation": False,
    }


def is_personal_name(text: str) -> bool:
    """Return whether a text is a name rather than a telephone number or email address."""
    return not mail_address.looks_like_address(text) and not telephone.is_number(text)


def logged_lines(view: TicketView, policy: Policy, now: datetime) -> Iterator[str]:
    """Yield what to read back to the caller: the reference, spelled out, and the promises."""
    row = view.row
    yield row.ref
    yield spell(row.ref)
    yield f"{'Response':<{read_back.LABEL}}{describe_clock(row.response, policy, now)}"
    yield f"{'Resolution':<{read_back.LABEL}}{describe_clock(row.resolution, policy, now)}"
    yield f"{'':<{read_back.LABEL}}{policy.severity(row.severity).promise}"
    if view.ticket.out_of_policy:
        yield f"Out of policy: {'; '.join(view.ticket.out_of_policy)}"


log = click.Command(
    Log.verb,
    callback=_run,
    params=[
        *(option_for(argument) for argument in Log.arguments()),
        click.Option(["--json", "as_json"], is_flag=True, help="Print the ticket as a JSON object."),
    ],
    help=f"""{Log.help_text()}

Give the organisation and contact by name or key. A contact that the organisation does not have yet is added, and the
ticket records it; a name similar to another contact's is refused with the closest matches unless {NEW_CONTACT}
is given. An unknown organisation is refused with the closest matches unless {NEW} is given.""",
    short_help=Log.help_text(),
)
