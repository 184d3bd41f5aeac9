"""Adding and changing customers and their contacts."""

from tests.cli.prompt import Prompt


def test_a_customer_is_added_once_and_can_be_changed(ann: Prompt) -> None:
    ann.done("organisation", "add", "Globex Corporation", "--key", "globex")
    assert "already" in ann.refused("organisation", "add", "GLOBEX corporation")
    ann.done("organisation", "change", "globex", "--account-manager", "rosa", "--name", "Globex plc")
    changed = {"key": "globex", "name": "Globex plc", "account_manager": "rosa", "unwanted_mails": []}
    assert changed in ann("organisation", "list", "--json").json
    assert "Globex plc" in ann.done("organisation", "list")


def test_a_customer_that_is_not_known_is_refused_with_the_nearest(ann: Prompt) -> None:
    refusal = ann.refused("organisation", "change", "Akme", "--name", "x")
    assert "Acme Ltd" in refusal
    assert "supportdesk organisation add" in refusal
    assert 'no member of staff "eve"' in ann.refused("organisation", "add", "New", "--account-manager", "eve")


def test_a_customer_is_looked_up_without_accents_but_a_ticket_is_logged_only_for_the_one_that_is_named(
    ann: Prompt,
) -> None:
    ann.done("organisation", "add", "Łódź Øst", "--key", "lodz")
    assert ann("contact", "list", "lodz øst", "--json").json == []
    ann.done("organisation", "change", "LO\u0301dz ost", "--account-manager", "rosa")
    refusal = ann.refused(
        *("log", "--severity", "high", "--channel", "phone", "--organisation", "Lodz Ost"),
        *("--contact", "Kim", "--summary", "x"),
    )
    assert "Closest: Łódź Øst" in refusal


def test_a_contact_is_registered_and_one_added_with_a_request_can_be(ann: Prompt) -> None:
    ann.done("contact", "add", "Nils Berg", "--organisation", "Northwind Traders", "--super-user")
    [nils] = ann("contact", "list", "northwind traders", "--json").json
    assert (nils["name"], nils["super_user"], nils["registered"]) == ("Nils Berg", True, True)
    ann.done("log", "--severity", "high", "--channel", "phone", "--organisation", "Acme Ltd", "--contact", "Kim New",
             "--summary", "x")  # fmt: skip
    ann.done(
        "contact", "change", "Kim New", "--organisation", "Acme Ltd", "--registered", "--telephone", "4712"
    )
    kim = next(
        each for each in ann("contact", "list", "Acme Ltd", "--json").json if each["name"] == "Kim New"
    )
    assert (kim["registered"], kim["telephone"], kim["super_user"]) == (True, "4712", False)


def test_another_customer_or_contact_of_a_known_name_is_added_when_that_is_said(ann: Prompt) -> None:
    acme = ("--organisation", "Acme Ltd")
    assert "already a contact Jo Park (acme-ltd.jo-park)" in ann.refused("contact", "add", "Jó Park", *acme)
    ann.done("contact", "add", "Jó Park", *acme, "--another")
    ann.done("contact", "add", "鈴木", *acme)
    ann.done("contact", "add", "山田", *acme)
    ann.done("organisation", "add", "Ácme Ltd", "--another")
    known = {each["key"]: each["name"] for each in ann("contact", "list", "acme-ltd", "--json").json}
    assert known["acme-ltd.jo-park-2"] == "Jó Park"
    assert (known["acme-ltd.contact"], known["acme-ltd.contact-2"]) == ("鈴木", "山田")
    assert [each["key"] for each in ann("organisation", "list", "--json").json if "cme" in each["name"]] == [
        "acme-ltd",
        "acme-ltd-2",
    ]


def test_a_contact_needs_a_customer_and_is_not_registered_twice(ann: Prompt) -> None:
    assert 'no customer "Nowhere"' in ann.refused("contact", "add", "Nils", "--organisation", "Nowhere")
    assert "already" in ann.refused("contact", "add", "Jo Park", "--organisation", "Acme Ltd")
    refusal = ann.refused("contact", "change", "Nils", "--organisation", "Acme Ltd", "--super-user")
    assert 'Acme Ltd has no contact "Nils"' in refusal
    assert 'no customer "Nowhere"' in ann.refused("contact", "list", "Nowhere")


def test_contacts_and_customers_choose_the_mail_that_they_get(ann: Prompt) -> None:
    jo = ("Jo Park", "--organisation", "Acme Ltd")

    def unwanted(*command: str) -> list[str]:
        found = [
            each["unwanted_mails"]
            for each in ann(*command, "--json").json
            if each["key"].startswith("acme-ltd")
        ]
        return list(found[0])

    ann.done("contact", "change", *jo, "--mail", "reply, Closed")
    assert unwanted("contact", "list", "acme-ltd") == ["receipt", "waiting", "fix", "released", "resolved"]
    assert ann.done("contact", "list", "acme-ltd").splitlines()[1].endswith("  only reply, closed")
    ann.done("contact", "change", *jo, "--telephone", "4712")
    assert len(unwanted("contact", "list", "acme-ltd")) == 5, "what is not given stays"
    ann.done("contact", "change", *jo, "--mail", "all")
    assert unwanted("contact", "list", "acme-ltd") == []
    assert ann.done("contact", "list", "acme-ltd").splitlines()[0].endswith("  EMAIL")
    ann.done("organisation", "change", "Acme Ltd", "--mail", "none")
    assert len(unwanted("organisation", "list")) == 7
    [acme] = [each for each in ann.done("organisation", "list").splitlines() if "Acme Ltd" in each]
    assert acme.endswith("  none")
    assert '"post" is not all, none or one of receipt, reply' in ann.refused(
        "contact", "change", *jo, "--mail", "post"
    )
