"""Tells what a folder of Python code holds, from its syntax trees alone: nothing of it is imported or run.

Run as `python3 -I -S -B inspect_app.py <folder>`; prints one JSON document. Works with Python 3.7 and later.
"""
import ast
import configparser
import json
import os
import stat
import sys
import sysconfig

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

# Full name of a class or function → (interface, framework).
APPS = {
    "fastapi.FastAPI": ("asgi", "fastapi"),
    "fastapi.applications.FastAPI": ("asgi", "fastapi"),
    "starlette.applications.Starlette": ("asgi", "starlette"),
    "litestar.Litestar": ("asgi", "litestar"),
    "litestar.app.Litestar": ("asgi", "litestar"),
    "starlite.Starlite": ("asgi", "starlite"),
    "quart.Quart": ("asgi", "quart"),
    "sanic.Sanic": ("asgi", "sanic"),
    "blacksheep.Application": ("asgi", "blacksheep"),
    "falcon.asgi.App": ("asgi", "falcon"),
    "socketio.ASGIApp": ("asgi", "socketio"),
    "channels.routing.ProtocolTypeRouter": ("asgi", "django"),
    "django.core.asgi.get_asgi_application": ("asgi", "django"),
    "flask.Flask": ("wsgi", "flask"),
    "flask.app.Flask": ("wsgi", "flask"),
    "apiflask.APIFlask": ("wsgi", "flask"),
    "flask_openapi3.OpenAPI": ("wsgi", "flask"),
    "bottle.Bottle": ("wsgi", "bottle"),
    "bottle.default_app": ("wsgi", "bottle"),
    "bottle.app": ("wsgi", "bottle"),
    "falcon.App": ("wsgi", "falcon"),
    "falcon.API": ("wsgi", "falcon"),
    "pyramid.config.Configurator.make_wsgi_app": ("wsgi", "pyramid"),
    "django.core.wsgi.get_wsgi_application": ("wsgi", "django"),
    "aiohttp.web.Application": ("aiohttp", "aiohttp"),
}
HEALTH_PATHS = (
    "/health", "/healthz", "/livez", "/readyz", "/health/", "/api/health", "/api/healthz", "/_health", "/healthcheck",
    "/health-check", "/health/live", "/ping",
)
SCRIPTS = {"streamlit": "streamlit", "gradio": "gradio", "nicegui": "nicegui", "aiohttp": "aiohttp", "tornado": "tornado"}
VARIABLE_RANK = ("app", "application", "api", "server", "asgi", "wsgi")
FACTORY_RANK = ("create_app", "make_app", "build_app", "get_app", "create_application", "application_factory", "app_factory")


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
                    yield None, 0
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


def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
        return ".".join(reversed(parts))
    if isinstance(node, ast.Call):
        inner = dotted(node.func)
        return ".".join([inner] + list(reversed(parts))) if inner else None
    return None


