# tries: imports modules of the standard library that nobody has imported yet, some of them compiled
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
def double(x, stage):
    import colorsys
    import sqlite3
    import statistics
    import wave

    return statistics.mean((1, 3)) * x
