"""The directory: people, customers, contacts, releases, articles and the rota, searched and edited."""