def text(node):
    """The value of a string literal, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_main_guard(node):
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and any(isinstance(part, ast.Name) and part.id == "__name__" for part in [node.test.left] + node.test.comparators)
    )


def is_type_checking(node):
    return isinstance(node, ast.If) and (dotted(node.test) or "").split(".")[-1] == "TYPE_CHECKING"


def module_level(body):
    """Statements that run at import, also those inside if, try and with, but not those of the main guard."""
    for node in body:
        if is_main_guard(node) or is_type_checking(node):
            continue
        yield node
        for field in ("body", "orelse", "finalbody"):
            if isinstance(node, (ast.If, ast.Try, ast.With)):
                yield from module_level(getattr(node, field, None) or [])
        for handler in getattr(node, "handlers", None) or []:
            yield from module_level(handler.body)


class File:
    """What one file says."""

    def __init__(self, path, tree):
        self.path = path
        self.tree = tree
        self.names = {}  # local name → full name
        self.imports = {}  # absolute module → needed for sure?
        self.relative = []  # (level, module, names)
        self.apps = {}  # variable → {kind, framework, line}
        self.factories = {}
        self.pending = []  # (variable, full name called, line): may be a project's own factory
        self.main_guard = any(is_main_guard(node) for node in tree.body)
        self.statements = any(isinstance(node, (ast.Expr, ast.While, ast.For)) and not text(getattr(node, "value", None)) for node in tree.body)
        self.health = None
        self.websockets = False
        self.mentions_port = False
        self.collect_imports(tree.body, True)
        self.collect_classes()
        self.collect_apps()
        self.collect_routes()

    def collect_imports(self, body, needed):
        for node in body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.names[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
                    self.imports[alias.name] = self.imports.get(alias.name, False) or needed
            elif isinstance(node, ast.ImportFrom):
                module = node.module or ""
                if node.level:
                    self.relative.append((node.level, module, [alias.name for alias in node.names]))
                else:
                    self.imports[module] = self.imports.get(module, False) or needed
                    for alias in node.names:
                        self.imports.setdefault(module + "." + alias.name, False)
                for alias in node.names:
                    self.names[alias.asname or alias.name] = ("." * node.level) + module + "." + alias.name
            elif is_type_checking(node):
                continue
            elif isinstance(node, ast.Try):
                guarded = any(handler.type is None or "Import" in ast.dump(handler.type) or "ModuleNotFound" in ast.dump(handler.type) or "'Exception'" in ast.dump(handler.type) for handler in node.handlers)
                self.collect_imports(node.body, needed and not guarded)
                for part in [handler.body for handler in node.handlers] + [node.orelse, node.finalbody]:
                    self.collect_imports(part, needed and not guarded)
            else:
                for field in ("body", "orelse"):
                    below = getattr(node, field, None)
                    if isinstance(below, list):
                        self.collect_imports(below, needed)

    def full(self, node):
        name = dotted(node)
        if not name:
            return None
        head, _, rest = name.partition(".")
        head = self.names.get(head, head)
        return head + "." + rest if rest else head

    def collect_classes(self):
        """A project's own subclass counts as the framework's class."""
        self.classes = {}
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef):
                for base in node.bases:
                    found = APPS.get(self.full(base) or "")
                    if found:
                        self.classes[node.name] = found

    def made(self, value, local):
        """(kind, framework) of the application that an expression makes, else None."""
        if isinstance(value, (ast.Await, ast.Starred)):
            value = value.value
        if isinstance(value, ast.Name):
            return local.get(value.id)
        if not isinstance(value, ast.Call):
            return None
        name = self.full(value.func) or ""
        if name in APPS:
            return APPS[name]
        if name in self.classes:
            return self.classes[name]
        if name.endswith(".make_wsgi_app"):
            return ("wsgi", "pyramid")
        last = name.split(".")[-1]
        wrapped = [self.made(argument, local) for argument in list(value.args) + [word.value for word in value.keywords]]
        wrapped = [found for found in wrapped if found]
        if wrapped and (last.endswith(("Middleware", "App", "Server", "Fix", "Noise")) or last in ("configure", "wrap")):
            return ("asgi" if "asgi" in name.lower() else wrapped[0][0], wrapped[0][1])
        return None

    def collect_apps(self):
        local = {}
        for node in module_level(self.tree.body):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.collect_function(node, local)
            for variable, value in assigned(node):
                found = self.made(value, local)
                if found:
                    local[variable] = found
                    self.apps[variable] = {"kind": found[0], "framework": found[1], "line": node.lineno}
                elif isinstance(value, ast.Call) and self.full(value.func):
                    self.pending.append((variable, self.full(value.func), node.lineno))
                elif variable == "server" and isinstance(value, ast.Attribute) and value.attr == "server":
                    self.apps[variable] = {"kind": "wsgi", "framework": "dash", "line": node.lineno}
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                call = node.value
                if isinstance(call.func, ast.Attribute) and call.func.attr in ("mount", "register_blueprint", "add_subapp", "mount_wsgi"):
                    for argument in call.args:
                        if isinstance(argument, ast.Name) and argument.id in self.apps:
                            self.apps[argument.id]["mounted"] = True

    def collect_function(self, node, outer):
        names = [argument.arg for argument in node.args.args]
        line = node.lineno
        if isinstance(node, ast.AsyncFunctionDef):
            if names == ["scope", "receive", "send"]:
                self.apps[node.name] = {"kind": "asgi", "framework": None, "line": line}
            return
        if names in (["environ", "start_response"], ["env", "start_response"]) and not node.decorator_list:
            self.apps[node.name] = {"kind": "wsgi", "framework": None, "line": line}
            return
        required = len(names) - len(node.args.defaults)
        required += sum(1 for default in node.args.kw_defaults if default is None)
        if required or node.decorator_list:
            return
        local = dict(outer)
        for inner in ast.walk(node):
            for variable, value in assigned(inner):
                found = self.made(value, local)
                if found:
                    local[variable] = found
        returns = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value]
        found = next((made for made in (self.made(value, local) for value in returns) if made), None)
        if not found and node.returns is not None:
            found = APPS.get(self.full(node.returns) or "")
        if found:
            self.factories[node.name] = {"kind": found[0], "framework": found[1], "line": line}

    def collect_routes(self):
        """A health route: GET, directly on an application, without parameters."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for decorator in node.decorator_list:
                    if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
                        verb = decorator.func.attr
                        if verb.startswith("websocket"):
                            self.websockets = True
                        on = dotted(decorator.func.value)
                        known = on in self.apps or any(on in names_in(made, self) for made in self.factories)
                        if known and verb in ("get", "route") and allows_get(decorator) and takes_nothing(node):
                            found.add(text(decorator.args[0]) if decorator.args else None)
            elif isinstance(node, ast.Call):
                name = self.full(node.func) or ""
                if name.split(".")[-1] in ("Route", "add_url_rule", "add_route") and node.args and allows_get(node):
                    if self.apps or self.factories:
                        found.add(text(node.args[0]))
                if name.split(".")[-1] in ("WebSocketRoute", "WebSocket"):
                    self.websockets = True
            elif isinstance(node, ast.Constant) and node.value == "PORT":
                self.mentions_port = True
        if any(name.endswith("WebSocket") for name in self.names.values()):
            self.websockets = True
        self.health = next((path for path in HEALTH_PATHS if path in found), None)


