#!/usr/bin/env python3
"""Write the captures of the golden tests, frame by frame from the specifications; the same bytes every time.

    make_captures.py [PROTOCOL ...]     (default: all)

Each case is a function named <protocol>__<case>; it becomes tests/golden/<protocol>/<case>.pcap.
"""
import ipaddress
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def mac(text):
    return bytes(int(x, 16) for x in text.split(":"))


def ip(text):
    return ipaddress.ip_address(text).packed


def hexa(text):
    return bytes.fromhex(text.replace("|", " "))


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo(src, dst, number, length):
    if len(src) == 4:
        return src + dst + struct.pack("!BBH", 0, number, length)
    return src + dst + struct.pack("!IxxxB", length, number)


class Host:
    def __init__(self, mac_text, *ips):
        self.mac = mac(mac_text)
        self.ips = [ip(x) for x in ips]

    def at(self, size):
        return next(x for x in self.ips if len(x) == size)


class Capture:
    """Frames in order; each is 10 ms after the one before unless wait() is called."""

    def __init__(self):
        self.frames = []
        self.time = 1_750_000_000_000_000

    def wait(self, seconds):
        self.time += int(seconds * 1_000_000)

    def ethernet(self, source, destination, ethertype, payload):
        frame = destination + source + struct.pack("!H", ethertype) + payload
        self.frames.append((self.time, frame.ljust(60, b"\0")))
        self.time += 10_000

    def packet(self, source_mac, destination_mac, src, dst, number, payload, ttl=64):
        if len(src) == 4:
            head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, ttl, number, 0, src, dst)
            head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
            self.ethernet(source_mac, destination_mac, 0x0800, head + payload)
        else:
            head = struct.pack("!IHBB16s16s", 0x60000000, len(payload), number, ttl, src, dst)
            self.ethernet(source_mac, destination_mac, 0x86DD, head + payload)

    def udp(self, source, sport, destination, dport, payload, src=None, dst=None, ttl=64):
        """source and destination are hosts; src, dst replace their address (bytes), destination may be a MAC."""
        to_mac = destination if isinstance(destination, bytes) else destination.mac
        if dst is None:
            dst = destination.ips[0]
        if src is None:
            src = source.at(len(dst))
        head = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0)
        head = head[:6] + struct.pack("!H", checksum(pseudo(src, dst, 17, 8 + len(payload)) + head + payload) or 0xFFFF)
        self.packet(source.mac, to_mac, src, dst, 17, head + payload, ttl)

    def icmpv6(self, source, to_mac, dst, body, src=None):
        src = source.at(16) if src is None else src
        body = body[:2] + struct.pack("!H", checksum(pseudo(src, dst, 58, len(body)) + body)) + body[4:]
        self.packet(source.mac, to_mac, src, dst, 58, body, ttl=255)

    def save(self, path):
        with open(path, "wb") as f:
            f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
            for time, frame in self.frames:
                f.write(struct.pack("<IIII", time // 1_000_000, time % 1_000_000, len(frame), len(frame)) + frame)


class Tcp:
    """A connection with its handshake; up() and down() send one segment each and acknowledge nothing by itself."""

    def __init__(self, capture, client, server, sport, dport, handshake=True):
        self.c, self.ends, self.ports = capture, (client, server), (sport, dport)
        self.seq = [1000, 5000]
        if handshake:
            self.segment(0, 0x02)
            self.segment(1, 0x12)
            self.segment(0, 0x10)

    def segment(self, who, flags, payload=b"", seq=None):
        source, destination = self.ends[who], self.ends[1 - who]
        seq_now = self.seq[who] if seq is None else seq
        ack = self.seq[1 - who] if flags & 0x10 else 0
        head = struct.pack("!HHIIBBHHH", self.ports[who], self.ports[1 - who], seq_now, ack, 0x50, flags, 64240, 0, 0)
        src, dst = source.ips[0], destination.ips[0]
        total = checksum(pseudo(src, dst, 6, len(head) + len(payload)) + head + payload)
        head = head[:16] + struct.pack("!H", total) + head[18:]
        self.c.packet(source.mac, destination.mac, src, dst, 6, head + payload)
        if seq is None:
            self.seq[who] += len(payload) + (1 if flags & 0x03 else 0)

    def up(self, *parts):
        for part in parts:
            self.segment(0, 0x18, part)

    def down(self, *parts):
        for part in parts:
            self.segment(1, 0x18, part)

    def lost(self, who, count):
        """The mirror missed that many bytes of one direction."""
        self.seq[who] += count

    def close(self):
        self.segment(0, 0x11)
        self.segment(1, 0x11)
        self.segment(0, 0x10)


HMI = Host("02:00:5e:00:01:0a", "192.168.10.10", "fe80::5eff:fe00:10a")
PLC = Host("02:00:5e:00:01:14", "192.168.10.20", "fe80::5eff:fe00:114")
ROUTER = Host("02:00:5e:00:01:01", "192.168.10.1", "fe80::5eff:fe00:101")
SERVER = Host("02:00:5e:00:01:05", "192.168.10.5", "fe80::5eff:fe00:105")
BROADCAST = b"\xff" * 6


# Modbus/TCP: MODBUS Messaging on TCP/IP Implementation Guide V1.0b, clause 3.1.3
def mbap(transaction, unit, pdu):
    return struct.pack("!HHHB", transaction, 0, 1 + len(pdu), unit) + pdu


def modbus__functions(c):
    """Every public function once with its answer, an exception, an unlisted function."""
    t = Tcp(c, HMI, PLC, 49152, 502)
    exchanges = [
        ("01 0000 0010", "01 02 ff01"), ("02 0000 0008", "02 01 5a"),
        ("03 006b 0003", "03 06 022b 0000 0064"), ("04 0008 0001", "04 02 000a"),
        ("05 00ac ff00", "05 00ac ff00"), ("06 0001 0003", "06 0001 0003"),
        ("07", "07 6d"), ("08 0000 a537", "08 0000 a537"), ("08 0004 0000", "08 0004 0000"),
        ("0b", "0b ffff 0108"), ("0c", "0c 08 0000 0108 0121 2000"),
        ("0f 0013 000a 02 cd01", "0f 0013 000a"), ("10 0001 0002 04 000a 0102", "10 0001 0002"),
        ("11", "11 05 0a ff 010203"), ("14 07 06 0004 0001 0002", "14 06 05 06 0dfe 0020"),
        ("15 0d 06 0004 0007 0003 06af 04be 100d", "15 0d 06 0004 0007 0003 06af 04be 100d"),
        ("16 0004 00f2 0025", "16 0004 00f2 0025"),
        ("17 0003 0002 000e 0001 02 00ff", "17 04 00fe 0acd"), ("18 04de", "18 0006 0002 01b8 1284"),
        ("03 ffff 0001", "83 02"), ("64 0102", "e4 01"),
    ]
    for number, (request, response) in enumerate(exchanges, 1):
        t.up(mbap(number, 1, hexa(request)))
        t.down(mbap(number, 1, hexa(response)))
    t.close()


def modbus__identification(c):
    """Function 43/14 (V1.1b3 clause 6.21): vendor, product code, firmware, then product and model name."""
    t = Tcp(c, HMI, PLC, 49153, 502)
    objects = lambda *pairs: b"".join(bytes([i, len(v)]) + v for i, v in pairs)
    t.up(mbap(1, 255, hexa("2b 0e 01 00")))
    t.down(mbap(1, 255, hexa("2b 0e 01 82 00 00 03") + objects((0, b"Example Works"), (1, b"EX-100"), (2, b"V2.71"))))
    t.up(mbap(2, 255, hexa("2b 0e 02 03")))
    t.down(mbap(2, 255, hexa("2b 0e 02 82 00 00 03") +
                objects((3, b"http://example.invalid"), (4, b"Example 100"), (5, b"EX-100/24"))))
    t.close()


def modbus__stream(c):
    """Messages split and joined by TCP, a gateway with several units, a gap, and a start in mid-stream."""
    t = Tcp(c, HMI, PLC, 49154, 502)
    requests = [mbap(n, n % 3 + 1, hexa("03 0000 0004")) for n in range(1, 7)]
    responses = [mbap(n, n % 3 + 1, hexa("03 08 0001 0002 0003 0004")) for n in range(1, 7)]
    t.up(requests[0] + requests[1])                       # two in one segment
    t.down(responses[1], responses[0])                    # answered in the other order
    t.up(requests[2][:5], requests[2][5:])                # one in two segments
    t.down(responses[2][:9], responses[2][9:] + b"")
    t.up(requests[3])
    t.lost(1, len(responses[3]))                          # its answer is lost on the mirror
    t.up(requests[4])
    t.down(responses[4])
    late = Tcp(c, HMI, PLC, 49155, 502, handshake=False)  # opened before the capture began
    late.down(responses[5])
    late.up(requests[5])
    late.down(responses[5])


def modbus__other_port(c):
    """A gateway on port 10502: recognised by content once three messages and an answer were consistent."""
    t = Tcp(c, HMI, PLC, 49156, 10502)
    for n in range(1, 5):
        t.up(mbap(n, 9, hexa("04 0000 0002")))
        t.down(mbap(n, 9, hexa("04 04 0001 0002")))
    t.close()


def main():
    wanted = sys.argv[1:]
    for name, case in sorted(globals().items()):
        protocol, separator, what = name.partition("__")
        if not separator or not what or not callable(case) or (wanted and protocol not in wanted):
            continue
        os.makedirs(os.path.join(HERE, protocol), exist_ok=True)
        capture = Capture()
        case(capture)
        capture.save(os.path.join(HERE, protocol, what.replace("_", "-") + ".pcap"))


if __name__ == "__main__":
    main()
