"""Finds a Chromium for the browser tests, or installs one; says plainly what it could not do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPS = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)
# Without these a Chromium on a closed network keeps calling home, and root needs no sandbox.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def found() -> str | None:
    """Give the path of a Chromium: CHROMIUM, one on the PATH, or playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    if on_path:
        return on_path
    caches = (
        Path.home() / ".cache" / "ms-playwright",
        Path.home() / "Library/Caches/ms-playwright",
    )
    own = [path for cache in caches for path in cache.glob("chromium*/**/chrome")]
    return next((str(path) for path in (*APPS, *own) if path.exists()), None)


def main() -> int:
    """Make sure there is a Chromium; without one the browser tests fail, so stop here."""
    if found():
        return 0
    tried = []
    for command in _ways():
        print("No Chromium found; trying:", " ".join(command), flush=True)
        try:
            done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 -- our own words
        except OSError as error:
            tried.append(f"{' '.join(command)}: {error.strerror}")
            continue
        if done.returncode == 0 and found():
            return 0
        tried.append(f"{' '.join(command)}: exit status {done.returncode}")
    print("The browser tests need a Chromium, and none could be installed:", file=sys.stderr)
    print(*(f"  {line}" for line in tried), sep="\n", file=sys.stderr)
    print(
        "Install Chromium or Chrome, or name one: CHROMIUM=/path/to/chromium make test",
        file=sys.stderr,
    )
    return 1


def _ways() -> list[list[str]]:
    ways = []
    if shutil.which("apt-get"):
        asked = [] if os.geteuid() == 0 else ["sudo", "-n"]
        ways.append([*asked, "sh", "-c", "apt-get -qq update && apt-get -qq install -y chromium"])
    ways.append([sys.executable, "-m", "playwright", "install", "chromium"])
    return ways


if __name__ == "__main__":
    sys.exit(main())
