"""Tests of `supportdesk.intake`."""
