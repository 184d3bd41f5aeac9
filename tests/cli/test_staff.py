"""Adding and changing members of staff, and what each may do."""

from datetime import timedelta

from supportdesk.tickets.decide import list_rights
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt


def test_somebody_is_added_with_team_roles_and_rungs(ann: Prompt) -> None:
    details = (
        "--name",
        "Tom Ellis",
        "--team",
        "Development",
        "--role",
        "engineer",
        "--role",
        "account-manager",
    )
    ann.done("staff", "add", "tom", *details, "--rung", "Support Manager", "--email", "tom@desk.example")
    tom = next(each for each in ann("staff", "list", "--json").json if each["username"] == "tom")
    assert tom == {
        "username": "tom",
        "name": "Tom Ellis",
        "team": "development",
        "roles": ["engineer", "account manager"],
        "telephone": "",
        "email": "tom@desk.example",
        "rungs": ["support-manager"],
        "active": True,
        "addresses": [],
        "quiet_hours": None,
    }
    assert "Tom Ellis" in ann.done("staff", "list")


def test_somebody_is_not_added_twice_or_with_what_the_policy_does_not_have(ann: Prompt) -> None:
    assert "The member of staff sam already exists" in ann.refused(
        "staff", "add", "sam", "--name", "Sam", "--team", "user-support"
    )
    new = ("staff", "add", "tom", "--name", "Tom")
    assert 'no team "sales"' in ann.refused(*new, "--team", "sales")
    assert "not one of agent, engineer" in ann.refused(*new, "--team", "development", "--role", "king")
    assert 'no rung "king"' in ann.refused(*new, "--team", "development", "--rung", "king")
    assert "cannot be a key" in ann.refused("staff", "add", "t m", "--name", "T", "--team", "development")


def test_the_name_of_a_colleague_is_not_given_to_another_unless_that_is_said(ann: Prompt) -> None:
    new = ("staff", "add", "carl", "--name", "priya nair", "--team", "development")
    refusal = ann.refused(*new)
    assert "there is already a colleague named Priya Nair (priya)" in refusal
    assert "--another" in refusal
    assert "colleague named Priya Nair" in ann.refused("staff", "change", "sam", "--name", "Priya Nair")
    ann.done("staff", "change", "priya", "--name", "Priya Nair", "--telephone", "+44 7700 900105")
    ann.done(*new, "--another")


def test_only_an_administrator_enrols(ann: Prompt) -> None:
    refusal = ann.by("sam").refused("staff", "add", "tom", "--name", "Tom", "--team", "development")
    assert "only an administrator (ann)" in refusal


def test_what_is_not_given_stays_when_somebody_is_changed(ann: Prompt) -> None:
    ann.done("staff", "change", "Priya Nair", "--telephone", "+44 7700 900105")
    priya = next(each for each in ann("staff", "list", "--json").json if each["username"] == "priya")
    assert (priya["telephone"], priya["roles"], priya["team"]) == (
        "+44 7700 900105",
        ["engineer"],
        "technical-support",
    )
    assert 'no member of staff "tom"' in ann.refused("staff", "change", "tom", "--gone")


def test_rule_18_who_leaves_while_paged_is_replaced_and_the_operator_is_told_who_to_ring(ann: Prompt) -> None:
    ref = ann.log("critical", channel="hotline")
    ann.done("staff", "change", "maya", "--telephone", "+44 7700 900107")
    told = ann.at(TUESDAY + timedelta(minutes=5)).done("staff", "change", "Priya Nair", "--gone", "--confirm")
    assert f"Now         {ref}: Ring Maya Brandt on +44 7700 900107: no pager is connected." in told
    assert "Nobody is on call from now on, as Priya Nair has left; a page goes to Maya Brandt" in told
    sentences = [entry["sentence"] for entry in ann.ticket(ref)["timeline"]]
    assert "ended Priya Nair's page, as they have left" in sentences
    assert "acknowledged Priya Nair's page" not in sentences
    assert ann("verify").code == 0


