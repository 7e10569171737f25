#!/usr/bin/env python3
# Writes the captures of the golden tests.
"""Write the captures of the golden tests, frame by frame from the specifications; the same bytes every time.

    make_captures.py [PROTOCOL ...]     (default: all)
    make_captures.py --check            status 1 when a capture is not what this file writes

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
    """Messages split and joined by TCP, a gateway with several units, a gap."""
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


def modbus__midstream(c):
    """A connection opened before the capture began: it starts with the end of a response."""
    t = Tcp(c, HMI, PLC, 49155, 502, handshake=False)
    request, response = mbap(6, 1, hexa("03 0000 0004")), mbap(6, 1, hexa("03 08 0001 0002 0003 0004"))
    t.down(response[9:])
    t.up(request)
    t.down(response)
    t.up(request)
    t.down(response)


def modbus__other_port(c):
    """A gateway on port 10502: recognised by content once three messages and an answer were consistent."""
    t = Tcp(c, HMI, PLC, 49156, 10502)
    for n in range(1, 5):
        t.up(mbap(n, 9, hexa("04 0000 0002")))
        t.down(mbap(n, 9, hexa("04 04 0001 0002")))
    t.close()


# ARP: RFC 826, RFC 5227
def arp_packet(operation, sha, spa, tha, tpa):
    return struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + sha + ip(spa) + tha + ip(tpa)


def arp__stations(c):
    """A request and its answer, a probe and an announcement of RFC 5227, an answer nobody asked for."""
    zero = b"\0" * 6
    c.ethernet(HMI.mac, BROADCAST, 0x0806, arp_packet(1, HMI.mac, "192.168.10.10", zero, "192.168.10.20"))
    c.ethernet(PLC.mac, HMI.mac, 0x0806, arp_packet(2, PLC.mac, "192.168.10.20", HMI.mac, "192.168.10.10"))
    c.ethernet(SERVER.mac, BROADCAST, 0x0806, arp_packet(1, SERVER.mac, "0.0.0.0", zero, "192.168.10.5"))
    c.ethernet(SERVER.mac, BROADCAST, 0x0806, arp_packet(1, SERVER.mac, "192.168.10.5", zero, "192.168.10.5"))
    c.ethernet(ROUTER.mac, BROADCAST, 0x0806, arp_packet(2, ROUTER.mac, "192.168.10.1", BROADCAST, "192.168.10.1"))


# Neighbour discovery: RFC 4861, RFC 4862
def multicast_mac(dst):
    return b"\x33\x33" + dst[-4:]


def solicited_node(target):
    return ip("ff02::1:ff00:0")[:13] + target[-3:]


def link_layer(kind, host):
    return bytes([kind, 1]) + host.mac


def nd__stations(c):
    """Duplicate address detection, a solicitation with its answer, a router that advertises itself."""
    plc, hmi, all_nodes = PLC.at(16), HMI.at(16), ip("ff02::1")
    c.icmpv6(PLC, multicast_mac(solicited_node(plc)), solicited_node(plc),
             bytes([135, 0, 0, 0]) + bytes(4) + plc, src=bytes(16))
    c.icmpv6(HMI, multicast_mac(solicited_node(plc)), solicited_node(plc),
             bytes([135, 0, 0, 0]) + bytes(4) + plc + link_layer(1, HMI))
    c.icmpv6(PLC, HMI.mac, hmi, bytes([136, 0, 0, 0]) + hexa("60000000") + plc + link_layer(2, PLC))
    prefix = bytes([3, 4, 64, 0xC0]) + struct.pack("!III", 86400, 14400, 0) + ip("2001:db8:10::")
    c.icmpv6(ROUTER, multicast_mac(all_nodes), all_nodes,
             bytes([134, 0, 0, 0]) + struct.pack("!BBHII", 64, 0, 1800, 0, 0) + link_layer(1, ROUTER) + prefix)
    c.icmpv6(HMI, multicast_mac(ip("ff02::2")), ip("ff02::2"), bytes([133, 0, 0, 0]) + bytes(4) + link_layer(1, HMI))
    c.icmpv6(HMI, PLC.mac, plc, bytes([128, 0, 0, 0]) + hexa("0001 0001") + b"abcdefgh")


# DHCP: RFC 2131, RFC 2132
def bootp(op, host, options, ciaddr="0.0.0.0", yiaddr="0.0.0.0"):
    head = struct.pack("!BBBBIHH", op, 1, 6, 0, 0x3903F326, 0, 0) + ip(ciaddr) + ip(yiaddr) + bytes(8)
    body = b"".join(bytes([code, len(value)]) + value for code, value in options)
    return head + host.mac.ljust(16, b"\0") + bytes(192) + hexa("63825363") + body + b"\xff"


def dhcp__lease(c):
    """A controller asks, is offered, requests and gets its address; later it informs itself, and another is refused."""
    any_ip, all_ip = ip("0.0.0.0"), ip("255.255.255.255")
    asks = [(60, b"EX-100 rev B"), (12, b"press-07"), (55, bytes([1, 3, 6, 15, 42])), (61, b"\x01" + PLC.mac)]
    gives = [(54, ip("192.168.10.5")), (51, struct.pack("!I", 86400)), (1, ip("255.255.255.0")),
             (3, ip("192.168.10.1")), (6, ip("192.168.10.5"))]
    c.udp(PLC, 68, BROADCAST, 67, bootp(1, PLC, [(53, b"\x01")] + asks), src=any_ip, dst=all_ip)
    c.udp(SERVER, 67, PLC, 68, bootp(2, PLC, [(53, b"\x02")] + gives, yiaddr="192.168.10.20"))
    request = [(53, b"\x03"), (50, ip("192.168.10.20")), (54, ip("192.168.10.5"))] + asks
    fqdn = [(81, b"\x04\0\0\x08press-07\x05plant\x07example\0")]
    c.udp(PLC, 68, BROADCAST, 67, bootp(1, PLC, request + fqdn), src=any_ip, dst=all_ip)
    c.udp(SERVER, 67, PLC, 68, bootp(2, PLC, [(53, b"\x05")] + gives, yiaddr="192.168.10.20"))
    c.udp(HMI, 68, SERVER, 67, bootp(1, HMI, [(53, b"\x08"), (60, b"MSFT 5.0"), (12, b"HMI-1")], ciaddr="192.168.10.10"))
    c.udp(SERVER, 67, HMI, 68, bootp(2, HMI, [(53, b"\x06"), (54, ip("192.168.10.5"))]))


def dhcpv6__solicit(c):
    """RFC 8415: solicit and reply, with the client's FQDN (RFC 4704) and its DUID of its MAC."""
    def option(code, value):
        return struct.pack("!HH", code, len(value)) + value
    duid = option(1, hexa("0001 0001 2a3b4c5d") + HMI.mac)
    asks = duid + option(6, struct.pack("!4H", 17, 23, 24, 32)) + option(8, b"\0\0") + \
        option(39, b"\0\x05hmi-1\x05plant\x07example\0") + option(16, struct.pack("!IH", 311, 8) + b"MSFT 5.0")
    group = ip("ff02::1:2")
    c.udp(HMI, 546, multicast_mac(group), 547, hexa("01 10 08 74") + asks, dst=group)
    server = option(2, hexa("0003 0001") + SERVER.mac)
    c.udp(SERVER, 547, HMI, 546, hexa("07 10 08 74") + duid + server, dst=HMI.at(16))


