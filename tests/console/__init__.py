"""Tests of `supportdesk.console`."""
