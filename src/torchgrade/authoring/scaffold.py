"""First drafts: a student's file from an exercise, and an author's exercise from an id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from torchgrade.model.exercise import Exercise, Spec, Type
from torchgrade.model.said import joined, said, translated
from torchgrade.writers.statement import terminal

EXERCISE = """\
# yaml-language-server: $schema={up}schemas/exercise.schema.json
schema: 1
title: {title}
task: Return $2x$, elementwise. Autograd must be able to differentiate it.
entrypoint: {name}
parameters: {{x: [n]}}
reference:
  formula: 2*x
  function: |
    def {name}(x):
        return x + x
cases:
  - {{name: by hand, inputs: {{x: [1, -2, 3]}}, expected: [2, -4, 6]}}
  - {{draw: 8}}
  - {{edges: [one, strided]}}
checks:
  - value
  - gradient
mistakes:
  - id: squared
    formula: x**2
    says: You squared `x` where it should be doubled.
  - id: detached
    function: |
      def {name}(x):
          return 2 * x.detach()
    says: The result is cut off from `x`, so nothing can be differentiated.
    loses: [gradient]
hints:
  - What happens to every element?
  - Python writes $2x$ as `2 * x`.
"""

_TYPES: Mapping[Type, str] = {
    Type.SHAPE: said("shape"),
    Type.SYMBOL: said("symbol"),
    Type.EXPRESSION: said("expression"),
}


def starter(exercise: Exercise, language: str = "en") -> str:
    """The file a student fills in: the author's, else the signature with the task as its docstring."""
    if exercise.starter:
        return exercise.starter
    return "\n".join(["import torch", "", "", *_definition(exercise, language), ""])


def exercise_text(identifier: str) -> str:
    """A small complete exercise that validates and proves, to be changed into another."""
    name = identifier.rpartition("/")[2]
    return EXERCISE.format(
        up="../" * (identifier.count("/") + 1), title=name.replace("-", " ").capitalize(), name=name.replace("-", "_")
    )


def _definition(exercise: Exercise, language: str) -> Iterator[str]:
    docstring = [f"    {line}".rstrip() for line in _docstring(exercise, language)]
    if exercise.entrypoint[0].isupper():
        yield f"class {exercise.entrypoint}:"
        yield from docstring
        yield ""
        yield "    def __init__(self, *arguments):"
        yield "        raise NotImplementedError"
        return
    parameters = "*arguments" if exercise.call else ", ".join(exercise.parameters)
    yield f"def {exercise.entrypoint}({parameters}):"
    yield from docstring
    yield "    raise NotImplementedError"


def _docstring(exercise: Exercise, language: str) -> Iterator[str]:
    text = "\n".join(
        [exercise.title.to(language), "", terminal(exercise.task.to(language)), *_arguments(exercise, language)]
    )
    quoted = text.replace('"""', "'''")
    opening = 'r"""' if "\\" in quoted else '"""'
    yield from f"{opening}{quoted}\n".split("\n")[:-1]
    yield '"""'


def _arguments(exercise: Exercise, language: str) -> Iterator[str]:
    if exercise.parameters and not exercise.call:
        yield ""
        for name, spec in exercise.parameters.items():
            yield f"{name}: {translated(_kind(spec), language)}"


def _kind(spec: Spec) -> str:
    if spec.type not in (None, Type.TENSOR):
        return _TYPES.get(spec.type, str(spec.type)) if spec.type else ""
    dtype = joined("{first} or {last}", spec.dtype)
    if spec.shape is None:
        return said("{dtype} tensor", dtype=dtype) if dtype else said("tensor")
    shape = f"[{', '.join(spec.shape)}]"
    if dtype:
        return said("{dtype} tensor of shape {shape}", dtype=dtype, shape=shape)
    return said("tensor of shape {shape}", shape=shape)
