"""The imports of a file that neither Python itself nor the project can answer."""
import os

from parsed_files import column
from project_modules import resolve


def missing_imports(source, file, base, files, known):
    """
    [{module, line, column, sure, kind}] with kind `far` (another distribution's), `project` (a module that its package lacks) or
    `relative` (of a file that is in no package). `sure`: without it the file can't be imported.
    """
    found = []
    content = None
    for module, (line, offset, sure) in file.places.items():
        kind = kind_of(source, file, base, files, module, known)
        if kind is None:
            continue
        content = source.read(file.path) if content is None else content
        found.append({
            "module": module, "line": line, "column": column(content, line, offset), "kind": kind,
            "sure": sure and not file.changes_path,
        })
    return found


def kind_of(source, file, base, files, module, known):
    if module.startswith("."):
        return relative(source, file, module)
    if not module or resolve(module, base, files):
        return None
    parts = module.split(".")
    if parts[0] in known:
        return None
    roots = [root for root in dict.fromkeys(("", base, "src")) if holds(source, root, parts[0])]
    if not roots:
        return "far"
    # A folder that is no package gives way to an installed one of the same name.
    packages = [os.path.join(root, parts[0]) for root in roots if source.is_file(os.path.join(root, parts[0], "__init__.py"))]
    if len(packages) == len(roots) and len(parts) > 1 and all(lacks(source, package, parts[1:]) for package in packages):
        return "project"
    return None


def relative(source, file, module):
    name = module.lstrip(".")
    level = len(module) - len(name)
    folder = os.path.dirname(file.path).split(os.sep) if os.path.dirname(file.path) else []
    if not folder:
        return None if source.is_file("__init__.py") else "relative"
    if level - 1 > len(folder):
        return "relative"
    home = os.path.join("", *folder[: len(folder) - (level - 1)])
    return "project" if name and lacks(source, home, name.split(".")) else None


def lacks(source, folder, parts):
    """Is there surely no such module below the folder?"""
    for part in parts:
        if source.is_folder(os.path.join(folder, part)):
            folder = os.path.join(folder, part)
            continue
        return not holds(source, folder, part)
    return False


def holds(source, folder, name):
    """A module, also a compiled one, or a folder."""
    if source.is_file(os.path.join(folder, name + ".py")) or source.is_folder(os.path.join(folder, name)):
        return True
    return any(entry.startswith(name + ".") and entry.endswith((".so", ".pyd", ".pyx", ".pyc")) for entry, _ in source.entries(folder))
