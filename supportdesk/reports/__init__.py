"""What a supervisor answers for, as values: attainment, breaches, load, and what is to come."""
