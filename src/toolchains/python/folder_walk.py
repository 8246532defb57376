"""Finds the Python files of a folder, bounded in every direction; never opens FIFOs, devices and links that lead out."""
import os
import stat

MAX_FILES = 400
MAX_FILE_BYTES = 512 * 1024
MAX_TOTAL_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 20000
MAX_DEPTH = 4

SKIPPED_FOLDERS = {
    "node_modules", "__pycache__", "site-packages", "venv", "env", "virtualenv", "tests", "test", "testing",
    "migrations", "alembic", "docs", "doc", "dist", "build", "static", "media", "examples", "benchmarks",
}
KNOWN_FILES = ("main.py", "app.py", "server.py", "api.py", "asgi.py", "wsgi.py", "run.py", "manage.py", "__init__.py")


def walk(root):
    """Yields (relative path, size) of Python files, shallow ones first; bounded in every direction."""
    seen = set()
    left = MAX_ENTRIES
    folders = [("", 0)]
    while folders:
        folder, depth = folders.pop(0)
        files, below = set(), []
        for name in KNOWN_FILES:
            files.add(name)
        try:
            scan = os.scandir(os.path.join(root, folder))
        except OSError:
            continue
        with scan:
            for entry in scan:
                left -= 1
                if left < 0:
                    below = []
                    break
                name = entry.name
                try:
                    if name.endswith(".py"):
                        files.add(name)
                    elif depth < MAX_DEPTH and "." not in name and name.lower() not in SKIPPED_FOLDERS:
                        if entry.is_dir(follow_symlinks=False) and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
                            below.append(name)
                except OSError:
                    continue
        for name in sorted(files):
            path = os.path.join(folder, name)
            size = regular_size(root, path)
            if size is not None and path not in seen and not is_test(name):
                seen.add(path)
                yield path, size
        if left < 0:
            yield None, 0
            return
        folders.extend((os.path.join(folder, name), depth + 1) for name in sorted(below))


def is_test(name):
    return name.startswith("test_") or name.endswith("_test.py") or name in ("conftest.py", "setup.py", "noxfile.py")


def regular_size(root, path):
    """The size of a regular file that lies within the folder, else None. Never opens FIFOs and devices."""
    full = os.path.join(root, path)
    try:
        found = os.lstat(full)
        if stat.S_ISLNK(found.st_mode):
            if not os.path.realpath(full).startswith(os.path.realpath(root) + os.sep):
                return None
            found = os.stat(full)
    except (OSError, ValueError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def read(root, path):
    with open(os.path.join(root, path), "rb") as file:
        return file.read(MAX_FILE_BYTES)
