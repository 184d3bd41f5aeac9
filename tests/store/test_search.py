"""What is offered for a few letters: what was meant, and rather nothing than somebody else."""

import pytest

from supportdesk.store.ranking import find_nearest_organisations
from supportdesk.tickets.documents import Organisation

pytestmark = pytest.mark.usefixtures("database_kind")

CUSTOMERS = [
    Organisation(name.casefold().replace(" ", "-"), name)
    for name in (
        *("Acme Limited", "Albion Paper", "Calder Textiles", "Lumen Lighting", "Northgate Foods"),
        *("Oakfield Timber", "Redcastle Breweries", "Tideway Ferries"),
    )
]


def first_for(text: str) -> str | None:
    """The name of the customer that is offered first."""
    found = find_nearest_organisations(text, CUSTOMERS, limit=8)
    return found[0].name if found else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cal", "Calder Textiles"),
        ("textiles", "Calder Textiles"),
        ("caldr textils", "Calder Textiles"),
        ("acme ltd", "Acme Limited"),
        ("akme", "Acme Limited"),
        ("tidway", "Tideway Ferries"),
        ("oak field timbers", "Oakfield Timber"),
    ],
)
def test_a_customer_is_offered_for_a_beginning_a_slip_or_another_spelling(typed: str, meant: str) -> None:
    assert first_for(typed) == meant


@pytest.mark.parametrize("typed", ["Zephyr Kites", "Old Mill Bakery", "Sparrow Lighting", "Smith & Sons"])
def test_a_new_customer_is_never_taken_for_one_that_is_known(typed: str) -> None:
    assert first_for(typed) is None
