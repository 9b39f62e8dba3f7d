# tries: imports sympy and differentiates with it
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import sympy


def double(x, stage):
    t = sympy.Symbol("t")
    return float(sympy.diff(2 * t + sympy.sin(t) ** 2 + sympy.cos(t) ** 2, t).simplify()) * x
