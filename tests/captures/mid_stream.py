#!/usr/bin/env python3
"""How often the client of a conversation is the same when the capture starts in mid-stream.

    mid_stream.py SENSOR [--drop N] [--verbose] CAPTURE...

From each capture (pcap; Ethernet, IPv4 and IPv6) the first N packets of every TCP connection are taken away (default 4: the
handshake and the first request), so that no SYN is left. Connections whose SYN the whole capture has are compared.
"""
import argparse
import json
import pathlib
import struct
import subprocess
import tempfile


def tcp_key(frame, link):
    at = 12
    if link == 101:
        kind, at = (0x0800 if frame[:1] and frame[0] >> 4 == 4 else 0x86DD), 0
    elif link == 1:
        while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
            at += 4
        kind, at = int.from_bytes(frame[at:at + 2], "big"), at + 2
    else:
        return None, 0
    if kind == 0x0800 and len(frame) >= at + 20 and frame[at + 9] == 6:
        ends, tcp = (frame[at + 12:at + 16], frame[at + 16:at + 20]), at + (frame[at] & 15) * 4
    elif kind == 0x86DD and len(frame) >= at + 40 and frame[at + 6] == 6:
        ends, tcp = (frame[at + 8:at + 24], frame[at + 24:at + 40]), at + 40
    else:
        return None, 0
    if len(frame) < tcp + 14:
        return None, 0
    a, b = (ends[0], frame[tcp:tcp + 2]), (ends[1], frame[tcp + 2:tcp + 4])
    return (min(a, b), max(a, b)), frame[tcp + 13]


def cut(data, drop):
    """The capture without the first packets of each connection; None where there is nothing to cut."""
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}.get(data[:4])
    if order is None:
        return None
    link, at, out, seen = struct.unpack(order + "I", data[20:24])[0] & 0xFFFF, 24, [data[:24]], {}
    while at + 16 <= len(data):
        size = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        record = data[at:at + 16 + size]
        key, flags = tcp_key(record[16:], link)
        if key is not None:
            if flags & 0x12 == 0x02:
                seen[key] = 0
            seen[key] = seen.get(key, 0) + 1
        if key is None or (seen[key] > drop and not flags & 0x02):
            out.append(record)
        at += 16 + size
    return b"".join(out) if seen else None


def conversations(sensor, path):
    out = subprocess.run([sensor, "analyze", path], capture_output=True, text=True, check=False).stdout
    rows = set()
    for record in map(json.loads, out.splitlines()):
        if record["record"] == "conversation" and record["transport"] == "tcp":
            rows.add((record["client"]["ip"], record["server"]["ip"], record["port"], record["protocol"]))
    return rows


def openers(path):
    rows = subprocess.run(["tshark", "-n", "-r", path, "-Y", "tcp.flags.syn==1 && tcp.flags.ack==0 && !icmp && !icmpv6", "-T",
                           "fields", "-e", "ip.src", "-e", "ipv6.src", "-e", "ip.dst", "-e", "ipv6.dst", "-e", "tcp.dstport"],
                          capture_output=True, text=True, check=False).stdout.splitlines()
    found = set()
    for row in rows:
        cells = row.split("\t")
        if len(cells) == 5 and "," not in row:
            found.add((cells[0] or cells[1], cells[2] or cells[3], int(cells[4])))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sensor")
    parser.add_argument("--drop", type=int, default=4)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("capture", nargs="+", type=pathlib.Path)
    a = parser.parse_args()
    same = other = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in a.capture:
            data = cut(path.read_bytes(), a.drop)
            if data is None:
                continue
            opened = openers(path)
            late = pathlib.Path(folder) / "late.pcap"
            late.write_bytes(data)
            for client, server, port, protocol in sorted(conversations(a.sensor, late), key=str):
                if (client, server, port) in opened:
                    same += 1
                elif any((server, client) == (c, s) for c, s, _ in opened) and (client, server) not in {o[:2] for o in opened}:
                    other += 1
                    if a.verbose:
                        print(f"{path.name}: {client} -> {server} tcp/{port} {protocol}: the other end opened it")
    print(f"{same} of {same + other} conversations have the client that opened them")


if __name__ == "__main__":
    main()