# DNS: RFC 1035
def dns_name(name):
    return b"".join(bytes([len(x)]) + x.encode() for x in name.split(".") if x) + b"\0"


def dns_message(ident, flags, questions=(), answers=(), additional=()):
    body = struct.pack("!6H", ident, flags, len(questions), len(answers), 0, len(additional))
    for name, kind in questions:
        body += dns_name(name) + struct.pack("!HH", kind, 1)
    for name, kind, data in list(answers) + list(additional):
        body += (name if isinstance(name, bytes) else dns_name(name)) + struct.pack("!HHIH", kind, 1, 120, len(data)) + data
    return body


def dns__names(c):
    """Answers about the site's stations (A, AAAA, PTR), about the world outside, a missing name, and one over TCP."""
    def ask(ident, name, kind, *answers, flags=0x8580):
        c.udp(HMI, 50000 + ident, SERVER, 53, dns_message(ident, 0x0100, [(name, kind)]))
        c.udp(SERVER, 53, HMI, 50000 + ident, dns_message(ident, flags, [(name, kind)], answers))
    back = b"\xc0\x0c"
    ask(1, "press-07.plant.example", 1, (back, 1, ip("192.168.10.20")))
    ask(2, "press-07.plant.example", 28, (back, 28, ip("fd00:10::20")))
    ask(3, "20.10.168.192.in-addr.arpa", 12, (back, 12, dns_name("press-07.plant.example")))
    ask(4, "www.example.com", 1, (back, 5, b"\x03web\xc0\x10"), (b"\xc0\x2d", 1, ip("203.0.113.7")))
    ask(5, "no-such.plant.example", 1, flags=0x8583)
    t = Tcp(c, HMI, SERVER, 50100, 53)
    query = dns_message(6, 0x0100, [("hmi-1.plant.example", 1)])
    answer = dns_message(6, 0x8580, [("hmi-1.plant.example", 1)], [(back, 1, ip("192.168.10.10"))])
    t.up(struct.pack("!H", len(query)) + query)
    whole = struct.pack("!H", len(answer)) + answer
    t.down(whole[:1], whole[1:30], whole[30:])
    t.close()


