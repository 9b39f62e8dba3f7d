"""Case tensors: given ones from literals, drawn ones from a seed, boundary ones from a word."""
