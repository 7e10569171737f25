# CIP explicit messages as CIP Networks Library volume 1 and 1756-PM020 (Logix data access) write them.
import struct

from enip_frames import (Session, forward_open, forward_opened, identity, packet, path, request, response, rr_data, tag,
                         unconnected_send)
from packets import HMI, PLC, hexa

ALSO = {"enip", "pccc"}
CODE = "cip.sc"
IDENTITY = ["cip.id.product_name"]
KNOWN = {
    # The answer to what an unconnected send carried ends the sending too (volume 1, 3-5.5.4): said of both requests.
    "routes: 192.168.10.20 code 0x52: tshark 1, transcript 6",
    # The messages of this case contradict the specification; of those nothing is stated.
    "broken: tshark finds frame 6 malformed",
    "broken: tshark finds frame 7 malformed",
    "broken: tshark finds frame 8 malformed",
    "broken: 192.168.10.10 code 0x01: tshark 1, transcript 0",
    "broken: 192.168.10.10 code 0x0e: tshark 1, transcript 0",
    "broken: 192.168.10.10 code 0x52: tshark 1, transcript 0",
}


def of_code(code):
    """tshark has the service in a field of its own."""
    return code.split(" class ")[0].removeprefix("service ")


COMMON = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0D, 0x0E, 0x10, 0x11, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C]
# Of what some of them ask and answer.
ASKED = {0x03: "0100 0300", 0x04: "0100 0300 2a00", 0x11: "0a"}
ANSWERED = {0x03: "0100 0300 0000 2a00", 0x04: "0100 0300 0000", 0x08: "0500", 0x11: "01 0100", 0x1C: "01"}
# Services of one class each.
SPECIFIC = {
    0x01: [0x4B], 0x02: [0x4B], 0x03: [0x4B, 0x4C], 0x05: [0x4B, 0x4C, 0x4E, 0x54], 0x06: [0x56, 0x57, 0x5A],
    0x0F: [0x4B], 0x37: range(0x4B, 0x52), 0x39: [0x4B, 0x4E, *range(0x50, 0x58)], 0x42: range(0x4B, 0x55),
    0x44: range(0x4B, 0x52), 0x47: range(0x4B, 0x4F), 0x5D: range(0x4B, 0x4F), 0x5E: range(0x4B, 0x4E),
    0x5F: [0x4B, 0x4C], 0x6B: [0x4C, 0x4D, 0x4E, 0x52, 0x53, 0x55], 0x6C: [0x4C], 0x72: [0x4C],
    0x8E: [0x4B, 0x4C], 0xA1: [0x4B, 0x4D, 0x51], 0xF3: range(0x4B, 0x53), 0xF5: [0x4C], 0xF6: [0x4C],
}


def refused(services):
    return response(0x0A, packet(*(response(x, status=0x08) for x in services)), status=0x1E)


def common_services(c):
    """Every service that all classes may have, of an object whose data is the process's; then what they mean elsewhere."""
    s = Session(c, HMI, PLC, 49152)
    for services in (COMMON[:7], COMMON[7:14], COMMON[14:]):
        s.ask(request(0x0A, path(2, 1), packet(*(request(x, path(0x04, 100, 3), hexa(ASKED.get(x, ""))) for x in services))),
              response(0x0A, packet(*(response(x, hexa(ANSWERED.get(x, ""))) for x in services))))
    for service in (0x01, 0x08, 0x10):
        classes = (0x01, 0x06, 0x43, 0x5D, 0x68, 0xF5, 0x64, 0x109, 0x304)
        s.ask(request(0x0A, path(2, 1), packet(*(request(service, path(x, 1)) for x in classes))), refused([service] * 9))
    s.close()


def object_services(c):
    """Every service that means something to one class only, and one that nobody names."""
    s = Session(c, HMI, PLC, 49153)
    for of_class, services in SPECIFIC.items():
        s.ask(request(0x0A, path(2, 1), packet(*(request(x, path(of_class, 1)) for x in services))), refused(services))
    pccc = hexa("07 4d00 78563412") + hexa("06 00 0100 03")
    s.ask(request(0x4B, path(0x67, 1), pccc), response(0x4B, hexa("07 4d00 78563412") + hexa("46 00 0100")))
    s.ask(request(0x4B, path(0x68, 2)), response(0x4B))
    s.ask(request(0x63, path(0x04, 2)), response(0x63, status=0x08))
    s.close()


