"""What one Python file says: its imports, the applications that it makes, its health route."""
import ast
import copy

from syntax_nodes import (
    allows_get, assigned, dotted, is_main_guard, is_type_checking, module_level, names_in, takes_nothing, text, top_names,
)

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


class File:
    """What one file says."""

    def __init__(self, path, tree):
        self.path = path
        self.tree = tree
        self.names = {}  # local name → full name
        self.imports = {}  # absolute module → needed for sure?
        self.places = {}  # absolute module, or dots and a module → (line, column in bytes, does its lack end the start for sure?)
        self.changes_path = False  # of the modules: who knows then what is found
        self.relative = []  # (level, module, names)
        self.apps = {}  # variable → {kind, framework, line}
        self.factories = {}
        self.pending = []  # (variable, full name called, line): may be a project's own factory
        self.main_guard = any(is_main_guard(node) for node in tree.body)
        self.statements = any(isinstance(node, (ast.Expr, ast.While, ast.For)) and not text(getattr(node, "value", None)) for node in tree.body)
        self.websockets = False
        self.mentions_port = False
        self.names_all = top_names(tree)
        self.collect_imports(tree.body, True, True)
        self.collect_classes()
        self.collect_apps()
        self.collect_routes()
        self.tree = None  # it is large

    def at(self, path):
        """The same content at its place in a project, which may add to what is known of it."""
        twin = copy.copy(self)
        twin.path = path
        twin.apps = {name: dict(app) for name, app in self.apps.items()}
        twin.factories = {name: dict(app) for name, app in self.factories.items()}
        return twin

    def collect_imports(self, body, needed, sure):
        for node in body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.names[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
                    self.imports[alias.name] = self.imports.get(alias.name, False) or needed
                    self.place(alias.name, alias if hasattr(alias, "lineno") else node, needed, sure)
            elif isinstance(node, ast.ImportFrom):
                module = node.module or ""
                self.place("." * node.level + module, node, needed, sure)
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
                self.collect_imports(node.body, needed and not guarded, False)
                for part in [handler.body for handler in node.handlers] + [node.orelse, node.finalbody]:
                    self.collect_imports(part, needed and not guarded, False)
            else:
                for field in ("body", "orelse"):
                    below = getattr(node, field, None)
                    if isinstance(below, list):
                        self.collect_imports(below, needed, False)

    def place(self, module, node, needed, sure):
        if needed and module not in self.places:
            self.places[module] = (node.lineno, node.col_offset, sure)

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
        """The health route of each application and factory: GET, on it directly, without parameters or conditions."""
        owners = {name: {name} for name in self.apps}
        owners.update({name: names_in(name, self) for name in self.factories})
        routes = {owner: set() for owner in owners}
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for on, path in self.decorated_routes(node):
                    for owner, names in owners.items():
                        if on in names:
                            routes[owner].add(path)
            elif isinstance(node, ast.Call):
                if (self.full(node.func) or "").split(".")[-1] in ("WebSocketRoute", "WebSocket"):
                    self.websockets = True
            elif isinstance(node, ast.Constant) and node.value == "PORT":
                self.mentions_port = True
            elif isinstance(node, ast.Attribute) and node.attr in ("path", "meta_path", "path_hooks", "__path__", "addsitedir"):
                self.changes_path = self.changes_path or dotted(node) in (
                    "sys.path", "sys.meta_path", "sys.path_hooks", "__path__", "site.addsitedir",
                )
        if any(name.endswith("WebSocket") for name in self.names.values()):
            self.websockets = True
        if len(owners) == 1:
            routes[next(iter(owners))] |= self.listed_routes(self.tree)
        for owner, paths in routes.items():
            app = self.apps.get(owner) or self.factories[owner]
            app["health"] = next((path for path in HEALTH_PATHS if path in paths), None)

    def decorated_routes(self, function):
        found = []
        for decorator in function.decorator_list:
            if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
                continue
            verb = decorator.func.attr
            if verb.startswith("websocket"):
                self.websockets = True
            plain = all(word.arg != "dependencies" for word in decorator.keywords)
            if verb in ("get", "route") and plain and decorator.args and allows_get(decorator):
                found.append((dotted(decorator.func.value), text(decorator.args[0])))
        # Another decorator may ask for a login.
        return found if len(found) == len(function.decorator_list) and takes_nothing(function) else []

    def listed_routes(self, node):
        """Paths of Starlette's Route and Flask's add_url_rule, but not of those that lie below a Mount."""
        found = set()
        for child in ast.iter_child_nodes(node):
            name = (self.full(child.func) or "").split(".")[-1] if isinstance(child, ast.Call) else ""
            if name in ("Mount", "Host"):
                continue
            if name in ("Route", "add_url_rule", "add_route") and child.args and allows_get(child):
                found.add(text(child.args[0]))
            found |= self.listed_routes(child)
        return found
