"""Right and wrong answers: each module is handed in as it stands, and called here for what the field says of it."""
