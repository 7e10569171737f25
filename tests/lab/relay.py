# A slow, lossy link between two network namespaces: one TUN interface in each, delay, rate and seeded loss between them.
#   relay.py --left NS:INTERFACE:ADDRESS --right NS:INTERFACE:ADDRESS [--kbit 128] [--delay-ms 80] [--loss 1] [--seed 1]
import argparse
import collections
import ctypes
import fcntl
import os
import random
import select
import signal
import struct
import subprocess
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 1, 0x1000, 0x40000000
QUEUE_BYTES_MAX = 32_000  # what a modem would buffer: two seconds at 128 kbit/s
LIBC = ctypes.CDLL(None, use_errno=True)


def open_tun(namespace, name, address):
    """A TUN interface made inside a namespace; its descriptor works from here."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    enter(there)
    try:
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
        for command in (f"ip address add {address} dev {name}", f"ip link set {name} mtu 1400 up"):
            subprocess.run(command.split(), check=True)
    finally:
        enter(home)
        os.close(there)
        os.close(home)
    return tun


def enter(namespace):
    if LIBC.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Direction:
    """Packets one way: each waits for its turn on the wire, then for the delay; some are lost on the way."""

    def __init__(self, source, sink, options, seed):
        self.source, self.sink, self.options = source, sink, options
        self.chance = random.Random(seed)
        self.waiting = collections.deque()  # (due, packet), in order
        self.free_at = 0.0
        self.sent = self.lost = self.overflowed = self.bytes = 0

    def take(self, now):
        packet = os.read(self.source, 65536)
        backlog = max(0.0, self.free_at - now) * self.options.kbit * 125
        if backlog > QUEUE_BYTES_MAX:
            self.overflowed += 1
            return
        self.free_at = max(now, self.free_at) + len(packet) / (self.options.kbit * 125)
        self.bytes += len(packet)
        if self.chance.random() * 100 < self.options.loss:
            self.lost += 1
            return
        self.waiting.append((self.free_at + self.options.delay_ms / 1000, packet))

    def give(self, now):
        while self.waiting and self.waiting[0][0] <= now:
            os.write(self.sink, self.waiting.popleft()[1])
            self.sent += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--left", required=True)
    parser.add_argument("--right", required=True)
    parser.add_argument("--kbit", type=float, default=128)
    parser.add_argument("--delay-ms", type=float, default=80)
    parser.add_argument("--loss", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    left, right = (open_tun(*end.split(":")) for end in (options.left, options.right))
    ways = [Direction(left, right, options, options.seed), Direction(right, left, options, options.seed + 1)]
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    print("the link is up", flush=True)
    while not stopping:
        due = min((way.waiting[0][0] for way in ways if way.waiting), default=time.monotonic() + 0.5)
        readable, _, _ = select.select([left, right], [], [], max(0.0, due - time.monotonic()))
        now = time.monotonic()
        for way in ways:
            if way.source in readable:
                way.take(now)
            way.give(now)
    for name, way in zip(("left to right", "right to left"), ways):
        print(f"{name}: {way.sent} delivered, {way.lost} lost, {way.overflowed} overflowed, {way.bytes} bytes")


if __name__ == "__main__":
    main()
