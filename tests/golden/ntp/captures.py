# Network time as RFC 5905 clause 7.3 writes it; control messages as RFC 9327 clause 2.
import struct

from packets import BROADCAST, HMI, PLC, ROUTER, SERVER, hexa, ip

# tshark fields of which every value must stand in a fact.
IDENTITY = []
# What fields of published samples say; ../samples_test.py.
SAMPLES = {"ntp.flags.mode": "", "ntp.stratum": "", "ntp.flags.vn": "", "ntp.refid": ""}


def packet(mode, stratum, reference, version=4):
    return struct.pack("!BBbb", version << 3 | mode, stratum, 6, -20) + hexa("00000100 00000200") + reference + bytes(32)


def clocks(c):
    """A client and its server, a server with a clock of its own, one that has no time, a refusal, peers, a broadcast."""
    c.udp(HMI, 123, SERVER, 123, packet(3, 0, bytes(4)))
    c.udp(SERVER, 123, HMI, 123, packet(4, 2, ip("192.168.10.1")))
    c.udp(SERVER, 50123, ROUTER, 123, packet(3, 0, bytes(4), 3))
    c.udp(ROUTER, 123, SERVER, 50123, packet(4, 1, b"GPS\0", 3))
    c.udp(HMI, 123, PLC, 123, packet(3, 0, bytes(4)))
    c.udp(PLC, 123, HMI, 123, packet(4, 0, b"RATE"))
    c.udp(PLC, 123, HMI, 123, packet(4, 16, b"INIT"))
    c.udp(SERVER, 123, ROUTER, 123, packet(1, 2, ip("192.168.10.1")))
    c.udp(ROUTER, 123, BROADCAST, 123, packet(5, 1, b"PPS\0"), dst=ip("192.168.10.255"))


def control(c):
    """What runs on a server is asked and told, a second part, another question."""
    words = b'version="ntpd 4.2.8p99@1.3728", processor="x86_64", system="Linux/5.10", leap=0'
    head = lambda operation, offset, size: struct.pack("!BBHHHHH", 0x26, operation, 1, 0, 0, offset, size)
    c.udp(HMI, 50123, SERVER, 123, head(2, 0, 0))
    c.udp(SERVER, 123, HMI, 50123, head(0xA2, 0, len(words)) + words + b"\0")
    c.udp(SERVER, 123, HMI, 50123, head(0x82, 0, len(words)) + words + b"\0")
    c.udp(SERVER, 123, HMI, 50123, head(0x82, 84, 8) + b"stratum=")
    c.udp(SERVER, 123, HMI, 50123, head(0x82, 0, 200) + words)
    c.udp(HMI, 50123, SERVER, 123, hexa("17 00 03 2a") + bytes(44))


KNOWN = {"control: tshark finds frame 5 malformed"}
