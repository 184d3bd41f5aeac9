"""The errors of the command line, printed on stderr, and their exit codes.

2 is a bad request: the operator can correct it. 1 is a failure: the request was valid and could not be carried out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

BAD_REQUEST = 2
FAILURE = 1
TRY_AGAIN = 75
"""EX_TEMPFAIL of `sysexits.h`: to be tried again, as a mail server does with a message that it keeps meanwhile."""
INTERRUPTED = 130
"""128 plus the number of SIGINT, as shells report it."""
READER_GONE = 141
"""128 plus the number of SIGPIPE: the reader, such as `| head`, has closed the pipe."""


class BadRequestError(click.ClickException):
    """The request is invalid; the message says what to change."""

    exit_code = BAD_REQUEST


class FailureError(click.ClickException):
    """A valid request could not be carried out."""

    exit_code = FAILURE


class UnsettledError(click.ClickException):
    """A request has been carried out in part, or that is not known; the same one again settles it."""

    exit_code = TRY_AGAIN


@contextmanager
def report_errors() -> Iterator[None]:
    """Turn exceptions of a desk within the block into BadRequestError or FailureError."""
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
