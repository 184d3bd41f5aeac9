"""Tests of `supportdesk.console.preferences`."""
