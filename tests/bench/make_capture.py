#!/usr/bin/env python3
"""Writes the project's own benchmark capture: a steady plant, the same bytes every time.

    make_capture.py OUT.pcap [--packets 40000]

Four control cells, each with a polling station and twelve controllers: Modbus/TCP polls over long connections (some
split into two segments, some refused), plain TCP and UDP exchanges that no dissector knows, ARP, DNS, and link-layer
cyclic frames. Checksums are left zero: capture cards that compute them later do the same.
"""
import argparse
import random
import struct


def mac(n):
    return bytes([0x00, 0x80, 0xF4, 0, n >> 8 & 0xFF, n & 0xFF])


def ip(n):
    return bytes([10, 20, n >> 8 & 0xFF, n & 0xFF])


def ethernet(src, dst, ethertype, body, vlan=0):
    tag = struct.pack("!HH", 0x8100, vlan) if vlan else b""
    return (mac(dst) if isinstance(dst, int) else dst) + mac(src) + tag + struct.pack("!H", ethertype) + body


def ipv4(src, dst, protocol, body):
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0x4000, 64, protocol, 0) + ip(src) + ip(dst) + body


class Connection:
    def __init__(self, client, server, port, source_port, vlan):
        self.ends = ((client, source_port), (server, port))
        self.sequence = [1000, 5000]
        self.vlan = vlan

    def segment(self, side, flags, payload=b""):
        (src, sport), (dst, dport) = self.ends[side], self.ends[1 - side]
        header = struct.pack("!HHIIBBHHH", sport, dport, self.sequence[side] & 0xFFFFFFFF,
                             self.sequence[1 - side] & 0xFFFFFFFF, 0x50, flags, 8192, 0, 0)
        self.sequence[side] += len(payload) + (1 if flags & 0x03 else 0)
        return ethernet(src, dst, 0x0800, ipv4(src, dst, 6, header + payload), self.vlan)

    def open(self):
        return [self.segment(0, 0x02), self.segment(1, 0x12), self.segment(0, 0x10)]


def udp(src, dst, sport, dport, payload, vlan=0):
    header = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0)
    return ethernet(src, dst, 0x0800, ipv4(src, dst, 17, header + payload), vlan)


def modbus(transaction, unit, pdu):
    return struct.pack("!HHHB", transaction & 0xFFFF, 0, len(pdu) + 1, unit) + pdu


def poll(connection, n, rng):
    """One Modbus exchange: request, answer, acknowledgement."""
    function = (3, 3, 3, 4, 1, 16)[n % 6]
    if function == 16:
        request = struct.pack("!BHHB", 16, 100, 2, 4) + rng.randbytes(4)
        answer = struct.pack("!BHH", 16, 100, 2)
    else:
        count = 8 + n % 40
        request = struct.pack("!BHH", function, n % 200, count)
        size = (count + 7) // 8 if function == 1 else 2 * count
        answer = struct.pack("!BB", function, size) + rng.randbytes(size)
    if n % 97 == 0:
        answer = bytes([function | 0x80, 2])
    whole = modbus(n, 1, answer)
    frames = [connection.segment(0, 0x18, modbus(n, 1, request))]
    if n % 31 == 0 and len(whole) > 12:
        frames += [connection.segment(1, 0x10, whole[:9]), connection.segment(1, 0x18, whole[9:])]
    else:
        frames.append(connection.segment(1, 0x18, whole))
    return frames + [connection.segment(0, 0x10)]


def arp(src, dst):
    body = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + mac(src) + ip(src) + bytes(6) + ip(dst)
    return ethernet(src, b"\xff" * 6, 0x0806, body)


def dns(n):
    name = b"\x09historian\x05plant\x07example\x00"
    return struct.pack("!HHHHHH", n & 0xFFFF, 0x0100, 1, 0, 0, 0) + name + struct.pack("!HH", 1, 1)


def frames(rng):
    """Endless."""
    cells, n = [], 0
    for cell in range(4):
        station = 100 * cell + 1
        polls = [Connection(station, station + 1 + i, 502, 49152 + i, 0 if cell < 2 else 10 + cell) for i in range(12)]
        other = [Connection(station, station + 20 + i, 9600 + i, 51000 + i, 0) for i in range(4)]
        cells.append((station, polls, other))
        for connection in polls + other:
            yield from connection.open()
    while True:
        for station, polls, other in cells:
            for connection in polls:
                yield from poll(connection, n, rng)
                n += 1
            for connection in other:
                yield connection.segment(0, 0x18, b"\x7e\x01" + rng.randbytes(30))
                yield connection.segment(1, 0x18, b"\x7e\x81" + rng.randbytes(180))
            for i in range(6):
                yield udp(station, station + 30 + i, 5577, 5577, b"\x7f\x00" + rng.randbytes(40))
            yield ethernet(station + 40, b"\x01\x80\xc2\x00\x00\x21", 0x88B5, rng.randbytes(60))
            if n % 10 == 0:
                yield arp(station, station + 1 + n % 12)
                yield udp(station, station + 60, 1024 + n % 60000, 53, dns(n))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--packets", type=int, default=40000)
    arguments = parser.parse_args()
    rng = random.Random(20261123)
    with open(arguments.out, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, frame in zip(range(arguments.packets), frames(rng)):
            microseconds = number * 250
            out.write(struct.pack("<IIII", 1_790_000_000 + microseconds // 1_000_000, microseconds % 1_000_000,
                                  len(frame), len(frame)) + frame)


if __name__ == "__main__":
    main()
