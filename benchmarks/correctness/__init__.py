"""`make bench-correctness`: the experiments at the top of NUMERICS; torchgrade's judge beside the field's tools."""
