"""The sandboxed side: runs a submission, measures what it is asked to, and knows no answer.

The only rooms that import torch; they import `wire`, `model` and `errors` besides. Nobody imports them: a
worker is started as a process of its own (`python -I -m torchgrade.worker`), becomes a zygote (`zygote`) with torch
loaded, and forks a child (`child`) for each submission. Where there is no fork, each child is started so (`spawned`).
"""
