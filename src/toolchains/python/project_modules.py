"""Which file a module name stands for, and what a file needs from its project and from others."""
import os
import sys
import sysconfig


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


PROJECT_FILES = ("requirements.txt", "pyproject.toml", "uv.lock", "poetry.lock", "Pipfile", "setup.py", "setup.cfg")


def projects_in(source, files):
    """The folders below the root that name dependencies of their own and are no packages: "backend", "services/api"…"""
    parts = [path.split(os.sep)[:-1] for path in files]
    folders = {os.sep.join(folder[:depth]) for folder in parts for depth in range(1, len(folder) + 1)}
    return {
        folder for folder in folders
        if os.path.join(folder, "__init__.py") not in files
        and any(source.is_file(os.path.join(folder, name)) for name in PROJECT_FILES)
    }


class Layout:
    """Which folder must be on the path so that the imports of a file are found."""

    def __init__(self, files, projects):
        self.files, self.projects, self.bases = files, projects, {}
        self.inside = {}  # folder → the modules and folders in it
        for path in files:
            parts = path.split(os.sep)
            for end, part in enumerate(parts):
                self.inside.setdefault(os.sep.join(parts[:end]), set()).add(part.replace(".py", ""))

    def base_of(self, file):
        """"", "src", "backend"…"""
        if file.path not in self.bases:
            self.bases[file.path] = self.find(file)
        return self.bases[file.path]

    def find(self, file):
        parts = file.path.split(os.sep)[:-1]
        if not parts:
            return ""
        roots = self.inside[""]
        top = {name.split(".")[0] for name in file.imports}
        if not file.relative and not top <= roots:
            for depth in range(len(parts), 0, -1):
                folder = os.sep.join(parts[:depth])
                if any(name in self.inside[folder] and name not in roots for name in top):
                    return folder
        if parts[0] not in top:
            for depth in range(len(parts), 0, -1):
                folder = os.sep.join(parts[:depth])
                if folder in self.projects and not (file.relative and depth == len(parts)):
                    inner = parts[depth:depth + 1]
                    source = os.path.join(folder, "src")
                    return source if inner == ["src"] and os.path.join(source, "__init__.py") not in self.files else folder
        if parts[0] in ("src", "lib") and os.path.join(parts[0], "__init__.py") not in self.files:
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


def local_imports(source, file, base, files):
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
        elif needed and not resolve(module.split(".")[0], base, files) and not is_folder(source, module, base):
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


def is_folder(source, module, base):
    top = module.split(".")[0]
    return source.is_folder(top) or source.is_folder(os.path.join(base, top))
