"""Counts and tells a little story in its log. Alone: python3 ticker.py"""

import itertools
import os
import random
import signal
import sys
import time

LINES = [
    "the crane lifts a crate of {0} apples",
    "a ship with {0} containers comes in",
    "{0} gulls sit on the gantry",
    "the harbour master counts to {0}",
]


def leave(*_: object) -> None:
    print("the shift is over", flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, leave)
print(f"the shift begins (process {os.getpid()})", flush=True)
for number in itertools.count(1):
    print(f"{number:05} {random.choice(LINES).format(random.randint(2, 99))}", flush=True)
    time.sleep(2)
