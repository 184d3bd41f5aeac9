"""The pages of the set-up, in their order."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.dialogs.key_hints import STRONG, key_for, key_hints
from supportdesk.console.forms.choice_fields import ChoiceField, FlagField
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.text_fields import CheckedField, LineField
from supportdesk.console.setup.backend import NewDesk, SetupBackend
from supportdesk.console.setup.page import FieldValues, SetupPage
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.choices import Choice

OWN, DEMO, OTHER = "own", "demo", "other"
_LONGEST_PATH = 4_096


class WelcomePage(SetupPage):
    """Asks which desk to open: a new one, the demo or an existing one."""

    leave_label: ClassVar[str] = "quit, nothing is created"

    def __init__(self, backend: SetupBackend, initial: FieldValues | None = None) -> None:
        super().__init__(initial)
        self._backend = backend

    def heading(self) -> Content:
        return Content("Welcome to supportdesk")

    def about(self) -> Content:
        """Return why the set-up is shown."""
        return Content("There is no desk here yet. Create one, or open another.")

    def fields(self) -> list[Field]:
        """Return the choice of desks, and the path of an existing one."""
        choices = (
            Choice(OWN, "A new desk", "created now, in your data folder"),
            Choice(DEMO, "The demo", "with sample tickets"),
            Choice(OTHER, "An existing desk", "shared with colleagues"),
        )
        return [
            ChoiceField(
                "desk",
                f"a new desk is created at {self._backend.address}",
                choices,
                value=self.initial.get("desk", OWN),
            ),
            LineField(
                "path",
                "the desk's file, such as /srv/desk/desk.db",
                value=self.initial.get("path", ""),
                required=True,
                limit=_LONGEST_PATH,
            ),
        ]

    def keys(self) -> Content:
        """Return the key hints; Enter is enough."""
        return key_hints(
            (key_for(self, "form.go_on"), self.submit_label),
            (key_for(self, "dialog.leave"), self.leave_label),
        )

    def on_mount(self) -> None:
        """Show the path only for an existing desk."""
        self._ask_for_path()

    @on(Field.Changed, "#desk")
    def _ask_for_path(self) -> None:
        self.query_one("#path").display = self.query_one("#desk", ChoiceField).value == OTHER
        self.fit_to_screen()

    def fault(self, typed: FieldValues) -> str | None:
        """Return why there is no desk at the path, or None."""
        return self._backend.fault_of(typed["path"]) if typed["desk"] == OTHER else None


class OperatorPage(SetupPage):
    """Asks for the first member of staff: the operator."""

    def __init__(self, backend: SetupBackend, initial: FieldValues | None = None) -> None:
        super().__init__(initial)
        self._backend = backend

    def heading(self) -> Content:
        return Content("Your details")

    def subject(self) -> Content:
        """Return the number of the page."""
        return Content("1 of 2")

    def about(self) -> Content:
        """Return which roles the operator gets."""
        return Content("You become the desk's first supervisor and administrator; add your colleagues later.")

    def fields(self) -> list[Field]:
        """Return the fields for name, team and telephone."""
        teams = [Choice(key, name) for key, name in self._backend.teams]
        return [
            LineField(
                "name",
                "your name, as colleagues and customers see it",
                value=self.initial.get("name", self._backend.name),
                required=True,
            ),
            ChoiceField("team", "your team", teams, value=self.initial.get("team", teams[0].key)),
            CheckedField(
                "telephone",
                "where you can be paged; optional",
                self._backend.telephone_fault,
                value=self.initial.get("telephone", ""),
            ),
        ]

    def on_mount(self) -> None:
        """Select the name from the operating system, so that typing replaces it."""
        if "name" not in self.initial:
            self.query_one("#name", LineField).select_text()


class CustomerPage(SetupPage):
    """Asks for the first customer, which is optional; sending the page creates the desk."""

    submit_label: ClassVar[str] = "create the desk"

    def __init__(self, backend: SetupBackend, you: FieldValues, initial: FieldValues | None = None) -> None:
        super().__init__(initial)
        self._backend = backend
        self._you = you

    def heading(self) -> Content:
        return Content("Your first customer")

    def subject(self) -> Content:
        """Return the number of the page."""
        return Content("2 of 2")

    def about(self) -> Content:
        """Return that the page is optional."""
        return Content("Optional: customers can be added at any time.")

    def fields(self) -> list[Field]:
        """Return the fields for the company and its contact."""
        initial = self.initial
        return [
            LineField(
                "organisation",
                "the customer's company",
                value=initial.get("organisation", ""),
                label="Customer",
            ),
            LineField("contact", "your contact there", value=initial.get("contact", "")),
            CheckedField(
                "contact_telephone",
                "the number they call from",
                self._backend.telephone_fault,
                value=initial.get("contact_telephone", ""),
                label="Telephone",
            ),
            FlagField(
                "super_user",
                "whether they are a super user, who may call the desk",
                value=initial.get("super_user", True),
            ),
        ]

    def fault(self, typed: FieldValues) -> str | None:
        """Create the desk; return why it cannot be created, or None."""
        if typed["contact"] and not typed["organisation"]:
            return f"Name the company of {typed['contact']}, or leave both fields empty."
        return self._backend.create(NewDesk(**{**self._you, **typed}))


class DonePage(SetupPage):
    """Says that the desk is ready, and which keys lead to the next steps."""

    submit_label: ClassVar[str] = "open the queue"

    def __init__(self, address: str, *, customer: bool) -> None:
        super().__init__()
        self._address = address
        self._customer = customer

    def heading(self) -> Content:
        return Content("Your desk is ready")

    def about(self) -> Content:
        """Return where the desk is stored."""
        return safe(f"It is stored in {self._address}; `supportdesk backup` makes a safe copy.")

    def body(self) -> ComposeResult:
        """Yield the next steps, each with its key."""
        steps = [
            ("desk.directory", "add your colleagues, under People"),
            ("desk.directory", "set who is on call, under Rota: until then nobody is paged"),
            ("desk.call", "take the first call"),
            ("desk.help", "show all keys"),
        ]
        if not self._customer:
            steps.insert(1, ("desk.directory", "add customers, under Customers and Contacts"))
        lines = [Content.assemble((f"{key_for(self, key)}  ", STRONG), does) for key, does in steps]
        yield Static(Content("\n").join(lines), classes="steps")

    def keys(self) -> Content:
        """Return the key hint; there is only one way on."""
        return key_hints((key_for(self, "form.go_on"), self.submit_label))

    def action_leave(self) -> None:
        """Go on: the desk is already created."""
        self.dismiss({})
