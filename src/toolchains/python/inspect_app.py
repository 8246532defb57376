"""Tells what Python code holds, from its syntax trees alone: nothing of it is imported or run.

Run as `python3 -I -S -B inspect_app.py`: reads requests and answers them, one JSON document a line each, until its input ends. A
request names a folder (`root`) or brings contents (`files`: path → latin-1 text or null), and says whether they are to be `checked`;
with `names` it asks for the names of one file's module instead. Works with Python 3.8 and later.
"""
import gc
import json
import os
import resource
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from code_folder import DiskFolder, MemoryFolder  # noqa: E402
from inspection import inspect  # noqa: E402
from parsed_files import Files  # noqa: E402

MAX_MEMORY = 1024 * 1024 * 1024
# Seconds of work for one request; the system ends a process that takes longer.
MAX_SECONDS = 20
# Requests between two looks for what hangs together in circles; there is hardly any.
COLLECT_EVERY = 50
# A process that has ever needed more than this makes room for a new one.
LARGE = 256 * 1024 * 1024


def main():
    sys.setrecursionlimit(3000)
    limit(resource.RLIMIT_AS, MAX_MEMORY)
    limit(resource.RLIMIT_CORE, 0)
    gc.disable()
    parsed = Files()
    for count, line in enumerate(sys.stdin.buffer, 1):
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + MAX_SECONDS)
        sys.stdout.write(json.dumps(answer(json.loads(line), parsed)) + "\n")
        sys.stdout.flush()
        if count % COLLECT_EVERY == 0:
            gc.collect()
        if peak() > LARGE:
            return


def answer(request, parsed):
    if "files" in request:
        files = request["files"].items()
        source = MemoryFolder({path: None if text is None else text.encode("latin-1") for path, text in files})
    else:
        source = DiskFolder(request["root"])
    if "names" in request:
        try:
            file = parsed.parse(source.read(request["names"]), False).file
        except OSError:
            file = None
        return None if file is None or file.names_all is None else sorted(file.names_all)
    return inspect(source, parsed, request.get("checked", False))


def limit(what, value):
    try:
        resource.setrlimit(what, (value, resource.getrlimit(what)[1]))
    except (ValueError, OSError):
        pass


def peak():
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


main()
