"""What a mail to a customer is made of."""

from supportdesk.watcher.customer_mail.content import MailContent

STAFF_ONLY = ("note", "owner", "team", "workaround", "events", "escalation")


def test_a_mail_has_no_place_for_what_staff_write_for_each_other() -> None:
    assert not [name for name in MailContent.__struct_fields__ if any(each in name for each in STAFF_ONLY)]
