"""Tells what a folder of Python code holds, from its syntax trees alone: nothing of it is imported or run.

Run as `python3 -I -S -B inspect_app.py <folder>`; prints one JSON document. Works with Python 3.7 and later.
"""
import ast
import configparser
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from app_candidates import candidates, join_factories  # noqa: E402
from folder_walk import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, read, regular_size, walk  # noqa: E402
from project_modules import base_of, local_imports, projects_in, stdlib  # noqa: E402
from source_file import File  # noqa: E402
from syntax_nodes import dotted  # noqa: E402

SCRIPTS = {"streamlit": "streamlit", "gradio": "gradio", "nicegui": "nicegui", "aiohttp": "aiohttp", "tornado": "tornado"}


def setup_of(root):
    """Literal requirements of setup.py and setup.cfg."""
    found = {"requires": [], "dynamic": False}
    if regular_size(root, "setup.cfg") is not None:
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_string(read(root, "setup.cfg").decode("utf-8", "replace"))
            lines = parser.get("options", "install_requires", fallback="").splitlines()
            found["requires"] += [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
        except configparser.Error:
            found["dynamic"] = True
    if regular_size(root, "setup.py") is not None:
        try:
            calls = [node for node in ast.walk(ast.parse(read(root, "setup.py"))) if isinstance(node, ast.Call)]
        except (SyntaxError, ValueError):
            calls = []
        for call in calls:
            if (dotted(call.func) or "").split(".")[-1] == "setup":
                for word in call.keywords:
                    if word.arg == "install_requires":
                        try:
                            found["requires"] += [str(item) for item in ast.literal_eval(word.value)]
                        except (ValueError, TypeError):
                            found["dynamic"] = True
    return found


def describe_script(file, near, far):
    kind = next((SCRIPTS[name] for name in SCRIPTS if name in {key.split(".")[0] for key in file.imports}), None)
    return {
        "file": file.path, "mainGuard": file.main_guard, "statements": file.statements, "kind": kind,
        "near": sorted(near), "far": sorted(far),
        "websockets": file.websockets, "port": file.mentions_port,
        "form": any(name.split(".")[-1] in ("Form", "File", "UploadFile") for name in file.names.values()),
        "templates": any(name.split(".")[-1] == "Jinja2Templates" for name in file.names.values()),
    }


def main():
    root = os.path.abspath(sys.argv[1])
    sys.setrecursionlimit(5000)
    files, errors, total, truncated = {}, [], 0, False
    for path, size in walk(root):
        if path is None or len(files) >= MAX_FILES or total + min(size, MAX_FILE_BYTES) > MAX_TOTAL_BYTES:
            truncated = True
            if path is None or len(files) >= MAX_FILES:
                break
            continue
        if size > MAX_FILE_BYTES:
            truncated = True
            continue
        total += size
        try:
            files[path] = File(path, ast.parse(read(root, path), path))
        except SyntaxError as error:
            errors.append({"file": path, "line": error.lineno or 1, "message": error.msg or "invalid syntax"})
        except (ValueError, RecursionError, MemoryError, OSError) as error:
            errors.append({"file": path, "line": 1, "message": str(error)[:200]})
    join_factories(files)
    known, projects = stdlib(), projects_in(root, files)
    scripts = []
    for file in files.values():
        near, far = local_imports(root, file, base_of(file, files, projects), files)
        script = describe_script(file, near, far - known)
        script["stdlib"] = sorted(far & known)
        scripts.append(script)
    settings = [path for path, file in files.items() if "settings" in path]
    words = b"".join(read(root, path) for path in settings)
    asgi = b"channels" in words or b"daphne" in words
    static = b"django.contrib.staticfiles" in words and b"whitenoise" not in words.lower()
    print(json.dumps({
        "apps": candidates(files, projects), "files": scripts, "errors": errors, "truncated": truncated,
        "projects": sorted(projects), "setup": setup_of(root), "djangoAsgi": asgi, "djangoStatic": static,
    }))


main()
