"""Fetches uv's program from the package index without pip, for machines whose Python has none.

Run as `python3 -I fetch_uv.py <folder>`: puts it into <folder>/bin.
"""
import hashlib
import io
import os
import platform
import re
import ssl
import sys
import urllib.parse
import urllib.request
import zipfile


def wanted():
    """The platform tags that fit this machine, best first."""
    machine = platform.machine().lower().replace("arm64", "aarch64").replace("amd64", "x86_64")
    if sys.platform == "darwin":
        return [r"macosx_\d+_\d+_" + machine.replace("aarch64", "arm64")]
    return [r"manylinux[\d_a-z.]*_" + machine, r"musllinux_[\d_]+_" + machine]


def main(folder):
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL")
    if not index:
        sys.exit("no package index is configured (PIP_INDEX_URL or pip.conf)")
    certificates = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    context = ssl.create_default_context(cafile=certificates or None)

    def get(url):
        with urllib.request.urlopen(url, timeout=30, context=context) as answer:
            return answer.read()

    page = urllib.parse.urljoin(index.rstrip("/") + "/", "uv/")
    links = re.findall(r'href="([^"]+)"', get(page).decode())
    found = None
    for tag in wanted():
        for link in links:
            name = urllib.parse.urlparse(link).path.split("/")[-1]
            match = re.match(r"uv-(\d+)\.(\d+)\.(\d+)-py3-none-.*" + tag, name)
            if match and name.endswith(".whl"):
                version = tuple(int(part) for part in match.groups())
                if found is None or version > found[0]:
                    found = (version, link)
        if found:
            break
    if found is None:
        sys.exit("there is no uv for this machine")
    url, _, digest = urllib.parse.urljoin(page, found[1]).partition("#sha256=")
    data = get(url)
    if digest and hashlib.sha256(data).hexdigest() != digest:
        sys.exit("the file from the index is damaged")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
        os.makedirs(os.path.join(folder, "bin"), exist_ok=True)
        path = os.path.join(folder, "bin", "uv")
        with open(path, "wb") as file:
            file.write(archive.read(name))
        os.chmod(path, 0o755)


main(sys.argv[1])
