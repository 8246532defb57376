"""Writes 200 MB of log lines to stdout in pieces of 64 KiB, then the seconds that it took to the file named by RESULT."""

import os
import time

LINE = b"2026-01-01T00:00:00Z INFO request handled path=/api/items status=200 duration_ms=12 client=127.0.0.1\n"
PIECE = (LINE * (65536 // len(LINE) + 1))[:65535] + b"\n"

start = time.monotonic()
for _ in range(200_000_000 // len(PIECE)):
    os.write(1, PIECE)
seconds = time.monotonic() - start
with open(os.environ["RESULT"] + ".tmp", "w") as result:
    result.write(str(seconds))
os.rename(os.environ["RESULT"] + ".tmp", os.environ["RESULT"])
