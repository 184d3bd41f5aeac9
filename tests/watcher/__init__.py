"""Tests of what happens as time passes."""
