"""Waits, with server and framework imported, to become `python -m …` for code that is not known yet.

The interpreter is started as `python -m uvicorn` and takes this file, under the name sitecustomize, for its first import:
before it looks at the folder that it is in, at its arguments, or for the module that it is to run. GANTRY_STANDBY names a FIFO
over which one line of JSON comes: `argv`, `cwd` and `env`. They become the process's own, and the interpreter goes on as if it
had been started with them. Where that would not be the same, the process starts the command anew in its own place (execve).
It ends when nobody has the FIFO open any more.
"""
import os
import sys

PRESENT = set(sys.modules)
# What shells set by themselves on the way.
OF_SHELLS = ("PWD", "OLDPWD", "SHLVL", "_")


def environment_at_start():
    with open("/proc/self/environ", "rb") as source:
        words = source.read().split(b"\0")
    return dict(os.fsdecode(word).split("=", 1) for word in words if b"=" in word)


def stay_unseen():
    """Takes our traces away. Returns the FIFO, the modules to import, and how variables begin that are read early."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if entry != here]
    sys.path_importer_cache.pop(here, None)
    del sys.modules[__name__], os.environ["PYTHONPATH"]
    path, names, early = (os.environ.pop("GANTRY_STANDBY" + which) for which in ("", "_MODULES", "_READ_EARLY"))
    # Never waits: without a writer the first read finds the end.
    pipe = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    os.set_blocking(pipe, True)
    os.unlink(path)
    return pipe, names.split(","), tuple(early.split(","))


def import_all(names):
    """Imports what is installed. False when something of it is broken, or goes on by itself."""
    import importlib

    for name in names:
        if name == "pydantic.v1" and sys.version_info >= (3, 14):
            continue
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or not (name + ".").startswith(error.name + "."):
                return False
        except BaseException:
            return False
    return len(sys._current_frames()) == 1


def read_order(pipe):
    """The order; None when there will be none."""
    import json

    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(pipe, 65536)
        if not piece:
            return None
        line += piece
    os.close(pipe)
    return json.loads(line)


def hides_imported(order):
    """Does the app have a module of its own that would have been imported in place of one that was imported here?"""
    words = order["argv"] + [""]
    folders = {order["cwd"]}
    for at, word in enumerate(words):
        if word.startswith("--app-dir"):
            folders.add(os.path.join(order["cwd"], word.partition("=")[2] or words[at + 1]))
    imported = {name.partition(".")[0] for name in sys.modules if name not in PRESENT}
    for folder in folders:
        try:
            found = os.listdir(folder)
        except OSError:
            continue
        if not imported.isdisjoint(name.partition(".")[0] for name in found):
            return True
    return False


def become(order, at_start):
    """What came into the environment since the start, by whatever site ran, would have come into this one."""
    env = order["env"]
    ours = ("PYTHONPATH", "GANTRY_STANDBY", "GANTRY_STANDBY_MODULES", "GANTRY_STANDBY_READ_EARLY")
    gone = set(at_start) - set(os.environ) - set(ours)
    env.update({name: value for name, value in os.environ.items() if at_start.get(name) != value})
    for name in (set(os.environ) - set(env)) | gone:
        env.pop(name, None)
        os.environ.pop(name, None)
    os.environ.update(env)
    # What stands for the module is filled in by the interpreter.
    sys.argv[1:] = order["argv"][3:]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[:] = order["argv"]


def start_anew(order):
    import signal

    # What the interpreter ignores, the next program would ignore, too.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.execve(order["argv"][0], order["argv"], order["env"])


def wait():
    at_start = environment_at_start()
    pipe, names, beginnings = stay_unseen()
    missing = None
    try:
        # The one whose place we took.
        import sitecustomize  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise
        missing = error
    fit = import_all(names)
    order = read_order(pipe)
    if order is None:
        os._exit(0)
    os.chdir(order["cwd"])
    env = order["env"]
    env.update({name: at_start[name] for name in OF_SHELLS if name in at_start and name not in env})
    if "PWD" in env:
        env["PWD"] = os.getcwd()

    def early(variables):
        return {name: value for name, value in variables.items() if name.startswith(beginnings)}

    before = early({name: value for name, value in at_start.items() if name != "PYTHONPATH"})
    began_as = [sys.executable, "-m", "uvicorn"]
    if not fit or order["argv"][:3] != began_as or before != early(env) or hides_imported(order):
        start_anew(order)
    become(order, at_start)
    if missing is not None:
        # So that the interpreter hears what it would have heard.
        raise ModuleNotFoundError(str(missing), name="sitecustomize")


wait()
