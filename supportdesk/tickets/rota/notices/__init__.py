"""What people are told of the rota as time passes: gaps, their shifts, and a test page each month (rule 26). Pure."""
