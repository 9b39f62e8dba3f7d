"""Homework 3, Chen. Written in a hurry: some of it crashes."""

import torch


def matrix_and_vector():
    A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    b = torch.tensor([5.0, 6.0])
    print("A is", A)
    return A, b


def solve(A, b):
    n = A.shape[0]
    x = torch.zeros(n)
    for i in range(n + 1):
        x[i] = b[i] / A[i][i]
    return x


def matrix_matrix(A, B):
    return A.matmul(B.t)


def scalar_backward(a, b):
    Q = 3 * a**3 - b**2
    Q.backwards()


def quadratic(x):
    y = 2 * torch.dot(x, x)
    y.backward()
    return y


def cubic_minus_square(a, b, c):
    return 3 * a**3 - b**2 + c
