"""Sends pages by a program of the user, such as one that speaks to an SMS gateway."""

from __future__ import annotations

import signal
from collections.abc import Callable

from msgspec import Struct

from supportdesk.access.program import ProgramResult, run_program
from supportdesk.tickets.plain_text import clean_line
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.page_text import to_json
from supportdesk.watcher.sending.sender import (
    SendResult,
    declined,
    delivered,
    not_delivered,
    possibly_delivered,
)

DETAIL = 200
"""Characters of what a program says that are kept."""


def _never_delivered(detail: str) -> SendResult:
    return not_delivered(detail, permanent=True)


ANSWERS: dict[str, Callable[[str], SendResult]] = {
    "arrived": delivered,
    "not": not_delivered,
    "never": _never_delivered,
    "perhaps": possibly_delivered,
    "declined": declined,
}
"""The first words by which a program says what became of a page."""


class CommandSender(Struct, frozen=True):
    """Runs a program with a page as one line of JSON on its input; docs/paging.md has the contract.

    `timeout` is in seconds. `show_errors` shows what the program prints to its standard error.
    """

    command: tuple[str, ...]
    timeout: float
    show_errors: bool = False

    def send(self, page: OutgoingPage) -> SendResult:
        """Send a page; see `Sender`. The program's first word decides, or else its exit code."""
        name = self.command[0]
        try:
            ended = run_program(
                self.command, to_json(page), timeout=self.timeout, show_errors=self.show_errors
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "its name is not possible"
            return not_delivered(f"{name} cannot be started: {why}")
        return _judge(ended, name, self.timeout)


def _judge(ended: ProgramResult, name: str, timeout: float) -> SendResult:
    """Return the outcome. A program that was killed, or contradicts itself, leaves it open what it did.

    An exit code other than 0 without an answer means that the page did not arrive: Python and shells give 1 and 2 for
    programs that are missing or faulty.
    """
    line = clean_line(ended.output.partition("\n")[0][: 10 * DETAIL], DETAIL).text
    word, _, rest = line.partition(" ")
    answer = ANSWERS.get(word.lower().rstrip(":.,;"))
    code = ended.exit_code
    if code is None:
        return possibly_delivered(f"{name} was ended after {timeout:g} s without an answer")
    if code < 0:
        return possibly_delivered(f"{name} was ended by {_signal(-code)}")
    if answer is delivered and code != 0:
        return possibly_delivered(
            f"{name} said that it arrived, and ended with code {code}: {rest}".rstrip(": ")
        )
    if answer is not None:
        return answer(rest)
    if code == 0:
        return delivered(line)
    return not_delivered(f"{name} ended with code {code}: {line}".rstrip(": "))


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
