"""`supportdesk log`."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt, call

ACME = ("--organisation", "Acme Ltd", "--contact", "Jo Park")
CRITICAL = ("log", "--severity", "critical", "--channel", "hotline", "--summary", "All is down")
REQUEST = ("log", "--severity", "high", "--channel", "phone", "--summary", "Approval fails")


def test_it_prints_the_reference_how_it_is_spelled_and_what_is_promised(ann: Prompt) -> None:
    assert ann.done(*REQUEST, *ACME).splitlines() == [
        "CD-4C00-W",
        "Charlie Delta, four Charlie zero zero, Whiskey",
        "Response    on track, 3:00 left, due Tue 24 Nov 2026 12:42 GMT",
        "Resolution  on track, 24:00 left, due Thu 26 Nov 2026 13:42 GMT",
        "            Service is restored, or a fix is given, within 24 office hours.",
        "Say         We will respond by 12:42 today, and resolve it by 13:42 on Thursday (GMT).",
    ]


def test_a_critical_shows_who_to_ring_and_what_to_tell_the_caller(ann: Prompt) -> None:
    told = ann.done(*CRITICAL, *ACME).splitlines()
    assert "Now         Ring Priya Nair on +44 7700 900104: no pager is connected." in told
    assert "Say         We will respond by 10:42 today, and resolve it by 17:42 today (GMT)." in told


def test_a_critical_says_by_which_methods_the_person_is_paged(ann: Prompt, tmp_path: Path) -> None:
    config = tmp_path / "paging.toml"
    config.write_text('[watcher.methods.sms]\ncommand = ["send-sms"]\n')
    ann.done("staff", "change", "priya", "--address", "sms +44 7700 900104")
    asked = ("--config", str(config), "--db", ann.address, "--as", "ann", *CRITICAL, *ACME)
    told = call(*asked, clock=ann.clock).out.splitlines()
    instruction = "Priya Nair is paged by sms. If nobody acknowledges, ring +44 7700 900104."
    assert f"Now         {instruction}" in told


def test_its_json_shows_who_is_paged_and_what_to_tell_the_caller(ann: Prompt) -> None:
    logged = ann(*CRITICAL, *ACME, "--json").json
    assert logged["ring"] == {"username": "priya", "name": "Priya Nair", "telephone": "+44 7700 900104"}
    assert logged["say"].startswith("We will respond by 10:42 today")
    assert logged["advice"] is None


def test_a_critical_with_nobody_on_call_says_so_and_what_to_do(ann: Prompt) -> None:
    ann.done("staff", "change", "priya", "--gone", "--confirm")
    told = ann.done(*CRITICAL, *ACME)
    assert "Now         Nobody is on call; set the rota, and tell a supervisor now." in told
    assert ann(*CRITICAL, *ACME, "--json").json["ring"] == {
        "username": None,
        "name": None,
        "telephone": None,
    }


def test_a_request_by_the_wrong_channel_shows_what_the_policy_asks_to_say(ann: Prompt) -> None:
    asked = ("log", "--severity", "low", "--channel", "phone", *ACME, "--summary", "Logo blurred")
    advice = ann(*asked, "--json").json["advice"]
    assert advice.splitlines()[0] in ann.done(*asked)


def test_a_caller_who_is_told_to_ask_a_super_user_is_told_their_names(ann: Prompt) -> None:
    asked = ("log", "--severity", "medium", "--channel", "phone", "--summary", "Slow", "--new-contact")
    assert "Super users: Jo Park" in ann.done(*asked, "--organisation", "Acme Ltd", "--contact", "Pat Jones")
    assert "Super users:" not in ann.done(
        "log", "--severity", "low", "--channel", "phone", *ACME, "--summary", "S"
    )


def test_its_json_is_the_ticket_and_the_spelled_reference(ann: Prompt) -> None:
    logged = ann(*REQUEST, *ACME, "--json").json
    spelled = logged.pop("spelled")
    assert spelled == "Charlie Delta, four Charlie zero zero, Whiskey"
    assert (logged.pop("ring"), logged.pop("advice"), logged.pop("same_request")) == (None, None, None)
    assert logged.pop("say").startswith("We will respond by 12:42 today")
    assert [logged] == ann("queue", "--json").json


def test_names_and_keys_are_both_understood(ann: Prompt) -> None:
    ref = ann.log("High", channel="Telephone support")
    by_key = ann(
        "log", "--severity", "high", "--channel", "phone", "--organisation", "acme-ltd",
        "--contact", "jo.park@acme.example", "--summary", "Approval fails", "--json",
    ).json  # fmt: skip
    one, two = ann.ticket(ref), ann.ticket(by_key["ref"])
    assert one["customer"] == two["customer"]
    assert (one["severity"], one["channel"]) == (two["severity"], two["channel"])


def test_a_request_may_have_arrived_before_it_is_logged(ann: Prompt) -> None:
    ref = ann.log("high", "--received", "2026-11-24T08:12")
    assert ann.ticket(ref)["received_at"] == "2026-11-24T08:12:00Z"
    assert ann.ticket(ref)["response"]["due"] == "2026-11-24T11:12:00Z"


def test_one_that_has_not_arrived_yet_is_refused(ann: Prompt) -> None:
    tomorrow = (TUESDAY + timedelta(days=1)).isoformat()
    assert "arrived in the future" in ann.refused(*REQUEST, *ACME, "--received", tomorrow)


def test_the_description_comes_from_stdin_for_a_dash(ann: Prompt) -> None:
    ref = ann(*REQUEST, *ACME, "--description", "-", "--json", stdin="Line one\nline two\n").json["ref"]
    assert ann.ticket(ref)["description"] == "Line one\nline two"


def test_a_contact_whom_the_customer_does_not_have_yet_is_added_and_the_ticket_says_so(
    ann: Prompt,
) -> None:
    new = ("--organisation", "Acme Ltd", "--contact", "Kim New", "--contact-email", "kim@acme.example")
    ref = ann(*REQUEST, *new, "--json").json["ref"]
    ticket = ann.ticket(ref)
    assert ticket["contact"] == "Kim New"
    assert ticket["customer"]["registered"] is False
    assert ticket["customer"]["email"] == "kim@acme.example"
    assert "the contact is not registered" in ticket["out_of_policy_reasons"]
    assert "Kim New" in ann.done("contact", "list", "Acme Ltd")


def test_an_organisation_that_is_not_known_is_refused_with_the_nearest_names(ann: Prompt) -> None:
    told = ann.refused(*REQUEST, "--organisation", "Akme", "--contact", "Jo Park")
    assert 'no customer "Akme"' in told
    assert "Acme Ltd" in told
    assert "--new-organisation" in told
    assert ann("queue", "--json").json == []


def test_it_is_added_where_that_is_asked_for(ann: Prompt) -> None:
    ann.done(*REQUEST, "--organisation", "Akme", "--contact", "Al Be", "--new-organisation")
    [ticket] = ann("queue", "--json").json
    assert (ticket["organisation"], ticket["contact"]) == ("Akme", "Al Be")


def test_an_organisation_that_is_known_is_not_added_again(ann: Prompt) -> None:
    ref = ann.log("high", "--new-organisation")
    assert ann.ticket(ref)["customer"]["contact"] == "acme-ltd.jo-park"
    assert len(ann("organisation", "list", "--json").json) == 2


def test_a_name_is_not_taken_for_the_key_of_a_customer_of_another_name(ann: Prompt) -> None:
    ann.done("organisation", "add", "Łódź")
    told = ann.refused(*REQUEST, "--organisation", "Lodz", "--contact", "Ian Ro")
    assert 'no customer "Lodz"' in told
    assert "Closest: Łódź" in told
    asked = (*REQUEST, "--organisation", "Lodz", "--contact", "Ian Ro", "--new-organisation", "--json")
    assert ann(*asked).json["organisation"] == "Lodz"
    assert {"Łódź", "Lodz"} < {each["name"] for each in ann("organisation", "list", "--json").json}


def test_a_name_with_another_s_is_somebody_else(ann: Prompt) -> None:
    ann.done("contact", "add", "Anna Weiß", "--organisation", "Acme Ltd")
    asked = (*REQUEST, "--organisation", "Acme Ltd", "--contact", "Anna Weiss")
    assert "Closest: acme-ltd.anna-weiss (Anna Weiß)" in ann.refused(*asked)
    assert ann(*asked, "--new-contact", "--json").json["contact"] == "Anna Weiss"


def test_a_key_is_no_name_for_a_new_customer(ann: Prompt) -> None:
    told = ann.refused(*REQUEST, "--organisation", "acme-ltd", "--contact", "Jo Park", "--new-organisation")
    assert "acme-ltd is the key of Acme Ltd" in told
    assert len(ann("organisation", "list", "--json").json) == 2


def test_a_name_that_two_contacts_have_is_refused_with_their_keys(ann: Prompt) -> None:
    ann.done("contact", "add", "Jo Park", "--organisation", "Acme Ltd", "--key", "jo2", "--telephone", "4712")
    told = ann.refused(*REQUEST, *ACME)
    assert "more than one contact" in told
    assert "acme-ltd.jo-park (Jo Park, jo.park@acme.example, +44 20 7946 0018)" in told
    assert "jo2 (Jo Park, 4712)" in told


@pytest.mark.parametrize("typed", ["Jo", "park", "J. Park", "Jo Parc", "Jö Park", "Jo Park Miller", "jo par"])
def test_a_name_that_comes_near_a_contact_is_refused_with_the_nearest(ann: Prompt, typed: str) -> None:
    asked = (*REQUEST, "--organisation", "Acme Ltd", "--contact", typed)
    told = ann.refused(*asked)
    assert f'Acme Ltd has no contact "{typed}"' in told
    assert "acme-ltd.jo-park (Jo Park, jo.park@acme.example, +44 20 7946 0018)" in told
    assert "add a new contact with --new-contact" in told
    assert [each["name"] for each in ann("contact", "list", "Acme Ltd", "--json").json] == ["Jo Park"]
    ann.done(*asked, "--new-contact")
    assert {each["name"] for each in ann("contact", "list", "Acme Ltd", "--json").json} == {"Jo Park", typed}


def test_a_name_that_comes_near_nobody_is_added_and_a_known_one_not_again(ann: Prompt) -> None:
    ann.done(*REQUEST, "--organisation", "Acme Ltd", "--contact", "Kim Moss")
    ann.done(*REQUEST, *ACME)
    assert len(ann("contact", "list", "Acme Ltd", "--json").json) == 2


@pytest.mark.parametrize("typed", ["020 7946 0018", "tel:+44-20-7946-0018", "JO.PARK@acme.example"])
def test_a_contact_is_known_by_number_and_address(ann: Prompt, typed: str) -> None:
    asked = (*REQUEST, "--organisation", "Acme Ltd", "--contact", typed, "--json")
    assert ann.ticket(ann(*asked).json["ref"])["customer"]["contact"] == "acme-ltd.jo-park"


def test_a_contact_is_logged_for_only_by_the_very_name_or_as_a_new_one(ann: Prompt) -> None:
    for name in ("Jo", "Jó Park"):
        told = ann.refused(*REQUEST, "--organisation", "Acme Ltd", "--contact", name)
        assert f'has no contact "{name}". Closest: acme-ltd.jo-park (Jo Park' in told
        assert "--new-contact" in told
    ann.done(*REQUEST, *ACME, "--new-contact")
    ann.done(*REQUEST, "--organisation", "Acme Ltd", "--contact", "Jó Park", "--new-contact")
    known = {each["key"]: each["name"] for each in ann("contact", "list", "Acme Ltd", "--json").json}
    assert known["acme-ltd.jo-park-2"] == "Jo Park"
    assert known["acme-ltd.jo-park-3"] == "Jó Park"


@pytest.mark.parametrize("new", [(), ("--new-contact",)])
@pytest.mark.parametrize("typed", ["0161 496 0000", "tel:+44-161-496-0000", "kim@acme.example", "jane@@x"])
def test_a_number_or_address_that_nobody_has_becomes_no_name(
    ann: Prompt, typed: str, new: tuple[str, ...]
) -> None:
    told = ann.refused(*REQUEST, "--organisation", "Acme Ltd", "--contact", typed, *new)
    assert "--contact-telephone or --contact-email" in told
    assert len(ann("contact", "list", "Acme Ltd", "--json").json) == 1


def test_an_unknown_severity_or_channel_is_refused_with_those_that_there_are(ann: Prompt) -> None:
    one = ("--organisation", "Acme Ltd", "--contact", "Jo Park", "--summary", "x")
    assert "critical (Critical), high (High)" in ann.refused(
        "log", "--severity", "urgent", "--channel", "phone", *one
    )
    assert "hotline (Critical telephone)" in ann.refused(
        "log", "--severity", "high", "--channel", "fax", *one
    )


def test_a_request_without_a_summary_is_refused(ann: Prompt) -> None:
    assert "--summary" in ann.refused("log", "--severity", "high", "--channel", "phone", *ACME)
    assert "summary" in ann.refused(
        "log", "--severity", "high", "--channel", "phone", *ACME, "--summary", " "
    )


def test_a_request_by_the_wrong_channel_is_logged_and_flagged(ann: Prompt) -> None:
    told = ann.done("log", "--severity", "low", "--channel", "phone", *ACME, "--summary", "Logo blurred")
    assert "Out of policy: Low must come by support portal" in told


def test_the_same_request_of_the_same_caller_is_reported(ann: Prompt) -> None:
    first = ann.log("high", summary="Export stops half-way")
    again = ann.done(
        "log", "--severity", "high", "--channel", "phone", *ACME, "--summary", "export STOPS  half-way"
    )
    assert f"{first} is open, from the same caller with the same summary" in again
    assert ann(*REQUEST[:-1], "Export stops half-way", *ACME, "--json").json["same_request"] == first
    other = ann.done(
        "log", "--severity", "high", "--channel", "phone", *ACME, "--summary", "Labels print twice"
    )
    assert "says the same" not in other


def test_the_same_request_of_somebody_else_of_that_name_is_not_the_same(ann: Prompt) -> None:
    ann.log("high", summary="Export stops half-way")
    ann.done("contact", "add", "Jo Park", "--organisation", "Acme Ltd", "--another")
    other = (*REQUEST[:-1], "Export stops half-way", "--organisation", "Acme Ltd", "--contact")
    assert ann(*other, "acme-ltd.jo-park-2", "--json").json["same_request"] is None
    assert ann(*other, "acme-ltd.jo-park", "--json").json["same_request"] is not None
