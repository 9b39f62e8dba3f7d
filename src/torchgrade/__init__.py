"""torchgrade grades PyTorch exercises: values, gradients, Jacobians and Hessians against exact references."""

__version__ = "0.1.0"
