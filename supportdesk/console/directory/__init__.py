"""The directory: what the desk knows besides its tickets, to be looked up and edited."""
