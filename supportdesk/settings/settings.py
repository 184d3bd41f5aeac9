"""What can be set in `config.toml`. Everything has a default, so that a file says only what is to be otherwise."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1, max_length=24)]
Percent = Annotated[int, Meta(ge=20, le=80)]


class OwnView(Struct, frozen=True, forbid_unknown_fields=True):
    """A view of one's own: what it is called, and the filter that its tickets pass."""

    name: Name
    filter: str


class OwnColumn(Struct, frozen=True, forbid_unknown_fields=True):
    """A column of the queue, and its width in cells; without one it is as wide as the screen allows."""

    name: Name
    width: Annotated[int, Meta(ge=1, le=200)] | None = None


class Notices(Struct, frozen=True, forbid_unknown_fields=True):
    """Notices on the desktop: by which escape sequence the terminal is told, and of what.

    `tmux` has tmux pass the sequence on to the terminal that it runs in, which it does where `allow-passthrough` is on.
    """

    by: Literal["off", "osc9", "osc777"] = "off"
    of: tuple[Literal["assigned", "breach", "page"], ...] = ("assigned", "breach", "page")
    tmux: bool = False


class Pane(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the ticket stands, and how much of the screen it has, in percent: of the width beside the queue, of the
    height below it.
    """

    place: Literal["auto", "beside", "below"] | None = None
    width: Percent | None = None
    height: Percent | None = None


class WallSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The wall: whether it shows the customer and the summary of each ticket, which whoever goes by can read."""

    summaries: bool = False


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. None leaves a thing as it is without settings.

    `keys` binds by id, in Textual's names of keys with commas between them. `bell` names severities, by key; without
    it those ring that wake people. `timezone` is the zone in which times are shown and typed; without one, the
    policy's. The order of `views` and `columns` is theirs on the screen.
    """

    theme: str | None = None
    timezone: str | None = None
    bell: tuple[str, ...] | None = None
    keys: dict[str, str] = {}
    views: tuple[OwnView, ...] = ()
    columns: tuple[OwnColumn, ...] = ()
    notices: Notices = Notices()
    pane: Pane = Pane()
    wall: WallSettings = WallSettings()

    def zone(self, policys: str) -> str:
        """The zone in which times are shown and typed, under a policy of the zone `policys`."""
        return self.timezone or policys


DEFAULTS = Settings()
