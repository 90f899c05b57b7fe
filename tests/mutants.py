"""How strong the tests are: small faults put into a module one by one, and which go unnoticed.

`python -m tests.mutants storage/policy.py` works on a copy and prints each fault that no test
noticed, then how many were. One process at a time; a module takes minutes.
"""

import ast
import contextlib
import copy
import enum
import importlib
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, takewhile
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests.unkillable import UNKILLABLE

ROOT = Path(__file__).parent.parent
COPIED = ("bot", "commands", "storage", "tests", "pyproject.toml", "docs", "README.md")
# What is quick among the tests of each module; what fails first stops the rest.
TESTS: dict[str, tuple[str, ...]] = {
    "storage/policy.py": ("tests/storage/test_access_matrix.py", "tests/storage/test_policy.py"),
    "storage/guard.py": ("tests/storage/test_guard.py",),
    "storage/rsvps.py": (
        "tests/storage/test_rsvps.py",
        "tests/storage/test_companies.py",
        "tests/storage/test_offers.py",
        "tests/storage/test_recording.py",
        "tests/storage/test_undoing.py",
        "tests/storage/test_questions.py",
        "tests/storage/test_changes.py",
        "tests/storage/test_approving.py",
    ),
    "storage/seating.py": (
        "tests/storage/test_rsvps.py",
        "tests/storage/test_offers.py",
        "tests/storage/test_capacity.py",
    ),
    "storage/capacity.py": ("tests/storage/test_capacity.py",),
    "storage/companies.py": ("tests/storage/test_companies.py",),
    "storage/offers.py": ("tests/storage/test_offers.py",),
    "storage/delegating.py": ("tests/storage/test_delegating.py",),
    "storage/series.py": ("tests/storage/test_series.py",),
    "storage/queues.py": (
        "tests/storage/test_queues.py",
        "tests/storage/test_rsvps.py",
        "tests/storage/test_forfeits.py",
        "tests/storage/test_companies.py",
    ),
    "storage/sight.py": ("tests/storage/test_forfeits.py",),
    "storage/forfeits.py": ("tests/storage/test_forfeits.py", "tests/storage/test_roles.py"),
    "storage/characters.py": ("tests/storage/test_characters.py",),
    "storage/corrections.py": ("tests/storage/test_corrections.py",),
    "storage/waiting.py": ("tests/storage/test_waiting.py",),
    "commands/words.py": ("tests/commands/test_words.py",),
}
SLOW = "postgresql or two_hundred or thirty_who or whoever_came_first"
_PAIRS: tuple[tuple[type[ast.AST], type[ast.AST]], ...] = (
    *((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot)),
    *((ast.In, ast.NotIn), (ast.And, ast.Or), (ast.Add, ast.Sub), (ast.Mult, ast.FloorDiv)),
    (ast.BitOr, ast.BitAnd),
)
OTHER = dict(_PAIRS) | {other: one for one, other in _PAIRS}
NAMES = {"and_": "or_", "or_": "and_", "any": "all", "all": "any", "max": "min", "min": "max"}


def faults(text: str, module: Any) -> Iterator[tuple[int, str]]:
    """Give *text*, which is that of *module*, with each small fault in turn, and in which line."""
    tree = ast.parse(text)
    types = {id(inner) for note in _annotations(tree) for inner in ast.walk(note)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) not in types:
            for other in _others(node, module):
                yield getattr(node, "lineno", 0), _written(text, number, other)


def _written(text: str, number: int, other: ast.AST) -> str:
    tree = ast.parse(text)
    old = next(islice(ast.walk(tree), number, None))
    return ast.unparse(ast.fix_missing_locations(_Put(old, other).visit(tree)))


def _annotations(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                yield getattr(node, name)


def _others(node: ast.AST, module: Any) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Return) and node.value is not None:
        yield _with(node, value=ast.Constant(None))
    elif isinstance(node, ast.Name | ast.Attribute):
        yield from _named(node, module)
    elif _is_removable(node):
        yield ast.Pass()
    else:
        yield from _turned(node)


