"""What authors need: first drafts, the proof that an exercise tells right from wrong, and bundles for students."""
