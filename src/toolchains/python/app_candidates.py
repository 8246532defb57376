"""The applications of a project, the one that a person would mean first."""
import os

from project_modules import module_of

VARIABLE_RANK = ("app", "application", "api", "server", "asgi", "wsgi")
FACTORY_RANK = ("create_app", "make_app", "build_app", "get_app", "create_application", "application_factory", "app_factory")


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
                file.apps[variable] = dict(found, line=line)


def candidates(files, layout):
    found = []
    for file in files.values():
        if os.path.basename(file.path) == "manage.py":
            continue
        if not file.apps and not file.factories:
            continue
        base = layout.base_of(file)
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
                "factory": app["factory"], "kind": app["kind"], "framework": app["framework"], "health": app.get("health"),
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
