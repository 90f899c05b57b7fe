"""What no linter can see: that the house is as its plan says, and that nothing was forgotten."""

import ast
import asyncio
import importlib
import inspect
import pkgutil
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import alembic.autogenerate
import alembic.migration
import pytest
import sqlalchemy as sa

import commands
from bot import manifest, settings
from bot.digests import KINDS, TRACELESS
from commands import cards, catalog
from commands.routes import LENT, Handler, Routes
from storage.models import InWorkspace, Marked, Row
from storage.models.installations import OAuthState
from storage.models.people import Workspace

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    path
    for house in ("bot", "commands", "storage")
    for path in (ROOT / house).rglob("*.py")
    if "versions" not in path.parts
)
FORBIDDEN = {"utils", "helpers", "common", "misc", "base", "manager"}
LIMIT = 300
FAMILIES = "apps|auth|bookmarks|chat|conversations|files|pins|reactions|team|usergroups|users|views"


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short_and_opens_with_one_sentence(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text)) or ""

    assert len(text.splitlines()) <= LIMIT
    assert docstring.split("\n\n")[0].rstrip().endswith(".")
    assert path.stem not in FORBIDDEN


def test_the_example_environment_names_every_setting_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]

    assert named == [setting.name for setting in settings.SETTINGS]


def test_only_settings_reads_the_environment() -> None:
    readers = {name_of(p) for p in MODULES if "environ" in p.read_text(encoding="utf-8")}

    assert readers == {"bot/settings.py"}


def rooms() -> dict[str, Routes]:
    found = {}
    for module in pkgutil.iter_modules(commands.__path__):
        if module.ispkg:
            found[module.name] = importlib.import_module(f"commands.{module.name}").ROUTES
    return found


def test_every_room_is_in_the_table_of_contents() -> None:
    assert {id(room) for room in rooms().values()} == {id(room) for room in catalog.FEATURES}
    assert all(room.room == name for name, room in rooms().items())


@pytest.mark.parametrize("kind", ["buttons", "forms", "events"])
def test_nothing_is_claimed_by_two_rooms(kind: str) -> None:
    claimed = Counter(key for room in catalog.FEATURES for key in getattr(room, kind))

    assert [key for key, times in claimed.items() if times > 1] == []


def test_ids_begin_with_their_room() -> None:
    strange = [
        key
        for room in catalog.FEATURES
        for key in (*room.buttons, *room.forms)
        if not re.fullmatch(rf"{room.room}\.[a-z_]+", key)
    ]

    assert strange == []


def test_every_room_with_a_command_explains_each_word_by_an_example() -> None:
    for room in catalog.FEATURES:
        for word in room.words:
            assert word.example.startswith(f"{room.command} {word.word}")
            assert word.sentence
            assert not word.sentence.endswith(".")


def handlers() -> list[Handler]:
    return [handler for room in catalog.FEATURES for handler in room.handlers()]


@pytest.mark.parametrize("handler", handlers(), ids=lambda h: f"{h.__module__}.{h.__name__}")
def test_a_handler_asks_only_for_what_is_lent(handler: Handler) -> None:
    assert asyncio.iscoroutinefunction(handler)
    assert set(inspect.signature(handler).parameters) <= set(LENT)


def test_views_hold_no_coroutine_and_no_query() -> None:
    views = [importlib.import_module(_dotted(p)) for p in MODULES if p.name == "views.py"]

    assert [m.__name__ for m in views if _coroutines(m)] == []


def test_every_action_drawn_by_a_card_is_somebodys() -> None:
    drawn = {*cards.ANSWERS, *cards.SHOWN_BY.values()}

    assert drawn <= set(catalog.BUTTONS)


def test_every_button_constant_of_a_view_is_routed() -> None:
    for name, room in rooms().items():
        views = ROOT / "commands" / name / "views.py"
        if views.exists():
            drawn = set(re.findall(rf'= "({name}\.[a-z_]+)"', views.read_text(encoding="utf-8")))
            assert drawn <= {*room.buttons, *room.forms}


def test_models_and_migrations_agree(sqlite_template: Path) -> None:
    with sa.create_engine(f"sqlite:///{sqlite_template}").connect() as connection:
        context = alembic.migration.MigrationContext.configure(connection)
        differences = alembic.autogenerate.compare_metadata(context, Row.metadata)

    assert differences == []