def test_who_leaves_without_a_page_tells_nobody_to_ring(ann: Prompt) -> None:
    ann.log("critical", channel="hotline")
    assert "Now " not in ann.done("staff", "change", "sam", "--gone")


def test_the_last_address_of_somebody_whom_pages_should_reach_is_removed_only_when_confirmed(
    ann: Prompt,
) -> None:
    assert ann.refused("staff", "change", "priya", "--telephone", "") == (
        "Error: Priya Nair is on call from Tue 24 Nov 2026 09:42 GMT, and no page would reach them without an address;"
        " confirm it if no page needs to reach them: add --confirm\n"
    )
    ann.done("staff", "change", "priya", "--telephone", "", "--email", "priya@desk.example")
    ann.done("staff", "change", "maya", "--email", "maya@desk.example")
    refusal = ann.refused("staff", "change", "maya", "--email", "")
    assert "Maya Brandt is Support Manager on the ladder, and no page would reach them" in refusal
    ann.done("staff", "change", "maya", "--email", "", "--confirm")
    # Who has no address already, or is on no rota, is changed as before.
    ann.done("staff", "change", "maya", "--name", "Maya Brand")
    ann.done("staff", "change", "sam", "--email", "")


def test_who_has_gone_can_do_nothing_more_until_reactivated(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("staff", "change", "sam", "--gone")
    assert "sam is no longer on the staff" in ann.by("sam").refused("claim", ref)
    assert 'no member of staff "sam"' in ann.refused("assign", ref, "--owner", "sam")
    ann.done("staff", "change", "sam", "--active")
    ann.by("sam").done("claim", ref)


def test_who_is_not_on_the_staff_is_shown_how_to_get_there(ann: Prompt) -> None:
    ref = ann.log()
    refusal = ann.by("eve").refused("claim", ref)
    assert "eve is not on the staff" in refusal
    assert "supportdesk staff add eve" in refusal


def test_who_may_do_what_is_reported_for_every_command(ann: Prompt) -> None:
    told = ann.done("staff", "roles")
    assert len(told.splitlines()) == 1 + len(list(list_rights()))
    assert "an account manager or a supervisor (Maya Brandt, Rosa Lindt or ann)" in told
    moving = next(line for line in told.splitlines() if line.startswith("Lower a severity"))
    assert moving.endswith("a supervisor (Maya Brandt or ann)")
    assert next(
        line for line in told.splitlines() if line.startswith("Claim") or "you own it" in line
    ).endswith("everybody")


def test_the_addresses_at_which_pages_reach_somebody_are_set_in_order_and_removed(ann: Prompt) -> None:
    addresses = ("--address", "sms +44 7700 900123", "--address", "call +44 7700 900123 after 2 min")
    said = ann.done("staff", "change", "priya", *addresses, "--quiet", "22:00-07:00")
    assert "by sms +44 7700 900123; call +44 7700 900123 after 2 min, quiet 22:00-07:00." in said
    priya = next(each for each in ann("staff", "list", "--json").json if each["username"] == "priya")
    assert priya["addresses"] == [
        {"method": "sms", "target": "+44 7700 900123"},
        {"method": "call", "target": "+44 7700 900123", "delay": 120},
    ]
    assert priya["quiet_hours"] == {"start": "22:00:00", "end": "07:00:00"}
    ann.done("staff", "change", "priya", "--name", "Priya Nair-Lee")
    kept = next(each for each in ann("staff", "list", "--json").json if each["username"] == "priya")
    assert kept["addresses"] == priya["addresses"]
    said = ann.done(
        "staff", "change", "priya", "--address", "none", "--quiet", "none", "--email", "priya@desk.example"
    )
    assert "by mail priya@desk.example." in said
    assert "cannot be a method" in ann.refused("staff", "change", "priya", "--address", "+44 7700 900123")
    assert "are no quiet hours" in ann.refused("staff", "change", "priya", "--quiet", "nights")
    twice = ("--address", "sms 1", "--address", "sms 1")
    assert "given twice" in ann.refused("staff", "change", "priya", *twice)
