"""Numbers on the trusted side: tensors as numpy arrays, what difference is allowed, which values are equal."""
