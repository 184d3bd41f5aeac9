"""The set-up application: leads through the pages, and creates nothing before the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.keys.app import KeymapApp
from supportdesk.console.keys.type_ahead import SerializedKeys
from supportdesk.console.setup.backend import SetupBackend, SetupResult
from supportdesk.console.setup.page import FieldValues, SetupPage
from supportdesk.console.setup.pages import DEMO, OTHER, CustomerPage, DonePage, OperatorPage, WelcomePage
from supportdesk.console.terminal.app import TerminalApp
from supportdesk.console.terminal.signals import exit_on_signals
from supportdesk.console.theme.app import ThemedApp

if TYPE_CHECKING:
    from supportdesk.settings.files import SettingsFiles


def run(backend: SetupBackend, files: SettingsFiles | None = None) -> SetupResult | None:
    """Run the set-up; return which desk to open, or None if the operator quit.

    Raises SystemExit if a signal ended it.
    """
    app = SetupApp(backend, files)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
    return app.start


class SetupApp(ThemedApp, KeymapApp, TerminalApp, SerializedKeys):
    """Shows the pages in order; Escape goes back one page, and quits on the first."""

    TITLE = "supportdesk"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, backend: SetupBackend, files: SettingsFiles | None = None) -> None:
        super().__init__(files)
        self._files = files
        self.start: SetupResult | None = None
        """Which desk to open; None until the operator has chosen."""
        self._backend = backend
        self.filter_control_sequences()

    def on_mount(self) -> None:
        """Show the first page; exit cleanly when the terminal hangs up."""
        if self._files is not None and self._files.any_there():
            from supportdesk.console.preferences.validation import load_validated

            self.set_keymap(load_validated(self._files).settings.keys)
        if not self.is_headless:
            exit_on_signals(self._leave, self._driver)
        self._run_wizard()

    def _leave(self, code: int = 0) -> None:
        self.exit(return_code=code)

    @work
    async def _run_wizard(self) -> None:
        self.start = await self._choose_desk()
        self.exit()

    async def _choose_desk(self) -> SetupResult | None:
        typed: FieldValues | None = {}
        while (typed := await self._ask(WelcomePage(self._backend, typed))) is not None:
            if typed["desk"] == DEMO:
                return SetupResult(demo=True)
            if typed["desk"] == OTHER:
                return SetupResult(typed["path"])
            if await self._create_desk():
                return SetupResult(self._backend.address)
        return None

    async def _create_desk(self) -> bool:
        """Ask for the new desk's first records and create it. Returns False if the operator goes back."""
        you: FieldValues | None = {}
        customer: FieldValues | None = None
        while (you := await self._ask(OperatorPage(self._backend, you))) is not None:
            customer = await self._ask(CustomerPage(self._backend, you, customer))
            if customer is not None:
                await self._ask(DonePage(self._backend.address, customer=bool(customer["organisation"])))
                return True
        return False

    async def _ask(self, page: SetupPage) -> FieldValues | None:
        # Keys typed meanwhile wait for the page: without its fields it would be sent empty.
        typed: FieldValues | None = await push_and_wait(self, page, self.typed.hold())
        return typed
