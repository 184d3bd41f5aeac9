"""The supervisors' board: its figures as drawings of letters, laid out for the room there is."""
