# PTP version 2 as IEEE 1588-2019 clause 13 writes it, over Ethernet and UDP.
import struct

from packets import HMI, PLC, hexa

CODE = "ptp.v2.messagetype"
# A datagram shorter than its message says: tshark shows what there is.
KNOWN = {
    "datagrams: 192.168.10.10 code 0x1: tshark 2, transcript 1",
    "datagrams: tshark finds frame 5 malformed",
}
GROUP = hexa("011b19000000")
CLOCK = hexa("02005efffe000114")
LENGTHS = {0: 44, 1: 44, 2: 54, 3: 54, 8: 44, 9: 54, 0xA: 54, 0xC: 44}


def as_code(value):
    return "0x%x" % int(value, 0)


def message(kind, body, domain=0):
    return struct.pack("!BBHBBHQI", kind, 2, 34 + len(body), domain, 0, 0x0200, 0, 0) + CLOCK + struct.pack("!HHBb", 1, 7, 5, 0) + body


def announce(priority=128, grade=248):
    return message(0xB, bytes(10) + struct.pack("!hxBBBHB", 37, priority, grade, 0xFE, 0xFFFF, priority) + CLOCK + struct.pack("!HB", 0, 0xA0))


def ethernet(c):
    """Every type of message; the grandmaster announces itself, and then a better one."""
    for kind, length in LENGTHS.items():
        c.ethernet(PLC.mac, GROUP, 0x88F7, message(kind, bytes(length - 34)))
    c.ethernet(PLC.mac, GROUP, 0x88F7, message(0xD, bytes(14) + hexa("0001 0002 0000")))
    c.ethernet(PLC.mac, GROUP, 0x88F7, announce())
    c.ethernet(PLC.mac, GROUP, 0x88F7, announce(10, 6))
    c.ethernet(PLC.mac, GROUP, 0x88F7, message(0, bytes(10), 20))


def datagrams(c):
    """Over UDP; a length beyond the datagram is no message."""
    group = bytes([224, 0, 1, 129])
    to = hexa("01005e000181")
    c.udp(PLC, 319, to, 319, message(0, bytes(10)), dst=group)
    c.udp(PLC, 320, to, 320, message(8, bytes(10)), dst=group)
    c.udp(PLC, 320, to, 320, announce(), dst=group)
    c.udp(HMI, 319, to, 319, message(1, bytes(10)), dst=group)
    c.udp(HMI, 319, to, 319, message(1, bytes(10))[:-4], dst=group)
