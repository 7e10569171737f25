# BACnet/IP as the specification writes it: ANSI/ASHRAE 135-2020, annex J (BVLL), clauses 6 (NPDU), 20 and 21 (APDU).
import struct

from packets import BROADCAST, HMI, PLC, SERVER

DECODE_AS = ["udp.port==50808,bvlc"]
# The length of the last case is wrong on purpose.
KNOWN = {"ethernet: tshark finds frame 3 malformed"}
EVERYBODY = bytes([192, 168, 10, 255])

# What fields of published samples say of an operation; ../samples_test.py.
OBJECTS = {"0": "analog-input", "1": "analog-output", "2": "analog-value", "4": "binary-output", "8": "device", "10": "file",
           "15": "notification-class", "20": "trend-log", "21": "life-safety-point"}
SAMPLES = {
    "service": lambda name: "function " + name.replace("-", "_"), "bacapp.confirmed_service": "code confirmed {}",
    "bacapp.unconfirmed_service": "code unconfirmed {}",
    ("bacapp.vendor_identifier", "bacapp.unconfirmed_service"): lambda vendor, service: "fact " + vendor if service == "0" else "",
    ("bacapp.objectType", "bacapp.instance_number", "bacapp.type"): lambda kind, number, pdu:
        "target object %s %s" % (OBJECTS.get(kind, ""), number) if pdu == "0" else "",
    "bacapp.type": lambda pdu: "error" if pdu in "567" else "",
}


def bvlc(function, body):
    return struct.pack("!BBH", 0x81, function, 4 + len(body)) + body


def unicast(apdu, expects=False):
    return bvlc(0x0A, bytes([1, 0x04 if expects else 0]) + apdu)


def oid(kind, instance):
    return struct.pack("!I", kind << 22 | instance)


def ctx(number, data):
    return bytes([number << 4 | 8 | len(data)]) + data


def app(number, data):
    head = bytes([number << 4 | len(data)]) if len(data) < 5 else bytes([number << 4 | 5, len(data)])
    return head + data


def opened(number, data):
    return bytes([number << 4 | 0xE]) + data + bytes([number << 4 | 0xF])


def text(value, charset=0):
    return app(7, bytes([charset]) + value)


def confirmed(service, parameters=b"", invoke=1):
    return unicast(bytes([0x00, 0x05, invoke, service]) + parameters, True)


def simple_ack(service, invoke=1):
    return unicast(bytes([0x20, invoke, service]))


def complex_ack(service, parameters, invoke=1):
    return unicast(bytes([0x30, invoke, service]) + parameters)


def error(service, invoke=1, kind=2, code=32):
    return unicast(bytes([0x50, invoke, service]) + app(9, bytes([kind])) + app(9, bytes([code])))


def exchange(c, request, response):
    c.udp(HMI, 47808, PLC, 47808, request)
    c.udp(PLC, 47808, HMI, 47808, response)


AI1, AO2, AV3, BO1, FILE, DEVICE = oid(0, 1), oid(1, 2), oid(2, 3), oid(4, 1), oid(10, 4), oid(8, 1234)
PRESENT, REAL = ctx(1, b"\x55"), app(4, bytes(4))


def reading(c):
    """Services that read: property, several properties, range, alarms, changes of value."""
    exchange(c, confirmed(12, ctx(0, AI1) + PRESENT, 1), complex_ack(12, ctx(0, AI1) + PRESENT + opened(3, REAL), 1))
    exchange(c, confirmed(12, ctx(0, AI1) + ctx(1, b"\x02\x00") + ctx(2, b"\1"), 2), error(12, 2))
    several = ctx(0, AV3) + opened(1, ctx(0, b"\x55") + ctx(0, b"\x6f"))
    exchange(c, confirmed(14, several, 3), complex_ack(14, ctx(0, AV3) + opened(1, ctx(2, b"\x55") + opened(4, REAL)), 3))
    exchange(c, confirmed(26, ctx(0, oid(20, 7)) + ctx(1, b"\x83"), 4), complex_ack(26, ctx(0, oid(20, 7)) + ctx(1, b"\x83") + ctx(3, b"\5\x40") +
             ctx(4, b"\0") + opened(5, b""), 4))
    exchange(c, confirmed(5, ctx(0, b"\x12") + ctx(1, AI1) + ctx(2, b"\1") + ctx(3, b"\x3c"), 5), simple_ack(5, 5))
    exchange(c, confirmed(28, ctx(0, b"\x12") + ctx(1, AI1) + ctx(2, b"\1") + ctx(3, b"\x3c") + opened(4, ctx(0, b"\x55")), 6), simple_ack(28, 6))
    notice = ctx(0, b"\x12") + ctx(1, DEVICE) + ctx(2, AI1) + ctx(3, b"\0") + opened(4, ctx(0, b"\x55") + opened(2, REAL))
    c.udp(PLC, 47808, HMI, 47808, confirmed(1, notice, 5))
    c.udp(HMI, 47808, PLC, 47808, simple_ack(1, 5))
    c.udp(PLC, 47808, HMI, 47808, unicast(bytes([0x10, 2]) + notice))
    exchange(c, confirmed(3, b"", 7), complex_ack(3, b"", 7))
    exchange(c, confirmed(29, b"", 8), complex_ack(29, opened(0, b"") + ctx(1, b"\0"), 8))


