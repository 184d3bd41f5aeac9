"""Tests of `supportdesk.console.main`."""
