"""Tests of `supportdesk.console.search`."""
