"""What is shown when torchgrade itself is at fault: a report ready to be sent."""

from __future__ import annotations

PACKAGES = ("torchgrade", "torch", "numpy", "sympy", "mpmath", "click")


def bug_report(error: BaseException, arguments: list[str]) -> str:
    """Versions, the command and the traceback, as text to paste into an issue."""
    import platform
    import shlex
    import traceback

    lines = [
        "torchgrade: this is our fault, not yours; nothing was graded wrongly because of it.",
        "Please open an issue with everything below this line.",
        "",
        f"### {type(error).__name__} in `torchgrade {shlex.join(arguments)}`",
        "",
        *(f"- {name} {installed(name)}" for name in PACKAGES),
        f"- Python {platform.python_version()} on {platform.platform()}",
        "",
        "```",
        "".join(traceback.format_exception(error)).rstrip(),
        "```",
    ]
    return "\n".join(lines)


def installed(name: str) -> str:
    """The version of a package, without importing it."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "is not installed"
