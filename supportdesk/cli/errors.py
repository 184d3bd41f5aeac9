"""How the command line fails: on stderr, in words that say what to do, and with the right exit code.

2 is a bad request: whoever asked can mend it. 1 is a failure: the request was good and could not be carried out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

BAD_REQUEST = 2
FAILURE = 1
INTERRUPTED = 130
"""128 and the number of SIGINT, as a shell has it."""
READER_GONE = 141
"""128 and the number of SIGPIPE: `| head` had seen enough."""


class BadRequestError(click.ClickException):
    """What was asked cannot be done as it was asked."""

    exit_code = BAD_REQUEST


class FailureError(click.ClickException):
    """What was asked could not be carried out."""

    exit_code = FAILURE


@contextmanager
def report_errors() -> Iterator[None]:
    """Within it, what a desk raises becomes one of the two errors."""
    from supportdesk.desk_api import DeskUnavailableError, UnknownTicketError
    from supportdesk.sla.opening_hours import CalendarError
    from supportdesk.tickets.reference import BadReferenceError

    try:
        yield
    except DeskUnavailableError as error:
        raise FailureError(str(error)) from error
    except UnknownTicketError as error:
        raise BadRequestError(str(error)) from error
    except (BadReferenceError, CalendarError) as error:
        raise BadRequestError(str(error)) from error
