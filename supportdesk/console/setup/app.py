"""The set-up as a program: page after page, and nothing is made before the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.filter import LineFilter

from supportdesk.console.dialogs.push import come_of
from supportdesk.console.keys.type_ahead import KeyByKey
from supportdesk.console.setup.backend import Founding, Start
from supportdesk.console.setup.page import Page, Typed
from supportdesk.console.setup.pages import DEMO, OTHER, FirstCustomer, Ready, Welcome, You
from supportdesk.console.terminal.crash_handler import PrivateCrash
from supportdesk.console.terminal.safe_text import PlainOutput
from supportdesk.console.terminal.signals import leave_when_told
from supportdesk.console.theme.app import ThemedApp

if TYPE_CHECKING:
    from supportdesk.settings.files import SettingsFiles


def run(founding: Founding, files: SettingsFiles | None = None) -> Start | None:
    """Runs the set-up; returns which desk to open, or None where somebody thought better of it.

    A signal that ended it ends the program, too.
    """
    app = SetUp(founding, files)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
    return app.start


class SetUp(ThemedApp, PrivateCrash, KeyByKey):
    """Leads through the pages; Escape goes one back, and from the first one away."""

    TITLE = "supportdesk"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, founding: Founding, files: SettingsFiles | None = None) -> None:
        super().__init__(files)
        self._files = files
        self.start: Start | None = None
        """Which desk to open; None until that is settled."""
        self._founding = founding
        self._plain = PlainOutput()

    def on_mount(self) -> None:
        """Begins; ends in good order when the terminal goes away."""
        if self._files is not None and self._files.any_there():
            from supportdesk.console.preferences.validation import load

            self.set_keymap(load(self._files).settings.keys)
        if not self.is_headless:
            leave_when_told(self._leave, self._driver)
        self._lead()

    def _leave(self, code: int = 0) -> None:
        self.exit(return_code=code)

    @work
    async def _lead(self) -> None:
        self.start = await self._chosen()
        self.exit()

    async def _chosen(self) -> Start | None:
        typed: Typed | None = {}
        while (typed := await self._shown(Welcome(self._founding, typed))) is not None:
            if typed["desk"] == DEMO:
                return Start(demo=True)
            if typed["desk"] == OTHER:
                return Start(typed["path"])
            if await self._made():
                return Start(self._founding.address)
        return None

    async def _made(self) -> bool:
        """Whether a desk of one's own was made; False for the way back."""
        you: Typed | None = {}
        customer: Typed | None = None
        while (you := await self._shown(You(self._founding, you))) is not None:
            customer = await self._shown(FirstCustomer(self._founding, you, customer))
            if customer is not None:
                await self._shown(Ready(self._founding.address, customer=bool(customer["organisation"])))
                return True
        return False

    async def _shown(self, page: Page) -> Typed | None:
        # Keys that are typed meanwhile wait for the page: before its fields are there it would be left with nothing.
        typed: Typed | None = await come_of(self, page, self.typed.hold())
        return typed

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Lets nothing reach the terminal that it would obey."""
        return [*super().get_line_filters(), self._plain]