def mdns__announcement(c):
    """RFC 6762, RFC 6763: a query, then a device announces its name, a service and its model."""
    group4, group6 = ip("224.0.0.251"), ip("ff02::fb")
    to4 = b"\x01\0\x5e\0\0\xfb"
    c.udp(HMI, 5353, to4, 5353, dns_message(0, 0, [("_http._tcp.local", 12)]), dst=group4, ttl=255)
    service = "Camera 3._http._tcp.local"
    answers = [("_http._tcp.local", 12, dns_name(service)),
               (service, 33, struct.pack("!HHH", 0, 0, 80) + dns_name("camera-3.local")),
               ("camera-3.local", 1, ip("192.168.10.20")), ("camera-3.local", 28, PLC.at(16)),
               ("Camera 3._device-info._tcp.local", 16, b"\x0dmodel=EX-CAM1")]
    c.udp(PLC, 5353, to4, 5353, dns_message(0, 0x8400, [], answers), dst=group4, ttl=255)
    c.udp(PLC, 5353, multicast_mac(group6), 5353, dns_message(0, 0x8400, [], answers), dst=group6, ttl=255)


def llmnr__query(c):
    """RFC 4795: who is HMI-1? It answers by itself."""
    group = ip("224.0.0.252")
    c.udp(SERVER, 51000, b"\x01\0\x5e\0\0\xfc", 5355, dns_message(7, 0, [("HMI-1", 1)]), dst=group, ttl=1)
    c.udp(HMI, 5355, SERVER, 51000, dns_message(7, 0x8000, [("HMI-1", 1)], [("HMI-1", 1, ip("192.168.10.10"))]))


# NetBIOS names: RFC 1001 clause 14, RFC 1002 clause 4.2
def netbios(name, suffix):
    raw = name.encode().ljust(15) + bytes([suffix])
    return b"\x20" + b"".join(bytes([0x41 + (x >> 4), 0x41 + (x & 15)]) for x in raw) + b"\0"


def nbns__names(c):
    """A registration, a group's registration, a query with its answer, a node status with names and MAC."""
    all_ip = ip("192.168.10.255")
    def register(name, suffix, flags):
        question = netbios(name, suffix) + hexa("0020 0001")
        record = hexa("c00c 0020 0001") + struct.pack("!IHH", 300000, 6, flags) + ip("192.168.10.10")
        c.udp(HMI, 137, BROADCAST, 137, struct.pack("!6H", 0x1234, 0x2910, 1, 0, 0, 1) + question + record, dst=all_ip)
    register("HMI-1", 0x00, 0x0000)
    register("PLANT", 0x00, 0x8000)
    register("\x01\x02__MSBROWSE__\x02", 0x01, 0x8000)
    c.udp(SERVER, 137, BROADCAST, 137, struct.pack("!6H", 0x2345, 0x0110, 1, 0, 0, 0) + netbios("HMI-1", 0x20) + hexa("0020 0001"), dst=all_ip)
    c.udp(HMI, 137, SERVER, 137, struct.pack("!6H", 0x2345, 0x8500, 0, 1, 0, 0) + netbios("HMI-1", 0x20) +
          hexa("0020 0001 000493e0 0006 0000") + ip("192.168.10.10"))
    star = b"\x20CK" + b"AA" * 15 + b"\0"
    c.udp(SERVER, 137, HMI, 137, struct.pack("!6H", 0x3456, 0, 1, 0, 0, 0) + star + hexa("0021 0001"))
    entry = lambda name, suffix, flags: name.encode().ljust(15) + bytes([suffix]) + struct.pack("!H", flags)
    status = bytes([3]) + entry("HMI-1", 0, 0x0400) + entry("PLANT", 0, 0x8400) + entry("HMI-1", 0x20, 0x0400) + HMI.mac + bytes(40)
    c.udp(HMI, 137, SERVER, 137, struct.pack("!6H", 0x3456, 0x8400, 0, 1, 0, 0) + star + hexa("0021 0001 00000000") +
          struct.pack("!H", len(status)) + status)


