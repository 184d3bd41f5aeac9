"""Tests of `supportdesk.intake.mail`."""
