"""What students hand in by accident, or not: made here, because most of it is large or no text."""