def writing(c):
    """Services that change something: values, lists, objects, files, the device's state. A password is not repeated anywhere."""
    write = lambda target, number: confirmed(15, target + PRESENT + opened(3, REAL) + ctx(4, b"\x08"), number)
    exchange(c, write(ctx(0, AO2), 1), simple_ack(15, 1))
    exchange(c, write(ctx(0, BO1), 2), error(15, 2, 2, 40))
    exchange(c, confirmed(16, ctx(0, AV3) + opened(1, ctx(0, b"\x55") + opened(2, REAL)), 3), simple_ack(16, 3))
    exchange(c, confirmed(8, ctx(0, oid(6, 1)) + ctx(1, b"\x17") + opened(3, ctx(0, b"\x7d\6\x0f\7")), 4), simple_ack(8, 4))
    exchange(c, confirmed(9, ctx(0, oid(6, 1)) + ctx(1, b"\x17") + opened(3, ctx(0, b"\x7d\6\x0f\7")), 5), simple_ack(9, 5))
    exchange(c, confirmed(10, opened(0, ctx(0, b"\x02")), 6), complex_ack(10, app(12, AV3), 6))
    exchange(c, confirmed(11, app(12, AV3), 7), simple_ack(11, 7))
    exchange(c, confirmed(6, app(12, FILE) + opened(0, app(3, b"\0") + app(2, b"\x10")), 8),
             complex_ack(6, b"\x11" + opened(0, app(3, b"\0") + app(6, b"abcd")), 8))
    exchange(c, confirmed(7, app(12, FILE) + opened(0, app(3, b"\0") + app(6, b"abcd")), 9), complex_ack(7, ctx(0, b"\0"), 9))
    exchange(c, confirmed(17, ctx(0, b"\5") + ctx(1, b"\1") + ctx(2, b"\0abc"), 10), simple_ack(17, 10))
    exchange(c, confirmed(20, ctx(0, b"\1") + ctx(1, b"\0abc"), 11), simple_ack(20, 11))
    exchange(c, confirmed(27, ctx(0, b"\1") + ctx(1, b"\0abc") + ctx(2, b"\1") + ctx(3, oid(21, 6)), 12), simple_ack(27, 12))
    exchange(c, confirmed(18, ctx(0, b"\x01\x04") + ctx(1, b"\5"), 13), complex_ack(18, ctx(0, b"\x01\x04") + ctx(1, b"\5"), 13))
    c.udp(HMI, 47808, PLC, 47808, unicast(bytes([0x10, 6]) + app(10, b"\x7d\6\x0f\7") + app(11, b"\x0c\0\0\0")))
    c.udp(HMI, 47808, PLC, 47808, unicast(bytes([0x10, 9]) + app(10, b"\x7d\6\x0f\7") + app(11, b"\x0c\0\0\0")))


def identity(c):
    """Who-Is with its I-Am, Who-Has with its I-Have; what the device object says about itself, also in UCS-2; a device behind a router."""
    broadcast = lambda host, apdu: c.udp(host, 47808, BROADCAST, 47808, bvlc(0x0B, bytes([1, 0x20, 0xFF, 0xFF, 0, 0xFF]) + apdu), dst=EVERYBODY)
    i_am = bytes([0x10, 0]) + app(12, DEVICE) + app(2, b"\x05\xc4") + app(9, b"\3") + app(2, b"\5")
    broadcast(HMI, bytes([0x10, 8]) + ctx(0, b"\0") + ctx(1, b"\x07\xd0"))
    broadcast(PLC, i_am)
    broadcast(HMI, bytes([0x10, 7]) + ctx(2, AI1))
    broadcast(PLC, bytes([0x10, 1]) + app(12, DEVICE) + app(12, AI1) + text(b"Supply air"))
    for number, (which, value) in enumerate(((77, b"AHU-3"), (121, b"Example Works"), (70, b"EX-9"), (44, b"4.2"), (12, b"1.7"), (58, b"Roof"),
                                             (28, b"Air handling"), (372, b"SN0815")), 1):
        name = ctx(1, bytes([which]) if which < 256 else struct.pack("!H", which))
        exchange(c, confirmed(12, ctx(0, DEVICE) + name, number), complex_ack(12, ctx(0, DEVICE) + name + opened(3, text(value)), number))
    several = ctx(0, DEVICE) + opened(1, ctx(2, b"\x3a") + opened(4, text("屋上".encode("utf-16-be"), 4)) + ctx(2, b"\x4d") + opened(5, app(9, b"\2") + app(9, b"\x20")))
    exchange(c, confirmed(14, ctx(0, DEVICE) + opened(1, ctx(0, b"\x3a") + ctx(0, b"\x4d")), 20), complex_ack(14, several, 20))
    routed = bytes([1, 0x08, 0, 5, 1, 12])
    c.udp(SERVER, 47808, HMI, 47808, bvlc(0x0A, routed + i_am.replace(DEVICE, oid(8, 77))))
    forwarded = bytes([192, 168, 10, 20]) + struct.pack("!H", 47808)
    c.udp(SERVER, 47808, HMI, 47808, bvlc(0x04, forwarded + bytes([1, 0]) + i_am))


