"""Who is on call, and the pages that are open."""
