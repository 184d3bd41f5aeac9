"""What is sent outside the desk: to which address of a person, when, how often, and what is held back. Pure."""
