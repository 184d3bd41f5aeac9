"""Figures for supervisors, as values: attainment, breaches, load, and upcoming breaches."""