def names_in(factory, file):
    for node in file.tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == factory:
            return {variable for inner in ast.walk(node) for variable, _ in assigned(inner)}
    return set()


def assigned(node):
    if isinstance(node, ast.Assign):
        return [(target.id, node.value) for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
        return [(node.target.id, node.value)]
    return []


def allows_get(call):
    for word in call.keywords:
        if word.arg == "methods":
            return "GET" in ast.dump(word.value)
        if word.arg in ("host", "subdomain"):
            return False
    return True


def takes_nothing(function):
    names = [argument.arg for argument in function.args.args + function.args.kwonlyargs]
    return all(name in ("request", "self", "response") for name in names)


def stdlib():
    known = getattr(sys, "stdlib_module_names", None)
    if known:
        return set(known)
    names = set(sys.builtin_module_names)
    folder = sysconfig.get_paths()["stdlib"]
    for place in (folder, os.path.join(folder, "lib-dynload")):
        if os.path.isdir(place):
            names.update(name.split(".")[0] for name in os.listdir(place))
    return names


def base_of(file, files):
    """The folder that must be on the path so that the file's own imports are found: "", "src", "backend"…"""
    parts = file.path.split(os.sep)[:-1]
    if not parts:
        return ""
    roots = {path.split(os.sep)[0].replace(".py", "") for path in files}
    top = {name.split(".")[0] for name in file.imports}
    for depth in range(len(parts), 0, -1):
        folder = os.sep.join(parts[:depth])
        beside = {
            path[len(folder) + 1:].split(os.sep)[0].replace(".py", "")
            for path in files
            if path.startswith(folder + os.sep)
        }
        if any(name in beside and name not in roots for name in top) and not file.relative:
            return folder
    if parts[0] in ("src", "lib") and os.path.join(parts[0], "__init__.py") not in files:
        return parts[0]
    return ""


def module_of(path, base):
    name = os.path.relpath(path, base or ".")[:-3]
    parts = name.split(os.sep)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else None


def resolve(module, base, files):
    """The project's file of an absolute module name, tried from the root, the base and src."""
    path = module.replace(".", os.sep)
    for root in dict.fromkeys(("", base, "src")):
        for candidate in (path + ".py", os.path.join(path, "__init__.py")):
            full = os.path.join(root, candidate) if root else candidate
            if full in files:
                return full
    return None


def local_imports(file, base, files):
    """(project files that it imports, other top-level modules that it needs)"""
    near, far = set(), set()
    for module, needed in file.imports.items():
        found = resolve(module, base, files)
        if found:
            near.add(found)
            parts = module.split(".")
            for end in range(1, len(parts)):
                package = resolve(".".join(parts[:end]), base, files)
                if package:
                    near.add(package)
        elif needed and not resolve(module.split(".")[0], base, files) and not is_folder(module, base):
            far.add(module.split(".")[0])
    folder = os.path.dirname(file.path).split(os.sep) if os.path.dirname(file.path) else []
    for level, module, names in file.relative:
        home = folder[: len(folder) - (level - 1)] if level > 1 else folder
        stem = os.path.join(*(home + module.split("."))) if module else os.path.join("", *home) if home else ""
        for candidate in [stem] + [os.path.join(stem, name) for name in names]:
            for path in (candidate + ".py", os.path.join(candidate, "__init__.py")):
                if path in files:
                    near.add(path)
    return near, far


def is_folder(module, base):
    top = module.split(".")[0]
    return os.path.isdir(os.path.join(ROOT, top)) or os.path.isdir(os.path.join(ROOT, base, top))


def score(file, variable, found):
    """Lower is better: place first, then name."""
    name = os.path.basename(file.path)
    stems = ("main.py", "app.py", "asgi.py", "wsgi.py", "server.py", "api.py", "application.py", "run.py", "__init__.py")
    place = stems.index(name) if name in stems else len(stems)
    depth = file.path.count(os.sep)
    if file.path.split(os.sep)[0] == "src":
        depth -= 1
    if found.get("factory"):
        rank = 10 + (FACTORY_RANK.index(variable) if variable in FACTORY_RANK else 9)
    else:
        rank = VARIABLE_RANK.index(variable) if variable in VARIABLE_RANK else 8
    return depth * 100 + place * 3 + rank + (500 if found.get("mounted") else 0) + (60 if variable.startswith("_") else 0)


def join_factories(files):
    """`app = create_app()` where create_app is the project's own."""
    factories = {name: found for file in files.values() for name, found in file.factories.items()}
    for file in files.values():
        for variable, called, line in file.pending:
            found = factories.get(called.split(".")[-1])
            if found and variable not in file.apps:
                file.apps[variable] = {"kind": found["kind"], "framework": found["framework"], "line": line}


def candidates(files):
    found = []
    for file in files.values():
        if os.path.basename(file.path) == "manage.py":
            continue
        base = base_of(file, files)
        module = module_of(file.path, base)
        if not module:
            continue
        entries = [(name, dict(app, factory=False)) for name, app in file.apps.items()]
        entries += [(name, dict(app, factory=True)) for name, app in file.factories.items()]
        for name, app in entries:
            if app["framework"] == "django" and not has_manage(file, base, files):
                base_django = django_base(file, files)
                if base_django is not None:
                    base, module = base_django, module_of(file.path, base_django)
            found.append({
                "file": file.path, "line": app["line"], "module": module, "base": base, "variable": name,
                "factory": app["factory"], "kind": app["kind"], "framework": app["framework"],
                "score": score(file, name, app),
            })
    return sorted(found, key=lambda app: app["score"])


def has_manage(file, base, files):
    return os.path.join(base, "manage.py") in files if base else "manage.py" in files


def django_base(file, files):
    folder = os.path.dirname(file.path)
    while folder:
        folder = os.path.dirname(folder)
        if os.path.join(folder, "manage.py") in files:
            return folder
    return None


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
        "near": sorted(near), "far": sorted(far), "health": file.health,
        "websockets": file.websockets, "port": file.mentions_port,
        "form": any(name.split(".")[-1] in ("Form", "File", "UploadFile") for name in file.names.values()),
        "templates": any(name.split(".")[-1] == "Jinja2Templates" for name in file.names.values()),
    }


ROOT = ""


def main():
    global ROOT
    ROOT = os.path.abspath(sys.argv[1])
    sys.setrecursionlimit(5000)
    files, errors, total, truncated = {}, [], 0, False
    for path, size in walk(ROOT):
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
            files[path] = File(path, ast.parse(read(ROOT, path), path))
        except SyntaxError as error:
            errors.append({"file": path, "line": error.lineno or 1, "message": error.msg or "invalid syntax"})
        except (ValueError, RecursionError, MemoryError, OSError) as error:
            errors.append({"file": path, "line": 1, "message": str(error)[:200]})
    join_factories(files)
    known = stdlib()
    scripts = []
    for file in files.values():
        near, far = local_imports(file, base_of(file, files), files)
        script = describe_script(file, near, far - known)
        script["stdlib"] = sorted(far & known)
        scripts.append(script)
    settings = [path for path, file in files.items() if "settings" in path]
    asgi = any(word in read(ROOT, path) for path in settings for word in (b"channels", b"daphne"))
    print(json.dumps({
        "apps": candidates(files), "files": scripts, "errors": errors, "truncated": truncated,
        "setup": setup_of(ROOT), "djangoAsgi": asgi,
    }))


main()
