# Builds the frames of the golden captures: hosts, Ethernet, IP, UDP, TCP, checksums and all.
"""What the captures.py of every protocol writes its cases with; the same bytes every time."""
import ipaddress
import struct


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

    def file(self):
        parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
        for time, frame in self.frames:
            parts.append(struct.pack("<IIII", time // 1_000_000, time % 1_000_000, len(frame), len(frame)) + frame)
        return b"".join(parts)


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


def multicast_mac(dst):
    """RFC 2464 clause 7."""
    return b"\x33\x33" + dst[-4:]