def routed(c):
    """Requests to a device of another network; messages of the network layer and of the broadcast management say nothing."""
    ask = bytes([1, 0x24, 0, 5, 1, 12, 255]) + bytes([0, 5, 9, 12]) + ctx(0, AI1) + PRESENT
    c.udp(HMI, 47808, SERVER, 47808, bvlc(0x0A, ask))
    c.udp(SERVER, 47808, HMI, 47808, bvlc(0x0A, bytes([1, 0x08, 0, 5, 1, 12, 0x30, 9, 12]) + ctx(0, AI1) + PRESENT + opened(3, REAL)))
    c.udp(HMI, 47808, SERVER, 47808, bvlc(0x0A, bytes([1, 0x80, 0, 0, 5])))
    c.udp(HMI, 47808, SERVER, 47808, bvlc(0x05, b"\0\x3c"))
    c.udp(SERVER, 47808, HMI, 47808, bvlc(0x00, b"\0\0"))


def refusals(c):
    """Reject and abort; an answer in segments with its acknowledgements; a service nobody has heard of."""
    exchange(c, confirmed(12, ctx(0, AI1) + PRESENT, 1), unicast(bytes([0x60, 1, 4])))
    exchange(c, confirmed(14, ctx(0, DEVICE) + opened(1, ctx(0, b"\x08")), 2), unicast(bytes([0x71, 2, 4])))
    exchange(c, confirmed(99, b"", 3), unicast(bytes([0x60, 3, 9])))
    long = ctx(0, AV3) + ctx(1, b"\x57") + opened(3, REAL * 4)
    c.udp(HMI, 47808, PLC, 47808, confirmed(12, ctx(0, AV3) + ctx(1, b"\x57"), 4))
    c.udp(PLC, 47808, HMI, 47808, unicast(bytes([0x3C, 4, 0, 1, 12]) + long[:10]))
    c.udp(HMI, 47808, PLC, 47808, unicast(bytes([0x40, 4, 0, 1])))
    c.udp(PLC, 47808, HMI, 47808, unicast(bytes([0x38, 4, 1, 1, 12]) + long[10:]))
    c.udp(HMI, 47808, PLC, 47808, unicast(bytes([0x40, 4, 1, 1])))


def other_port(c):
    """On a port nobody has heard of."""
    c.udp(HMI, 50001, PLC, 50808, confirmed(12, ctx(0, AI1) + PRESENT, 1))
    c.udp(PLC, 50808, HMI, 50001, complex_ack(12, ctx(0, AI1) + PRESENT + opened(3, REAL), 1))


def ethernet(c):
    """BACnet Ethernet, and a device that counts its length wrong."""
    frame = lambda npdu: struct.pack("!H", 3 + len(npdu)) + b"\x82\x82\x03" + npdu
    for source, to, npdu in ((HMI, BROADCAST, bytes([1, 0x20, 0xFF, 0xFF, 0, 0xFF, 0x10, 8])),
                             (PLC, BROADCAST, bytes([1, 0x20, 0xFF, 0xFF, 0, 0xFF, 0x10, 0]) + app(12, DEVICE) + app(2, b"\x05\xc4") + app(9, b"\3") + app(2, b"\5"))):
        body = frame(npdu)
        c.ethernet(source.mac, to, int.from_bytes(body[:2], "big"), body[2:])
    exchange(c, bvlc(0x0A, bytes([1, 4, 0, 5, 1, 20]) + ctx(0, b"\0")).replace(b"\x81\x0a\0\x0c", b"\x81\x0a\0\x11"), simple_ack(20))
