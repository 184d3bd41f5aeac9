"""What it takes to reach others: secrets, connections that end, and programs of the user. Knows nothing of the desk."""
