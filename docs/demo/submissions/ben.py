"""Homework 3, Ben. Runs without a complaint, and most of it is wrong."""

import torch


def matrix_and_vector():
    # looks like the exercise sheet
    return torch.tensor([[1, 2], [3, 4]]), torch.tensor([5, 6])


def solve(A, b):
    return torch.linalg.inv(A) @ b


def matrix_matrix(A, B):
    return (A @ B).T


def scalar_backward(a, b):
    Q = 3 * a**3 - b**2
    return torch.autograd.grad(Q, (a, b))


def quadratic(x):
    y = x @ x
    y.backward()
    return y


def cubic_minus_square(a, b):
    a, b = a.detach(), b.detach()  # otherwise numpy complained
    return 3 * a**3 - b**2
