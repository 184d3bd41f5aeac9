"""How to log in to a server of mail: with a password, or with a token that a user's program prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from supportdesk.access.secret import Secret, SetupError
from supportdesk.access.token import read_token


class Login(Struct, frozen=True):
    """How to log in: as `user`, with the password that `secret` reads, or the token, where `by_token`.

    `secret` raises SetupError.
    """

    user: str
    secret: Callable[[], str]
    by_token: bool = False


def make_login(user: str | None, password: Secret | None, token_command: Sequence[str]) -> Login | None:
    """Return how a user logs in; None without a user. Raises SetupError where there is no way."""
    if user is None:
        return None
    if token_command:
        return Login(user, lambda: read_token(token_command), by_token=True)
    if password is None:
        raise SetupError("the settings name no file and no variable for its secret")
    return Login(user, password.read)
