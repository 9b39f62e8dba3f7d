"""The formula language: one parser, one small tree, and its readings: exact numbers, float64, sympy, torch, text.

    text ── parse ──► tree ──┬── scope, shapes       what can be said without computing
                             ├── evaluate            50 digits; approximate: float64
                             ├── symbolic            closed forms, with sympy
                             ├── source              torch, as an engineer would write it
                             └── display             the normal form, LaTeX

Nothing that an author or a student wrote is ever run by Python here.
"""
