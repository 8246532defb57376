"""The code that is looked at: a folder on the disk, or contents that lie in no folder. Both answer the same questions."""
import os
import stat

MAX_FILE_BYTES = 512 * 1024


class DiskFolder:
    """Never opens FIFOs and devices, and no links that lead out."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self.real = os.path.realpath(self.root)

    def entries(self, folder):
        """(name, is it a folder?) of what lies in it; links to folders are none."""
        try:
            scan = os.scandir(os.path.join(self.root, folder))
        except OSError:
            return
        with scan:
            for entry in scan:
                try:
                    yield entry.name, entry.is_dir(follow_symlinks=False)
                except OSError:
                    continue

    def size(self, path):
        """The size of a regular file that lies within the folder, else None."""
        full = os.path.join(self.root, path)
        try:
            found = os.lstat(full)
            if stat.S_ISLNK(found.st_mode):
                if not os.path.realpath(full).startswith(self.real + os.sep):
                    return None
                found = os.stat(full)
        except (OSError, ValueError):
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def read(self, path):
        with open(os.path.join(self.root, path), "rb") as file:
            return file.read(MAX_FILE_BYTES)

    def is_file(self, path):
        return os.path.isfile(os.path.join(self.root, path))

    def is_folder(self, path):
        return os.path.isdir(os.path.join(self.root, path))


class MemoryFolder:
    """Path → content; None stands for a file whose content is of no interest, or that is too large."""

    def __init__(self, files):
        self.files = files
        self.folders = {"": {}}
        for path in files:
            parts = path.split("/")
            for end in range(len(parts)):
                above, name = "/".join(parts[:end]), parts[end]
                self.folders.setdefault(above, {})[name] = end < len(parts) - 1

    def entries(self, folder):
        return iter(self.folders.get(folder, {}).items())

    def size(self, path):
        if path not in self.files:
            return None
        content = self.files[path]
        return MAX_FILE_BYTES + 1 if content is None else len(content)

    def read(self, path):
        return (self.files[path] or b"")[:MAX_FILE_BYTES]

    def is_file(self, path):
        return path in self.files

    def is_folder(self, path):
        return path.rstrip("/") in self.folders
