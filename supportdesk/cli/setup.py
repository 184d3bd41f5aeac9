"""The first start: creates the desk that the console's set-up wizard asks for."""

from __future__ import annotations

from supportdesk.cli import desk_address
from supportdesk.cli.context import CliContext, full_name
from supportdesk.console.setup.backend import NewDesk, SetupResult
from supportdesk.sla.formatting import sentence
from supportdesk.tickets import telephone
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Contact, Organisation, Person, Role
from supportdesk.tickets.record_keys import CONTACT, CUSTOMER, slug
from supportdesk.tickets.records.commands import InstallPolicy, SaveContact, SaveOrganisation, SavePerson


class LocalDeskSetup:
    """Implements the wizard's `SetupBackend` for a desk in the user's data folder."""

    def __init__(self, context: CliContext) -> None:
        from supportdesk.cli.default_policy import load_default_policy

        self._context = context
        self._policy = load_default_policy()

    @property
    def address(self) -> str:
        """The path of the desk, for display."""
        return desk_address.display(self._context.address)

    @property
    def name(self) -> str:
        """The operator's full name, from the operating system."""
        return full_name(self._context.username)

    @property
    def teams(self) -> tuple[tuple[str, str], ...]:
        """Keys and names of the built-in policy's teams, lines of support first."""
        ordered = sorted(self._policy.teams, key=lambda team: (team.line is None, team.line))
        return tuple((team.key, team.name) for team in ordered)

    def fault_of(self, path: str) -> str | None:
        """Return why a path cannot be opened as a desk, or None."""
        from supportdesk.desk import Desk
        from supportdesk.desk_api import DeskUnavailableError

        try:
            Desk.open(path).close()
        except DeskUnavailableError as error:
            return sentence(str(error))
        return None

    def telephone_fault(self, number: str) -> str | None:
        """Return why a text is not a telephone number in the policy's region, or None."""
        return telephone.find_fault(number, telephone.home_region(self._policy))

    def create(self, plan: NewDesk) -> str | None:
        """Create the desk with its first records in one transaction. Returns why it failed, or None."""
        from supportdesk.desk import Desk
        from supportdesk.desk_api import DeskUnavailableError
        from supportdesk.store.errors import AlreadyExistsError

        try:
            Desk.create_with_records(self._context.address, self._records(plan), self._context.clock)
        except (AlreadyExistsError, DeskUnavailableError) as error:
            return f"{error}."
        return None

    def _records(self, plan: NewDesk) -> list[Command]:
        roles = (Role.SUPERVISOR, Role.ADMINISTRATOR)
        you = Person(self._context.username, plan.name, plan.team, roles, plan.telephone)
        records: list[Command] = [InstallPolicy(self._policy), SavePerson(you)]
        if plan.organisation:
            company = Organisation(slug(plan.organisation, CUSTOMER), plan.organisation)
            records.append(SaveOrganisation(company))
            if plan.contact:
                key = f"{company.key}.{slug(plan.contact, CONTACT)}"
                expert = Contact(key, company.key, plan.contact, plan.super_user, plan.contact_telephone)
                records.append(SaveContact(expert))
        return records


def set_up(context: CliContext) -> SetupResult | None:
    """Run the set-up wizard. Returns the desk to open, or None where it was cancelled."""
    from supportdesk.console.setup.app import run

    return run(LocalDeskSetup(context), context.settings_files)
