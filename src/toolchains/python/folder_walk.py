"""Finds the Python files of a folder, bounded in every direction."""
import os

MAX_FILES = 400
MAX_TOTAL_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 20000
MAX_DEPTH = 4

SKIPPED_FOLDERS = {
    "node_modules", "__pycache__", "site-packages", "venv", "env", "virtualenv", "tests", "test", "testing",
    "migrations", "alembic", "docs", "doc", "dist", "build", "static", "media", "examples", "benchmarks",
}
KNOWN_FILES = ("main.py", "app.py", "server.py", "api.py", "asgi.py", "wsgi.py", "run.py", "manage.py", "__init__.py")


def walk(source):
    """Yields (relative path, size) of Python files, shallow ones first; (None, 0) at the end where there are too many entries."""
    left = MAX_ENTRIES
    folders = [("", 0)]
    while folders:
        folder, depth = folders.pop(0)
        files, below = set(KNOWN_FILES), []
        for name, is_folder in source.entries(folder):
            left -= 1
            if left < 0:
                below = []
                break
            if name.endswith(".py"):
                files.add(name)
            elif is_folder and depth < MAX_DEPTH and "." not in name and name.lower() not in SKIPPED_FOLDERS:
                if not source.is_file(os.path.join(folder, name, "pyvenv.cfg")):
                    below.append(name)
        for name in sorted(files):
            path = os.path.join(folder, name)
            size = source.size(path)
            if size is not None and not is_test(name):
                yield path, size
        if left < 0:
            yield None, 0
            return
        folders.extend((os.path.join(folder, name), depth + 1) for name in sorted(below))


def is_test(name):
    return name.startswith("test_") or name.endswith("_test.py") or name in ("conftest.py", "setup.py", "noxfile.py")
