"""Syntax trees of contents, read once: what was seen lately is known without another look."""
import ast
import hashlib
import warnings
from collections import OrderedDict

from source_file import File

MAX_KEPT = 2000
MAX_KEPT_BYTES = 12 * 1024 * 1024


class Broken:
    """A file that can't be read: others may import it, it says nothing itself."""

    imports, relative, places, apps, factories, pending = {}, [], {}, {}, {}, []

    def __init__(self, path):
        self.path = path


class Parsed:
    """What is known of one content. `error` is the first one, `warnings` are lines with messages."""

    def __init__(self, content):
        self.file, self.error, self.warnings, self.checked = None, None, set(), False
        self.bytes = len(content)
        self.attempt(content, self.read)

    def read(self, content):
        self.file = File("", ast.parse(content, "code"))

    def check(self, content):
        """Finds what the grammar allows: `return` outside a function, `await` outside a coroutine."""
        self.checked = True
        if self.error is None:
            self.attempt(content, lambda text: compile(text, "code", "exec", dont_inherit=True))

    def attempt(self, content, work):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                work(content)
            except SyntaxError as error:
                self.error = describe(error, content, self.file is not None)
            except RecursionError:
                self.error = {"line": 1, "column": None, "message": "it is nested too deeply"}
            except MemoryError:
                self.error = {"line": 1, "column": None, "message": "it is nested too deeply, or needs too much memory"}
            except (ValueError, OverflowError) as error:
                self.error = {"line": 1, "column": None, "message": str(error)[:200]}
        self.warnings.update((one.lineno or 1, str(one.message)[:300]) for one in caught if worth(one))


def worth(warning):
    return issubclass(warning.category, SyntaxWarning) or "invalid escape" in str(warning.message)


def describe(error, content, compiled):
    line = error.lineno or 1
    text = line_of(content, line)
    offset = (error.offset or 1) - 1
    # The compiler counts bytes, the parser characters.
    before = text[:offset].decode("utf-8", "replace") if compiled else text.decode("utf-8", "replace")[:offset]
    return {"line": line, "column": units(before) + 1, "message": (error.msg or "invalid syntax")[:300]}


def line_of(content, number):
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", number)
    text = lines[number - 1] if 0 < number <= len(lines) else b""
    return text[3:] if number == 1 and text.startswith(b"\xef\xbb\xbf") else text


def column(content, line, offset):
    """From 1, in UTF-16 code units, of an offset in bytes."""
    return units(line_of(content, line)[:max(0, offset)].decode("utf-8", "replace")) + 1


def units(text):
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


class Files:
    """The newest contents that were parsed."""

    def __init__(self):
        self.kept = OrderedDict()
        self.bytes = 0

    def parse(self, content, checked):
        key = hashlib.sha256(content).digest()
        known = self.kept.get(key)
        if known is None:
            known = self.kept[key] = Parsed(content)
            self.bytes += known.bytes
        if checked and not known.checked:
            known.check(content)
        self.kept.move_to_end(key)
        while len(self.kept) > MAX_KEPT or self.bytes > MAX_KEPT_BYTES:
            self.bytes -= self.kept.popitem(last=False)[1].bytes
        return known
