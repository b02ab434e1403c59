#!/usr/bin/env python3
"""A policy in Python: every third packet of a connection is late (docs/policy-protocol.md)."""

import json
import sys
from collections import Counter

DESCRIPTION = {
    "nmzPolicy": 1,
    "name": "late-packets",
    "summary": "Every so many packets of a connection are late.",
    "params": {
        "late": {"type": "duration", "default": "80ms", "meaning": "how late"},
        "every": {"type": "integer", "default": 3, "min": 1, "meaning": "each how manyth packet is late"},
    },
    "events": ["PacketEvent"],
}


def say(message):
    print(json.dumps(message), flush=True)


def main():
    params, seen = {}, Counter()
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "describe":
            say(DESCRIPTION)
        elif message["type"] == "start":
            params = message["params"]
        elif message["type"] == "event":
            option = message["event"]["option"]
            connection = (option["src_entity"], option["dst_entity"])
            seen[connection] += 1
            is_late = seen[connection] % params["every"] == 0
            say({"id": message["id"], "delayMs": params["late"] if is_late else 0})


main()
