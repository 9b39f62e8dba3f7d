"""From exercise files to Exercises: strict YAML, a derived schema, rules between fields, and words for each fault."""