def tags(c):
    """Logix tags by name: read, write, one bit, in fragments, with members and elements; what exists."""
    s = Session(c, HMI, PLC, 49154)
    s.ask(request(0x4C, tag(b"LineSpeed"), hexa("0100")), response(0x4C, hexa("c400 2a000000")))
    s.ask(request(0x4C, tag(b"Motor1", b"Speed"), hexa("0100")), response(0x4C, hexa("ca00 00002041")))
    s.ask(request(0x4D, tag(b"Recipe", 3, b"Weight"), hexa("ca00 0100 00002041")), response(0x4D))
    s.ask(request(0x4E, tag(b"Flags"), hexa("0400 01000000 ffffffff")), response(0x4E))
    s.ask(request(0x52, tag(b"Table", 1000), hexa("f401 00000000")), response(0x52, hexa("c400 01000000"), status=6))
    s.ask(request(0x53, tag(b"Table"), hexa("c400 0a00 00000000 01000000")), response(0x53))
    s.ask(request(0x4C, tag(b"NoSuch"), hexa("0100")), response(0x4C, status=4, more=hexa("0000")))
    s.ask(request(0x55, tag(b"Program:Main") + path(0x6B, 0), hexa("0200 0100 0200")), response(0x55))
    s.ask(request(0x4C, path(0x6B, 0x1234), hexa("0100")), response(0x4C, hexa("c400 2a000000")))
    s.close()


def connections(c):
    """A connection through the backplane to the controller in slot 0: what it answers is not the adapter's own word."""
    s = Session(c, HMI, PLC, 49155)
    where = hexa("01 00") + path(2, 1)
    s.ask(forward_open(where), forward_opened())
    s.ask_connected(request(0x01, path(1, 1)), response(0x01, identity(b"1756-L61/B LOGIX5561", revision=(16, 20))))
    s.ask_connected(request(0x0A, path(2, 1), packet(
        request(0x4C, tag(b"LineSpeed"), hexa("0100")), request(0x03, path(0x8B, 1), hexa("0100 0600")),
        request(0x0E, path(1, 1, 9)))),
        response(0x0A, packet(response(0x4C, hexa("c400 2a000000")), response(0x03, hexa("0100 0600 0000 00000000")),
                              response(0x0E, status=0x14)), status=0x1E))
    s.ask_connected(request(0x07, path(0x8E, 1)), response(0x07))
    s.ask(request(0x4E, path(6, 1), hexa("0a 0e 4200 4d00 78563412") + bytes([len(where) // 2, 0]) + where),
          response(0x4E, hexa("4200 4d00 78563412 0000")))
    io = path(4, 151) + hexa("2c 96 2c 64")
    s.ask(forward_open(io, serial=0x43), forward_opened(serial=0x43))
    s.ask(forward_open(io, 0x5B, serial=0x44), response(0x5B, hexa("4400 4d00 78563412 0000"), status=1, more=hexa("1101")))
    s.close()


def direct(c):
    """A connection to the device itself: its identity is its own."""
    s = Session(c, HMI, PLC, 49156)
    s.ask(forward_open(path(2, 1)), forward_opened())
    s.ask_connected(request(0x01, path(1, 1)), response(0x01, identity(b"PowerFlex 755", kind=2, status=0x0060)))
    s.close()


def routes(c):
    """Unconnected sends into a rack: each answer belongs to the request inside, each identity to its module."""
    s = Session(c, HMI, PLC, 49157)
    ask = request(0x01, path(1, 1))
    s.ask(ask, response(0x01, identity(b"1756-ENBT/A", kind=12, product=58, revision=(4, 7), status=0x0060)))
    for slot, name in ((0, b"1756-L61/B LOGIX5561"), (2, b"MVI56 Gateway")):
        s.ask(unconnected_send(ask, bytes([1, slot])), response(0x01, identity(name, serial=0x51823F + slot)))
    s.ask(unconnected_send(request(0x03, path(1, 1), hexa("0200 0400 0700")), hexa("01 03")),
          response(0x03, hexa("0200 0400 0000 0102 0700 0000 04") + b"IB16"))
    s.ask(unconnected_send(request(0x0A, path(2, 1), packet(ask, request(0x4C, tag(b"A"), hexa("0100")))), hexa("01 00")),
          response(0x0A, packet(response(0x01, identity(b"1756-L61/B LOGIX5561")), response(0x4C, hexa("c300 0100")))))
    s.ask(unconnected_send(ask, hexa("01 09")), response(0x52, status=1, more=hexa("0402")))
    far = hexa("12 0d") + b"192.168.20.30" + b"\0"
    s.ask(unconnected_send(ask, hexa("01 01") + far), response(0x01, identity(b"1734-AENT/B", kind=12)))
    s.close()


def answers_only(c):
    """A mirror that shows one direction: what an answer says by itself."""
    s = Session(c, HMI, PLC, 49158)
    for message in (response(0x0E, hexa("0100")), response(0x4C, hexa("c400 2a000000")),
                    response(0x0A, packet(response(0x03, hexa("0000")), response(0x03, status=0x14)), status=0x1E)):
        s.context += 1
        s.down(rr_data(message, s.context))
    s.close()


def broken(c):
    """A packet whose offsets go back, a path that ends early, a route longer than the message."""
    s = Session(c, HMI, PLC, 49159)
    s.ask(request(0x0A, path(2, 1), struct.pack("<HHH", 2, 8, 6) + request(0x01, path(1, 1))))
    s.ask(request(0x0E, hexa("20 01 25 00")))
    s.ask(request(0x52, path(6, 1), hexa("0a 0e 0600") + request(0x01, path(1, 1)) + hexa("7f 00 01 02")))
    s.close()
