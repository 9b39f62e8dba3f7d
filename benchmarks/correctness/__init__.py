"""`make bench-correctness`: the experiments at the top of NUMERICS, with torchgrade's judge beside what the field does."""
