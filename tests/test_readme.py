"""What the README says is so: commands, settings, and the file one starts from."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from bot import manifest, settings
from commands import catalog
from storage import facts
from storage.database import Database

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_word_of_every_command_stands_in_the_readme_and_no_other() -> None:
    said = re.findall(r"^\| `(/[^`]+)` \|", README, re.MULTILINE)

    assert said == [word.example for room in catalog.FEATURES for word in room.words]


def test_every_setting_stands_in_the_readme() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)

    assert told == [setting.name for setting in settings.SETTINGS]


def test_the_file_one_starts_from_can_be_loaded(database: Database) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)

    loaded = database.run(
        facts.load, tomllib.loads(example), "T0123456", datetime(2026, 11, 23, tzinfo=UTC)
    )

    assert (loaded.counts["briefings"], loaded.counts["people"], loaded.counts["digests"]) == (
        1,
        1,
        1,
    )


def test_nothing_is_left_to_be_filled_in() -> None:
    assert re.findall(r"\b(?:BENCH|TODO|TBD|XXX)\b", README) == []


def test_what_the_readme_links_to_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)

    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_the_procfile_runs_what_there_is() -> None:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()

    assert [line.split(":")[0] for line in lines] == ["release", "web", "worker"]
    assert manifest.NAME in README


def test_each_test_that_the_documents_name_is_there() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", path.read_text("utf-8")):
            there = (ROOT / file).read_text(encoding="utf-8")
            assert not name or f"def {name}(" in there, (path.name, file, name)
