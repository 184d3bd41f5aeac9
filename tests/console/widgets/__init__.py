"""Tests of `supportdesk.console.widgets`."""
