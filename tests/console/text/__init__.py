"""Tests of `supportdesk.console.text`."""
