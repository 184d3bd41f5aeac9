"""Tests of `supportdesk.cli`."""
