"""Small questions to nodes of a Python syntax tree."""
import ast


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


def top_names(tree):
    """The names that a module has once it is imported, as far as they can be read; None where nobody can tell."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return None
        if isinstance(node, ast.Name) and node.id in ("globals", "exec", "setattr", "vars", "__import__"):
            return None
    for node in every_level(tree.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.split(".")[0] for alias in node.names)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.update(name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names)
        elif not isinstance(node, ast.ClassDef):
            names.update(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store))
    return None if "__getattr__" in names else names


def every_level(body):
    """Statements of the module itself, however deep they lie in if, try, with, for, while and match."""
    for node in body:
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(node, field, None)
            if isinstance(below, list):
                yield from every_level(below)
