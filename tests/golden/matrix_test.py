#!/usr/bin/env python3
# No protocol is taken for another: every dissector over every golden capture, and over bytes that are no protocol at all.
"""matrix_test.py SENSOR: the protocols recognised on each golden capture are the one of its folder and those that its
captures.py names in ALSO; of seeded noise over TCP and UDP none is recognised."""
import glob
import json
import os
import random
import subprocess
import sys
import tempfile

from make_captures import HERE, protocols
from packets import HMI, PLC, Capture, Tcp

FLOWS = 3000


def noise(rng, size):
    """Bytes of one kind: any, text, few values, counting, a length in front."""
    kind = rng.randrange(5)
    if kind == 0:
        return rng.randbytes(size)
    if kind == 1:
        return bytes(rng.choice(b" 0123456789ABCDEFabcdef\r\n:;,.%@") for _ in range(size))
    if kind == 2:
        return bytes(rng.choice((0, 1, 255)) for _ in range(size))
    if kind == 3:
        return bytes((rng.randrange(256) + i) % 256 for i in range(size))
    order = rng.choice(("big", "little"))
    return (size - 2).to_bytes(2, order) + rng.randbytes(size - 2)


def recognised_in_noise(sensor):
    rng = random.Random(1)
    capture = Capture()
    for _ in range(FLOWS):
        ports = rng.randrange(20000, 50000), rng.randrange(50000, 60000)
        tcp = Tcp(capture, HMI, PLC, *ports) if rng.randrange(2) else None
        for _ in range(6):
            payload = noise(rng, rng.randrange(4, 200))
            if tcp:
                rng.choice((tcp.up, tcp.down))(payload)
            else:
                capture.udp(*rng.choice(((HMI, ports[0], PLC, ports[1]), (PLC, ports[1], HMI, ports[0]))), payload)
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        file.write(capture.file())
        file.flush()
        run = subprocess.run([sensor, "analyze", "--format", "jsonl", file.name], capture_output=True, text=True, check=True)
    records = [json.loads(line) for line in run.stdout.splitlines()]
    conversations = [r for r in records if r["record"] == "conversation"]
    if len(conversations) < FLOWS / 2:
        return [f"noise: {len(conversations)} conversations of {FLOWS} flows were seen"]
    said = [f"{r['protocol']} on port {r['port']}" for r in conversations if r["protocol"]]
    said += [f"{r['record']} of {r['protocol']}" for r in records if r["record"] == "operation"]
    return [f"noise: {text}" for text in sorted(set(said))]


def mistaken_captures():
    for protocol, module in protocols():
        allowed = {protocol} | getattr(module, "ALSO", set())
        for path in sorted(glob.glob(os.path.join(HERE, protocol, "*.jsonl"))):
            with open(path, encoding="utf-8") as f:
                said = {json.loads(line).get("protocol") for line in f} - {None}
            if protocol not in said:
                yield f"{os.path.relpath(path, HERE)}: not recognised as {protocol}"
            for other in sorted(said - allowed):
                yield f"{os.path.relpath(path, HERE)}: taken for {other}"


def main():
    wrong = list(mistaken_captures()) + recognised_in_noise(sys.argv[1])
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
