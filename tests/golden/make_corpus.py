#!/usr/bin/env python3
# Writes where a fuzz target starts from: the messages of golden captures in the form of sensor/dissect/dissector_fuzz.cpp.
"""make_corpus.py FOLDER PROTOCOL PLACE CAPTURE...: one file per flow, messages as flags, length, bytes, into
FOLDER/fuzz_PROTOCOL; the same behind the protocol's place in the list into FOLDER/fuzz_dissectors."""
import collections
import os
import struct
import sys


def frames(path):
    with open(path, "rb") as f:
        data = f.read()
    at = 24
    while at + 16 <= len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def message(frame):
    """(the flow's two ends in order, whether the second end sent it, payload, transport) or nothing."""
    ethertype = struct.unpack_from("!H", frame, 12)[0]
    packet = frame[14:]
    if ethertype == 0x0800:
        size, number = (packet[0] & 15) * 4, packet[9]
        source, destination, body = packet[12:16], packet[16:20], packet[size:struct.unpack_from("!H", packet, 2)[0]]
    elif ethertype == 0x86DD:
        number = packet[6]
        source, destination, body = packet[8:24], packet[24:40], packet[40:40 + struct.unpack_from("!H", packet, 4)[0]]
    else:
        return (b"", b"", ethertype), False, packet, 0
    if number in (6, 17):
        source, destination = source + body[0:2], destination + body[2:4]
        body = body[(body[12] >> 4) * 4:] if number == 6 else body[8:]
    is_reply = source > destination
    return (min(source, destination), max(source, destination), number), is_reply, body, number


def main():
    folder, protocol, place = sys.argv[1:4]
    own, all_together = os.path.join(folder, f"fuzz_{protocol}"), os.path.join(folder, "fuzz_dissectors")
    os.makedirs(own, exist_ok=True)
    os.makedirs(all_together, exist_ok=True)
    for path in sys.argv[4:]:
        flows = collections.defaultdict(bytes)
        firsts = {}
        for frame in frames(path):
            key, is_reply, body, number = message(frame)
            if not body:
                continue
            is_reply ^= firsts.setdefault(key, is_reply)
            flows[key] += struct.pack("!BH", (8 if number == 6 else 0) | is_reply, len(body)) + body
        for i, content in enumerate(flows.values()):
            name = os.path.splitext(os.path.basename(path))[0]
            with open(os.path.join(own, f"{name}-{i}"), "wb") as f:
                f.write(content)
            with open(os.path.join(all_together, f"{protocol}-{name}-{i}"), "wb") as f:
                f.write(bytes([int(place)]) + content)


if __name__ == "__main__":
    main()
