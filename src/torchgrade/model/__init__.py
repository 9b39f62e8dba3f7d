"""The nouns of torchgrade: frozen dataclasses, closed enums and the Protocols of every extension point.

Nothing here computes, reads or writes; every other room imports from here and nothing here imports them.
"""
