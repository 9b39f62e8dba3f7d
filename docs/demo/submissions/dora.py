"""Homework 3, Dora. One loop never ends; the rest must be graded all the same."""

import torch


def matrix_and_vector():
    return torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([5.0, 6.0])


def solve(A, b):
    # Richardson iteration until it converges
    x = torch.zeros_like(b)
    while True:
        r = b - A @ x
        if r.norm() == 0:
            return x
        x = x + 0.01 * r


def matrix_matrix(A, B):
    return A @ B


def scalar_backward(a, b):
    (3 * a**3 - b**2).backward()


def quadratic(x):
    y = 2 * (x**2).sum()
    y.backward(retain_graph=True)
    y.backward()
    return y


def cubic_minus_square(a, b):
    return 3 * a**3 - b**2