def _turned(node: ast.AST) -> Iterator[ast.AST]:
    """Turn what stands between two things, and take «not» away."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in OTHER:
        yield _with(node, op=OTHER[type(node.op)]())
    elif isinstance(node, ast.Compare):
        for place, sign in enumerate(node.ops):
            signs = [*node.ops[:place], OTHER[type(sign)](), *node.ops[place + 1 :]]
            yield _with(node, ops=signs)


def _constants(value: Any) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)


def _named(node: ast.Name | ast.Attribute, module: Any) -> Iterator[ast.AST]:
    """Swap what goes by a name: a function for its opposite, a choice for the next one."""
    name = node.id if isinstance(node, ast.Name) else node.attr
    if name in NAMES:
        yield _with(node, **{"id" if isinstance(node, ast.Name) else "attr": NAMES[name]})
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        choices = getattr(module, node.value.id, None)
        if isinstance(choices, enum.EnumMeta) and name in choices.__members__:
            members = list(choices.__members__)
            yield _with(node, attr=members[(members.index(name) + 1) % len(members)])


def _is_removable(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        aims = [inner for target in node.targets for inner in ast.walk(target)]
        return any(isinstance(aim, ast.Attribute | ast.Subscript) for aim in aims)
    return isinstance(node, ast.Raise | ast.AugAssign | ast.Continue | ast.Break)


def _with(node: ast.AST, **values: Any) -> ast.AST:
    other = copy.copy(node)
    for name, value in values.items():
        setattr(other, name, value)
    return other


class _Put(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        """Give what stands in *node*'s place."""
        if node is self.old:
            return self.new
        return self.generic_visit(node)


def survivors(subject: str) -> tuple[list[str], int]:
    """Give the faults in *subject* that no test noticed, and how many faults there were."""
    text = (ROOT / subject).read_text(encoding="utf-8")
    module = importlib.import_module(subject.removesuffix(".py").replace("/", "."))
    plain = ast.unparse(ast.parse(text))
    kept: list[str] = []
    equal, used, total = UNKILLABLE.get(subject, {}), set[str](), 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        place = Path(folder)
        for name in COPIED:
            copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copied(ROOT / name, place / name)
        started = time.monotonic()
        if not _passes(place, subject, 600):
            raise SystemExit(f"The tests of {subject} fail without any fault in it.")
        patience = int(2 * (time.monotonic() - started)) + 10
        for line, mutated in faults(text, module):
            if mutated == plain:
                continue
            told = _told(plain, mutated)
            if told in equal:
                used.add(told)
                continue
            total += 1
            (place / subject).write_text(mutated, encoding="utf-8")
            if _passes(place, subject, patience):
                kept.append(told)
                print(f"{line}: {told}", flush=True)  # noqa: T201
    if set(equal) - used:
        raise SystemExit(f"Of {subject} these are no faults any more: {set(equal) - used}")
    return kept, total


def _told(plain: str, mutated: str) -> str:
    """Say what differs, behind what stands before it: "if audience is [None -> not None]"."""
    before, after = ([*re.findall(r"\w+|\W", text)] for text in (plain, mutated))
    start = _shared(before, after)
    end = _shared(before[: start - 1 : -1], after[: start - 1 : -1])
    was, became = ("".join(text[start : len(text) - end]) for text in (before, after))
    return f"{' '.join(''.join(before[:start]).split())[-40:]}[{was} -> {became}]"


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _passes(place: Path, subject: str, patience: int) -> bool:
    """Run the tests of *subject* in a process of their own, which has all of ours loaded."""
    for stale in (place / subject).parent.glob(f"__pycache__/{Path(subject).stem}.*"):
        stale.unlink()
    child = os.fork()
    if not child:
        _run(place, subject)
    return _waited(child, patience) == 0


def _waited(child: int, patience: int) -> int:
    def give_up(_number: int, _frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(patience)
    try:
        return os.waitpid(child, 0)[1]
    finally:
        signal.alarm(0)


def _run(place: Path, subject: str) -> None:
    os.chdir(place)
    ours = ("bot", "commands", "storage", "tests")
    for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
        del sys.modules[name]
    sys.path[:] = [str(place), *(path for path in sys.path if path not in {"", str(ROOT)})]
    settings.register_profile(
        "mutants", deadline=None, database=None, phases=(Phase.explicit, Phase.generate)
    )
    code = 1
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        with contextlib.suppress(BaseException):
            given = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--assert=plain"]
            chosen = ["-k", f"not ({SLOW})", "--hypothesis-profile=mutants", *TESTS[subject]]
            code = int(pytest.main([*given, *chosen]))
    os._exit(code)


def main(subjects: list[str], say: Callable[[str], Any]) -> int:
    """Try each of *subjects*, or all there are; 1 where fewer than nine in ten are noticed."""
    importlib.import_module("tests.conftest")  # so that each process has it
    weak = False
    for subject in subjects or TESTS:
        kept, total = survivors(subject)
        noticed = total - len(kept)
        say(f"{subject}: {noticed} of {total} noticed ({100 * noticed / total:.1f} %)")
        weak |= noticed < 0.9 * total
    return int(weak)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], print))
