"""Tries the templates of a folder, before they are used for a customer."""

from __future__ import annotations

from pathlib import Path

from supportdesk.sla.mail_kind import MailKind
from supportdesk.watcher.customer_mail.example import make_example
from supportdesk.watcher.customer_mail.language import MailTextError
from supportdesk.watcher.customer_mail.rendering import find_templates


def find_template_fault(folder: Path) -> str | None:
    """Return why a mail of some kind cannot be made, with file and line; None where an example of each can."""
    try:
        templates = find_templates(folder)
        for kind in MailKind:
            templates.render(make_example(kind))
    except MailTextError as error:
        return str(error)
    return None