def test_every_table_carries_its_workspace() -> None:
    mapped = {mapper.class_ for mapper in Row.registry.mappers}

    # A workspace is what rows belong to; an installation begun has no workspace yet.
    assert {c for c in mapped if not issubclass(c, InWorkspace)} == {Workspace, OAuthState}


def test_what_people_may_be_kept_from_carries_its_marks() -> None:
    titled = {
        str(mapper.local_table)
        for mapper in Row.registry.mappers
        if issubclass(mapper.class_, Marked)
    }

    assert titled == {
        "action_items",
        "briefings",
        "initiatives",
        "resources",
        "subscriptions",
        "working_groups",
    }


def test_every_relationship_refuses_to_load_by_itself() -> None:
    lazy = [
        f"{mapper.class_.__name__}.{relation.key}"
        for mapper in Row.registry.mappers
        for relation in mapper.relationships
        if relation.lazy != "raise"
    ]

    assert lazy == []


def called_methods() -> set[str]:
    called: set[str] = set()
    for path in MODULES:
        if "workspace" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        called |= {
            m.replace("_", ".", 1)
            for m in re.findall(rf"client\.((?:{FAMILIES})_[a-zA-Z]+)\(", text)
        }
    return called


def test_every_slack_method_called_has_its_scope_in_the_manifest() -> None:
    asked = manifest.manifest()["oauth_config"]["scopes"]
    granted = {*asked["bot"], *asked["bot_optional"]}

    assert called_methods() <= set(manifest.METHODS)
    assert {scope for scope in manifest.METHODS.values() if scope} <= granted


def test_only_the_sender_posts() -> None:
    posting = {
        name_of(path)
        for path in MODULES
        if "workspace" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (node.attr.startswith(("chat_", "files_")) or node.attr in {"api_call", "say"})
    }

    named = {name_of(path) for path in MODULES if '"chat.postMessage"' in path.read_text("utf-8")}
    outside = {name for name in named if not name.startswith("bot/workspace/")}
    assert outside == {"bot/manifest.py", "bot/posting.py"}
    # Before a workspace has a token, api_call fetches it.
    assert posting == {"bot/posting.py", "bot/oauth.py"}
    oauth = Path("bot/oauth.py").read_text(encoding="utf-8")
    assert re.findall(r"\.(?:api_call|chat_\w+|files_\w+|say)\(\s*(\S+)", oauth) == [
        '"oauth.v2.access",'
    ]


def test_no_client_retries_and_no_job_is_kept_but_in_our_own_tables() -> None:
    clients, kept = [], []
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        kept += [name_of(path) for word in ("jobstores", "SQLAlchemyJobStore") if word in text]
        kept += [name_of(path) for word in ("RetryHandler", "handlers.append(") if word in text]
        clients += [
            (name_of(path), {word.arg: ast.unparse(word.value) for word in node.keywords})
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("WebClient")
        ]

    # After a lost answer, a client that calls again by itself says the same twice.
    assert {name for name, _ in clients} == {"bot/running.py"}
    assert all(given["retry_handlers"] == "[]" for _, given in clients)
    assert kept == []


def test_no_text_is_a_template() -> None:
    # A text that people wrote could then reach into what is filled in; f-strings cannot be told to.
    filled = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _is_template(node)
    }

    assert filled == set()


def test_every_kind_of_delivery_owed_has_its_message() -> None:
    owed: set[str] = set()
    for path in (ROOT / "storage").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        owed |= set(re.findall(r'(?:kind=|tell\([^)]*, )"([a-z_]+)"', text))

    assert owed <= set(KINDS)


def test_every_message_with_files_is_known_to_carry_no_key() -> None:
    with_files = {
        kind
        for kind, compose in KINDS.items()
        if "files=" in Path(str(sys.modules[compose.__module__].__file__)).read_text("utf-8")
    }

    assert with_files == TRACELESS


def _is_template(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in {"format", "format_map", "vformat", "safe_substitute", "Template"}
    if isinstance(node, ast.ImportFrom):
        return node.module == "string" and any(
            n.name in {"Template", "Formatter"} for n in node.names
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return isinstance(node.left, ast.JoinedStr) or _is_text(node.left)
    return False


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _coroutines(module: ModuleType) -> list[str]:
    return [name for name, f in vars(module).items() if asyncio.iscoroutinefunction(f)]