def ssdp__device(c):
    """A search and its answer, an announcement: UPnP Device Architecture 2.0."""
    group = ip("239.255.255.250")
    to = b"\x01\0\x5e\x7f\xff\xfa"
    c.udp(HMI, 52000, to, 1900, b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n"
          b"MX: 1\r\nST: ssdp:all\r\nUSER-AGENT: ExampleOS/1.0 UPnP/2.0 Finder/3\r\n\r\n", dst=group)
    reply = b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:0f-1::upnp:rootdevice\r\n" \
            b"SERVER: ExampleOS/2.4 UPnP/1.0 EX-CAM/1.7\r\nLOCATION: http://192.168.10.20/d.xml\r\n\r\n"
    c.udp(PLC, 1900, HMI, 52000, reply)
    c.udp(PLC, 1900, to, 1900, b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\n"
          b"NT: upnp:rootdevice\r\nUSN: uuid:0f-1::upnp:rootdevice\r\nSERVER: ExampleOS/2.4 UPnP/1.0 EX-CAM/1.7\r\n\r\n", dst=group)


# TLS: RFC 8446, RFC 5246
def tls_record(content, payload, version=0x0303):
    return struct.pack("!BHH", content, version, len(payload)) + payload


def tls_handshake(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def tls_extension(kind, data):
    return struct.pack("!HH", kind, len(data)) + data


def tls_list(values, size=2):
    data = b"".join(struct.pack("!H", v) for v in values)
    return len(data).to_bytes(size, "big") + data


def tls_client_hello(name, versions=(0x3A3A, 0x0304, 0x0303), alpn=b"h2", grease=True):
    ciphers = ([0x2A2A] if grease else []) + [0x1301, 0x1302, 0xC02B, 0xC02F, 0x009C, 0x0035]
    extensions = [(0x1A1A, b"\0")] if grease else []
    if name:
        extensions.append((0, struct.pack("!HBH", len(name) + 3, 0, len(name)) + name))
    extensions += [(23, b""), (10, tls_list([0x4A4A, 29, 23, 24])), (11, b"\x01\0"),
                   (13, tls_list([0x0403, 0x0804, 0x0401]))]
    if alpn:
        extensions.append((16, struct.pack("!HB", len(alpn) + 1, len(alpn)) + alpn))
    if versions:
        extensions.append((43, tls_list(versions, 1)))
    body = hexa("0303") + bytes(range(32)) + b"\0" + tls_list(ciphers) + b"\x01\0"
    data = b"".join(tls_extension(k, v) for k, v in extensions)
    return tls_handshake(1, body + struct.pack("!H", len(data)) + data)


def tls_server_hello(cipher, extensions):
    data = b"".join(tls_extension(k, v) for k, v in extensions)
    return tls_handshake(2, hexa("0303") + bytes(range(32, 64)) + b"\0" + struct.pack("!HB", cipher, 0) +
                         struct.pack("!H", len(data)) + data)


def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(body).to_bytes(size, "big") + body


def x509(subject, issuer, padding):
    """The shape of RFC 5280 with empty keys and signatures: nothing but the names is read from it."""
    def name(pairs):
        return der(0x30, *(der(0x31, der(0x30, der(6, bytes([0x55, 4, kind])), der(0x0C, text))) for kind, text in pairs))
    algorithm = der(0x30, der(6, hexa("2a8648ce3d040302")))
    validity = der(0x30, der(0x17, b"250101000000Z"), der(0x17, b"350101000000Z"))
    key = der(0x30, algorithm, der(3, b"\0" * padding))
    tbs = der(0x30, der(0xA0, der(2, b"\x02")), der(2, b"\x17"), algorithm, name(issuer), validity, name(subject), key)
    return der(0x30, tbs, algorithm, der(3, b"\0" * 9))


def tls__handshakes(c):
    """TLS 1.3, TLS 1.2 with a certificate over several records and segments, a hello without extensions, one off port."""
    hello = tls_client_hello(b"hmi.plant.example")
    t = Tcp(c, HMI, SERVER, 53001, 443)
    t.up(tls_record(22, hello, 0x0301))
    t.down(tls_record(22, tls_server_hello(0x1301, [(43, hexa("0304")), (51, hexa("001d0020") + bytes(32))])) +
           tls_record(20, b"\x01") + tls_record(23, bytes(600)))
    t.up(tls_record(20, b"\x01") + tls_record(23, bytes(53)))
    t.close()

    t = Tcp(c, HMI, PLC, 53002, 443)
    t.up(tls_record(22, tls_client_hello(b"press-07", versions=None, alpn=b"http/1.1", grease=False), 0x0301))
    certificate = x509([(10, b"Example Works"), (3, b"press-07")], [(10, b"Example Works"), (11, b"Plant"), (3, b"Plant CA")], 700)
    chain = len(certificate).to_bytes(3, "big") + certificate
    flight = tls_server_hello(0xC02F, [(0xFF01, b"\0"), (11, b"\x01\0")]) + \
        tls_handshake(11, len(chain).to_bytes(3, "big") + chain) + tls_handshake(14, b"")
    records = tls_record(22, flight[:500]) + tls_record(22, flight[500:])
    t.down(records[:300], records[300:301], records[301:])
    t.up(tls_record(20, b"\x01") + tls_record(22, bytes(8) + b"\x5a" * 32))
    t.down(tls_record(20, b"\x01") + tls_record(22, bytes(8) + b"\xa5" * 32))
    t.up(tls_record(23, bytes(1000)), tls_record(21, b"\x01\0" + b"\x33" * 24))
    t.close()

    old = hexa("0301") + bytes(range(32)) + b"\0" + tls_list([0x0005, 0x000A]) + b"\x01\0"
    t = Tcp(c, HMI, PLC, 53003, 10443)
    t.up(tls_record(22, tls_handshake(1, old), 0x0301))
    t.down(tls_record(22, tls_handshake(2, hexa("0301") + bytes(range(32)) + b"\0\0\x05\0"), 0x0301))
    t.close()


def http__exchanges(c):
    """Pages with and without length, chunks, HEAD, a POST, a tunnel by CONNECT; no secret of them may come out."""
    t = Tcp(c, HMI, PLC, 54001, 80)
    get = b"GET /status.cgi?token=SECRET HTTP/1.1\r\nHost: press-07.plant.example\r\nUser-Agent: ExampleBrowser/5.0\r\n" \
          b"Cookie: session=SECRET\r\nAuthorization: Basic U0VDUkVU\r\n\r\n"
    page = b"<html><head>\n<TITLE>Press 7 - Status</TITLE></head><body>" + b"x" * 3000 + b"</body></html>"
    head = b"HTTP/1.1 200 OK\r\nServer: ExampleWeb/1.2\r\nContent-Type: text/html\r\nContent-Length: %d\r\n" \
           b"Set-Cookie: session=SECRET\r\n\r\n" % len(page)
    whole = head + page
    t.up(get[:40], get[40:])
    t.down(whole[:100], whole[100:1500], whole[1500:])
    t.up(b"HEAD / HTTP/1.1\r\nHost: 192.168.10.20\r\n\r\n")
    t.down(b"HTTP/1.1 200 OK\r\nServer: ExampleWeb/1.2\r\nContent-Length: 5000\r\n\r\n")
    t.up(b"GET / HTTP/1.1\r\nHost: 192.168.10.20\r\n\r\n")
    t.down(b"HTTP/1.1 401 Unauthorized\r\nServer: ExampleWeb/1.3\r\nWWW-Authenticate: Basic realm=\"EX-100 service\"\r\n"
           b"Content-Length: 0\r\n\r\n")
    t.up(b"POST /set HTTP/1.1\r\nHost: 192.168.10.20\r\nUser-Agent: ExampleTool/1\r\nContent-Length: 15\r\n\r\npassword=SECRET")
    t.down(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
           b"20\r\n<html><title>Done</title></html>\r\n0\r\n\r\n")
    t.close()

    t = Tcp(c, HMI, SERVER, 54002, 3128)
    t.up(b"CONNECT vendor.example:443 HTTP/1.1\r\nHost: vendor.example:443\r\nUser-Agent: Updater/2\r\n\r\n")
    t.down(b"HTTP/1.1 200 Connection established\r\n\r\n")
    t.up(tls_record(22, tls_client_hello(b"vendor.example"), 0x0301))
    t.close()

    t = Tcp(c, HMI, PLC, 54003, 9080)
    t.up(b"GET / HTTP/1.0\r\n\r\n")
    t.down(b"HTTP/1.0 200 OK\r\nServer: GoAhead-Webs\r\n\r\n", b"until the end " * 20)
    t.close()


def cases():
    for name, case in sorted(globals().items()):
        protocol, separator, what = name.partition("__")
        if protocol and separator and what and callable(case):
            capture = Capture()
            case(capture)
            yield protocol, os.path.join(HERE, protocol, what.replace("_", "-") + ".pcap"), capture.file()


def check():
    stale = []
    for _, path, content in cases():
        try:
            with open(path, "rb") as f:
                if f.read() != content:
                    stale.append(path)
        except OSError:
            stale.append(path)
    for path in stale:
        print(f"{os.path.relpath(path, HERE)} is not what make_captures.py writes; run it and bless the case")
    return 1 if stale else 0


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    for protocol, path, content in cases():
        if sys.argv[1:] and protocol not in sys.argv[1:]:
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
