"""Homework 3, Ada. Everything is right."""

import torch


def matrix_and_vector():
    return torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([5.0, 6.0])


def solve(A, b):
    return torch.linalg.solve(A, b)


def matrix_matrix(A, B):
    return torch.einsum("ik,kj->ij", A, B)


def scalar_backward(a, b):
    Q = 3 * a**3 - b**2
    Q.backward()


def quadratic(x):
    y = 2 * x.dot(x)
    y.backward()
    return y


def cubic_minus_square(a, b):
    return 3 * a.pow(3) - b.square()
