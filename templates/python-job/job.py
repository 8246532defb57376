"""Looks how full the disk is, says what has changed since the last run, and ends. Replace it with what you need to be done."""

import json
import os
import shutil
import sys
from datetime import datetime, timezone
from pathlib import Path

DATA = Path(os.environ.get("GANTRY_DATA", "data"))
HISTORY = DATA / "history.jsonl"
KEEP = 1_000


def measure(folder: str) -> dict[str, object]:
    usage = shutil.disk_usage(folder)
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return {"at": now, "folder": folder, "used": usage.used, "free": usage.free}


def history() -> list[dict]:
    if not HISTORY.exists():
        return []
    return [json.loads(line) for line in HISTORY.read_text().splitlines()]


def remember(entries: list[dict]) -> None:
    """The whole file or nothing: a run that is cut short does no harm."""
    DATA.mkdir(parents=True, exist_ok=True)
    fresh = HISTORY.with_suffix(".new")
    fresh.write_text("".join(json.dumps(entry) + "\n" for entry in entries[-KEEP:]))
    fresh.replace(HISTORY)


def gigabytes(size: float) -> str:
    return f"{size / 2**30:,.2f} GiB"


def main() -> int:
    earlier = history()
    found = []
    for folder in os.environ.get("FOLDERS", "").split(":"):
        entry = measure(folder or "/")
        last = next((each for each in reversed(earlier) if each["folder"] == entry["folder"]), None)
        change = "first run" if last is None else f"{gigabytes(entry['used'] - last['used'])} more since {last['at']}"
        print(f"{entry['folder']}: {gigabytes(entry['used'])} used, {gigabytes(entry['free'])} free ({change})")
        found.append(entry)
    remember(earlier + found)
    print(f"run {len(earlier) // len(found) + 1} is done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
