# EtherNet/IP encapsulation as CIP Networks Library volume 2, chapter 2 writes it.
import struct

from enip_frames import encapsulated, identity, items, path, request, response, rr_data, unit_data
from packets import BROADCAST, HMI, PLC, Tcp, hexa, ip

ALSO = {"cip"}
CODE = "enip.command"
IDENTITY = ["enip.lir.name", "enip.lir.serial", "enip.lir.vendor"]
KNOWN = {
    # packet-enip.c takes the rest of a message for the header of one.
    "midstream: 192.168.10.20 code 0x0000: tshark 1, transcript 0",
    "midstream: 192.168.10.20 code 0x008e: tshark 1, transcript 0",
    "midstream: 192.168.10.20 code 0x006f: tshark 0, transcript 1",
}
DECODE_AS = ["tcp.port==44999,enip"]

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {
    "cmd": "code 0x{}", ("service", "class_id"): lambda service, what: "code service 0x%s class 0x%s" % (service, what.lower()),
    "cip.service": lambda service: "code service 0x%02x" % (int(service, 0) & 0x7F),
    # An answer names the service only.
    ("cip.service", "cip.class"): lambda service, what: "code service %s class %s" % (service, what) if int(service, 0) < 0x80 else "",
    "cip.genstat": lambda status: "error" if int(status, 0) not in (0, 6) else "",
}


def of_code(code):
    return code.split(" class ")[0]


def as_value(value):
    """A serial number as it stands on the device."""
    return value.removeprefix("0x")


GET = request(0x0E, path(1, 1, 7))
GOT = response(0x0E, b"\x05Press")
ADDRESS = struct.pack("!HH4s8x", 2, 44818, ip("192.168.10.20"))


def listed(name, **what):
    return items((0x0C, struct.pack("<H", 1) + ADDRESS + identity(name, **what) + b"\x03"))


def commands(c):
    """Every command once, a status that refuses, a command that no specification names."""
    t = Tcp(c, HMI, PLC, 49152, 44818)
    t.up(encapsulated(0x04, session=0, context=1))
    t.down(encapsulated(0x04, items((0x100, struct.pack("<HH16s", 1, 0x120, b"Communications"))), session=0, context=1))
    t.up(encapsulated(0x63, session=0, context=2))
    t.down(encapsulated(0x63, listed(b"1756-L85E/B"), session=0, context=2))
    t.up(encapsulated(0x64, session=0, context=3))
    t.down(encapsulated(0x64, items(), session=0, context=3))
    t.up(encapsulated(0x65, hexa("01000000"), session=0, context=4))
    t.down(encapsulated(0x65, hexa("01000000"), context=4))
    t.up(encapsulated(0x00, b"\0\0\0\0"))
    t.up(rr_data(GET, 5))
    t.down(rr_data(GOT, 5))
    t.up(unit_data(GET, 0x11223344, 1))
    t.down(unit_data(GOT, 0x80020001, 1))
    t.up(encapsulated(0x72, context=6))
    t.down(encapsulated(0x72, status=1, context=6))
    t.up(encapsulated(0x73, context=7))
    t.down(encapsulated(0x73, status=1, context=7))
    t.up(encapsulated(0xC8, context=8))
    t.down(encapsulated(0xC8, status=1, context=8))
    t.up(encapsulated(0x01, session=0))
    t.up(rr_data(GET, 9))
    t.down(encapsulated(0x6F, status=0x64, context=9))
    t.up(encapsulated(0x66))
    t.close()


def discovery(c):
    """ListIdentity to everybody, answered by a controller, a drive, and a maker in no list."""
    c.udp(HMI, 50000, BROADCAST, 44818, encapsulated(0x63, session=0), dst=ip("192.168.10.255"))
    c.udp(PLC, 44818, HMI, 50000, encapsulated(0x63, listed(b"1769-L18ER/B LOGIX5318ER", status=0x3070), session=0))
    drive = listed(b"PowerFlex 525", kind=2, product=9, revision=(5, 1), status=0x0134, serial=0x9A8B7C6D)
    c.udp(PLC, 44818, HMI, 50000, encapsulated(0x63, drive, session=0))
    other = listed(b"IO-Unit 16", vendor=65000, kind=12, product=300, status=0x0C04)
    c.udp(PLC, 44818, HMI, 50000, encapsulated(0x63, other, session=0))


def stream(c):
    """Messages split and joined by TCP, one answer lost on the mirror."""
    t = Tcp(c, HMI, PLC, 49154, 44818)
    asks = [rr_data(GET, n) for n in range(1, 7)]
    answers = [rr_data(GOT, n) for n in range(1, 7)]
    t.up(asks[0] + asks[1])
    t.down(answers[1], answers[0])                 # answered in the other order
    t.up(asks[2][:10], asks[2][10:])
    t.down(answers[2][:30], answers[2][30:])
    t.up(asks[3])
    t.lost(1, len(answers[3]))
    t.up(asks[4])
    t.down(answers[4])


def midstream(c):
    """A connection opened before the capture began: it starts with the end of an answer."""
    t = Tcp(c, HMI, PLC, 49155, 44818, handshake=False)
    t.down(rr_data(GOT, 1)[40:])
    t.up(rr_data(GET, 2))
    t.down(rr_data(GOT, 2))
    t.up(rr_data(GET, 3))
    t.down(rr_data(GOT, 3))


def other_port(c):
    """Forwarded to another port: recognised by the registration of the session."""
    t = Tcp(c, HMI, PLC, 49156, 44999)
    t.up(encapsulated(0x65, hexa("01000000"), session=0, context=1))
    t.down(encapsulated(0x65, hexa("01000000"), context=1))
    t.up(rr_data(GET, 2))
    t.down(rr_data(GOT, 2))
    t.close()
