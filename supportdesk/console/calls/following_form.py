"""Opens the form that follows from another one, such as from the caller to the request."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.forms.form import Form
from supportdesk.desk_api import Applied, DeskUnavailableError, UnknownTicketError
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.keys.type_ahead import KeyHold


async def open_following(form: Form, opening: Awaitable[Form | Refusal], typed: KeyHold) -> Applied | None:
    """Open the form that follows `form` and return its result.

    Return None where it is left, or where it cannot be opened, which `form` then shows. The keys `typed` meanwhile are
    held and passed to the form that opens.
    """
    try:
        following = await opening
        if isinstance(following, Refusal):
            form.show_status(form.context.refusal_text(following), refused=True)
            return None
        applied: Applied | None = await push_and_wait(form.app, following, typed)
        return applied
    except (DeskUnavailableError, UnknownTicketError) as error:
        form.show_status(str(error), refused=True)
        return None
    finally:
        typed.release()
