"""Homework 2, Maya. Each answer is wrong in a way that the page should show at a glance."""

import torch


def solve(A, b):
    L = torch.linalg.cholesky(A)
    return torch.cholesky_solve(b.unsqueeze(1), L).squeeze(1)


def matrix_and_vector():
    return torch.tensor([[1.0, 2.0], [3.0, 4.5]]), torch.tensor([5.0, 6.0])


def cubic_minus_square(a, b):
    squared = b * b.detach()
    return 3 * a**3 - squared
