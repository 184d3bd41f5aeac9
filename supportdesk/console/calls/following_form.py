"""Opens the form that follows from another one, such as from the caller to the request."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.forms.field_dialog import FieldDialog
from supportdesk.desk_api import Applied, DeskUnavailableError, UnknownTicketError
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.keys.type_ahead import KeyHold


async def open_following(
    dialog: FieldDialog, opening: Awaitable[FieldDialog | Refusal], typed: KeyHold
) -> Applied | None:
    """Open the form that follows `dialog` and return its result.

    Return None where it is left, or where it cannot be opened, which `dialog` then shows. The keys `typed` meanwhile
    are held and passed to the form that opens.
    """
    try:
        following = await opening
        if isinstance(following, Refusal):
            dialog.show_status(dialog.context.refusal_text(following), refused=True)
            return None
        applied: Applied | None = await push_and_wait(dialog.app, following, typed)
        return applied
    except (DeskUnavailableError, UnknownTicketError) as error:
        dialog.show_status(str(error), refused=True)
        return None
    finally:
        typed.release()
