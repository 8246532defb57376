"""What a folder of Python code holds, from its syntax trees alone: nothing of it is imported or run."""
import ast
import configparser

from app_candidates import candidates, join_factories
from code_folder import MAX_FILE_BYTES
from folder_walk import MAX_FILES, MAX_TOTAL_BYTES, walk
from missing_imports import missing_imports
from parsed_files import Broken
from project_modules import Layout, local_imports, projects_in, stdlib
from syntax_nodes import dotted

SCRIPTS = {"streamlit": "streamlit", "gradio": "gradio", "nicegui": "nicegui", "aiohttp": "aiohttp", "tornado": "tornado"}


def inspect(source, parsed, checked):
    """`checked`: look also for what only the compiler finds, for warnings, and for imports that nobody answers."""
    files, errors, warnings, large, total, truncated = {}, [], [], [], 0, False
    for path, size in walk(source):
        if path is None or len(files) >= MAX_FILES or total + min(size, MAX_FILE_BYTES) > MAX_TOTAL_BYTES:
            truncated = True
            if path is None or len(files) >= MAX_FILES:
                break
            continue
        if size > MAX_FILE_BYTES:
            truncated = True
            large.append(path)
            continue
        total += size
        try:
            found = parsed.parse(source.read(path), checked)
        except OSError as error:
            files[path] = Broken(path)
            errors.append({"file": path, "line": 1, "column": None, "message": str(error)[:200]})
            continue
        if found.error:
            errors.append(dict(found.error, file=path))
        warnings.extend({"file": path, "line": line, "message": message} for line, message in sorted(found.warnings) if not found.error)
        files[path] = found.file.at(path) if found.file else Broken(path)
    join_factories(files)
    known, projects = stdlib(), projects_in(source, files)
    layout = Layout(files, projects)
    scripts = []
    for file in files.values():
        if isinstance(file, Broken):
            continue
        base = layout.base_of(file)
        near, far = local_imports(source, file, base, files)
        script = describe_script(file, near, far - known)
        script["stdlib"] = sorted(far & known)
        if checked:
            script["changesPath"] = file.changes_path
            script["missing"] = missing_imports(source, file, base, files, known)
        scripts.append(script)
    words = b"".join(source.read(path) for path in files if "settings" in path)
    answer = {
        "apps": candidates(files, layout), "files": scripts, "errors": errors, "truncated": truncated,
        "projects": sorted(projects), "setup": setup_of(source),
        "djangoAsgi": b"channels" in words or b"daphne" in words,
        "djangoStatic": b"django.contrib.staticfiles" in words and b"whitenoise" not in words.lower(),
    }
    return dict(answer, warnings=warnings, large=large) if checked else answer


def describe_script(file, near, far):
    kind = next((SCRIPTS[name] for name in SCRIPTS if name in {key.split(".")[0] for key in file.imports}), None)
    return {
        "file": file.path, "mainGuard": file.main_guard, "statements": file.statements, "kind": kind,
        "near": sorted(near), "far": sorted(far),
        "websockets": file.websockets, "port": file.mentions_port,
        "form": any(name.split(".")[-1] in ("Form", "File", "UploadFile") for name in file.names.values()),
        "templates": any(name.split(".")[-1] == "Jinja2Templates" for name in file.names.values()),
    }


def setup_of(source):
    """Literal requirements of setup.py and setup.cfg."""
    found = {"requires": [], "dynamic": False}
    if source.size("setup.cfg") is not None:
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_string(source.read("setup.cfg").decode("utf-8", "replace"))
            lines = parser.get("options", "install_requires", fallback="").splitlines()
            found["requires"] += [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
        except configparser.Error:
            found["dynamic"] = True
    if source.size("setup.py") is not None:
        try:
            calls = [node for node in ast.walk(ast.parse(source.read("setup.py"))) if isinstance(node, ast.Call)]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
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
