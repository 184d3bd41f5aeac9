"""Sends a test page by one method of the settings, and says what became of it."""

from __future__ import annotations

import platform
import uuid

from supportdesk.cli.context import CliContext, full_name
from supportdesk.cli.errors import FAILURE
from supportdesk.cli.output import echo, echo_error
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.watcher.sending.methods import Senders
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import SendOutcome, SendResult

_MEANINGS = {
    SendOutcome.DELIVERED: "Delivered",
    SendOutcome.NOT_DELIVERED: "Not delivered",
    SendOutcome.POSSIBLY_DELIVERED: "Possibly delivered",
}
_ADVICE = {
    SendOutcome.DELIVERED: "Check that it arrived: this is what the other side said.",
    SendOutcome.POSSIBLY_DELIVERED: "A page would not be sent there a second time.",
}


def send_trial_page(context: CliContext, method: str, target: str) -> int:
    """Send a test page, wait for its outcome and print that. Returns the exit code: 0 if it was delivered.

    Programs of the settings write to this standard error.
    """
    settings = load_watcher_settings(context.settings_files.config)
    page = OutgoingPage(
        key=f"test-{uuid.uuid4().hex[:12]}",
        target=target,
        person=full_name(context.username),
        # A `test` is that of the month, which is acknowledged.
        kind="notice",
        at=context.clock.now().astimezone(),
        summary=f"This is only a test, sent by {context.username} on {platform.node()}",
        username=context.username,
    )
    result = Senders(settings, context.clock, show_errors=True).find(method).send(page)
    if result.outcome is SendOutcome.DELIVERED:
        echo(describe_result(result))
        return 0
    echo_error(describe_result(result))
    return FAILURE


def describe_result(result: SendResult) -> str:
    """Return an outcome in one or two sentences."""
    said = f": {result.detail}" if result.detail else ""
    advice = _ADVICE.get(result.outcome) or (
        "Another attempt would fail as well." if result.permanent else "A page would be sent again."
    )
    return f"{_MEANINGS[result.outcome]}{said}. {advice}"
