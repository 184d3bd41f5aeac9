"""Tests of `supportdesk.console.setup`."""
