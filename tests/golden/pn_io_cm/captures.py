# PROFINET IO context management as IEC 61158-6-10 writes it: connectionless RPC (C706 chapter 12), arguments, blocks.
import struct
import uuid

from packets import HMI, PLC, Host, hexa, mac

CODE = ["pn_io.opnum", "epm.opnum"]
IDENTITY = ["pn_io.im_order_id", "pn_io.im_serial_number", "pn_io.im_tag_function", "pn_io.im_tag_location", "pn_io.im_date", "pn_io.im_descriptor",
            "pn_io.cminitiator_station_name", "pn_io.cminitiator_mac_add"]
KNOWN = {
    # tshark reads no operation in a PDU of type fault or reject.
    "errors: 192.168.10.20 code opnum 0: tshark 2, transcript 3",
    "errors: 192.168.10.20 code opnum 9: tshark 0, transcript 1",
    # Made so: arguments and body beyond the datagram, of which tshark shows what is there, and a record that is cut.
    "broken: 192.168.10.10 code opnum 2: tshark 4, transcript 2",
    "broken: tshark finds frame 2 malformed",
}


def as_code(value):
    return f"opnum {int(value)}"


def of_code(code):
    return code.replace("epm ", "")


DEVICE, CONTROLLER, SUPERVISOR, PARAMETERS = (uuid.UUID(f"dea0000{n}-6c97-11d1-8271-00a02442df7d") for n in (1, 2, 3, 4))
MAPPER = uuid.UUID("e1af8308-5d1f-11c9-91a4-08002b14a0fa")
NIL = uuid.UUID(int=0)
AR = uuid.UUID("0a1b2c3d-0001-4000-8000-020000000001").bytes
ACTIVITY = uuid.UUID("0a1b2c3d-0002-4000-8000-020000000002")
BACK = uuid.UUID("0a1b2c3d-0003-4000-8000-020000000003")  # of the calls that the device makes
REQUEST, PING, RESPONSE, FAULT, WORKING, NOCALL, REJECT, ACK, FACK = 0, 1, 2, 3, 4, 5, 6, 7, 9
STATION = Host("02:00:5e:00:01:15", "192.168.10.21")


def station(vendor, device, instance=1):
    return uuid.UUID(f"dea00000-6c97-11d1-8271-{instance:04x}{device:04x}{vendor:04x}")


def pdu(kind, opnum, body, sequence=0, little=True, interface=DEVICE, obj=station(0x002A, 0x0313), activity=ACTIVITY, flags=0x20, fragment=0, length=None):
    order = "<" if little else ">"
    as_bytes = lambda u: u.bytes_le if little else u.bytes
    return (struct.pack("BBBB", 4, kind, flags, 0) + bytes([0x10 if little else 0, 0, 0, 0]) + as_bytes(obj) + as_bytes(interface) + as_bytes(activity) +
            struct.pack(order + "IIIHHHHHBB", 0, 3 if interface == MAPPER else 1, sequence, opnum, 0xFFFF, 0xFFFF, len(body) if length is None else length, fragment, 0, 0) + body)


def asks(blocks, little=True, count=None):
    count = len(blocks) if count is None else count
    return struct.pack(("<" if little else ">") + "IIIII", 16696, count, 16696, 0, count) + blocks


def answers(blocks, status=0, little=True):
    return struct.pack(("<" if little else ">") + "IIIII", status, len(blocks), 16696, 0, len(blocks)) + blocks


def block(kind, body, version=0x0100):
    return struct.pack("!HHH", kind, len(body) + 2, version) + body


def ar_request(name=b"press-4.plc", kind=1, vendor=0x002A, device=0x010D):
    return block(0x0101, struct.pack("!H", kind) + AR + struct.pack("!H", 1) + HMI.mac + station(vendor, device).bytes +
                 struct.pack("!IHHH", 0x11, 600, 0x8892, len(name)) + name)


def ar_answer(kind=1):
    return block(0x8101, struct.pack("!H", kind) + AR + struct.pack("!H", 1) + PLC.mac + struct.pack("!H", 0x8892))


def iocr(kind, frame_id):
    head = struct.pack("!HHHIHHHHHHIHHH", kind, kind, 0x8892, 1, 40, frame_id, 32, 64, 1, 0, 0xFFFFFFFF, 3, 3, 0xC000)
    return block(0x0102, head + bytes(6) + struct.pack("!H", 1) + struct.pack("!IHHHHHHHH", 0, 1, 0, 1, 0, 1, 1, 1, 1))


def expected(slot, module, submodule):
    return block(0x0104, struct.pack("!HIHIHHHIHHHBB", 1, 0, slot, module, 0, 1, 1, submodule, 0, 1, 0, 1, 1))


ALARM = block(0x0103, struct.pack("!HHIHHHHHH", 1, 0x8892, 0, 1, 3, 3, 200, 0xC000, 0xA000))
CONNECT = iocr(1, 0x8001) + iocr(2, 0xFFFF) + expected(0, 1, 1) + expected(1, 0x30, 1) + ALARM
CONNECTED = block(0x8102, struct.pack("!HHH", 1, 1, 0x8001)) + block(0x8102, struct.pack("!HHH", 2, 2, 0x8002)) + block(0x8103, struct.pack("!HHH", 1, 1, 200))


def record(kind, index, slot=0, subslot=1, api=0, length=0, status=None, rest=24, sequence=1):
    tail = bytes(rest) if status is None else struct.pack("!HHI", 0, 0, status) + bytes(16)
    return block(kind, struct.pack("!H", sequence) + AR + struct.pack("!IHHHHI", api, slot, subslot, 0, index, length) + tail)


def read_request(index, slot=0, subslot=1, api=0, length=4096):
    return record(0x0009, index, slot, subslot, api, length)


def read_answer(index, data, slot=0, subslot=1, api=0):
    return record(0x8009, index, slot, subslot, api, len(data)) + data


def write_request(index, data, slot=0, subslot=1, api=0):
    return record(0x0008, index, slot, subslot, api, len(data)) + data


def write_answer(index, slot=0, subslot=1, api=0, status=0, length=0):
    return record(0x8008, index, slot, subslot, api, length, status)


def padded(data):
    return data + bytes(-len(data) % 4)


def controls(kind, command):
    return block(kind, bytes(2) + AR + struct.pack("!HHHH", 1, 0, command, 0))


def call(c, opnum, request, answer, sequence=0, port=34964, status=0, client=(HMI, 49153), server=(PLC, 49156), little=True, **how):
    """The request goes to the port, the answer comes from another."""
    c.udp(client[0], client[1], server[0], port, pdu(REQUEST, opnum, asks(request, little), sequence, little, **how))
    c.udp(server[0], server[1], client[0], client[1], pdu(RESPONSE, opnum, answers(answer, status), sequence, flags=0x0A, **how))


def start_up(c):
    """Connect, parameters, end of them, the device's own call that it is ready, a read, release."""
    call(c, 0, ar_request() + CONNECT, ar_answer() + CONNECTED + block(0x8104, struct.pack("!HIH", 0, 0, 0)) +
         block(0x8106, struct.pack("!H", 14) + b"press-4.cell-2" + bytes(2)), little=False)
    parameters = [(0x8052, 0, 0x8000, bytes(21)), (0x0001, 1, 1, bytes(7)), (0x0002, 2, 1, bytes(4))]
    many = b"".join(padded(write_request(index, data, slot, subslot)) for index, slot, subslot, data in parameters)
    done = b"".join(write_answer(index, slot, subslot, length=len(data)) for index, slot, subslot, data in parameters)
    call(c, 3, record(0x0008, 0xE040, 0, 0, length=len(many)) + many, write_answer(0xE040, 0, 0, length=len(done)) + done, 1, 49156)
    call(c, 4, controls(0x0110, 1), controls(0x8110, 8), 2, 49156)
    c.udp(PLC, 49157, HMI, 34964, pdu(REQUEST, 4, asks(controls(0x0112, 2)), 0, interface=CONTROLLER, obj=station(0x002A, 0x010D), activity=BACK))
    c.udp(HMI, 49154, PLC, 49157, pdu(RESPONSE, 4, answers(controls(0x8112, 8)), 0, interface=CONTROLLER, obj=station(0x002A, 0x010D), activity=BACK))
    call(c, 2, read_request(0x800C, 1, 1), read_answer(0x800C, b"", 1, 1), 3, 49156)
    call(c, 3, write_request(0x0005, bytes(3), 2, 1), write_answer(0x0005, 2, 1, length=3), 4, 49156)
    call(c, 1, controls(0x0114, 4), controls(0x8114, 8), 5)


def im0(vendor, order, serial, hardware, version):
    return block(0x0020, struct.pack("!H", vendor) + order.ljust(20) + serial.ljust(16) + struct.pack("!H", hardware) + version + struct.pack("!HHHBBH", 0, 0, 0, 1, 1, 0xE))


def identification(c):
    """I&M records of the device and of a module, read without a connection."""
    call(c, 5, read_request(0xF840), read_answer(0xF840, block(0x0030, struct.pack("!HIHHIHHI", 1, 0, 1, 0, 0x313, 1, 1, 1))))
    device = im0(0x002A, b"6ES7 155-6AU01-0BN0", b"S C-LDTS1234567", 5, b"V\4\2\3")
    call(c, 5, read_request(0xAFF0), read_answer(0xAFF0, device), 1)
    module = im0(0x002A, b"6ES7 131-6BF01-0BA0", b"S C-M1T345678", 2, b"V\0\0\1")
    call(c, 5, read_request(0xAFF0, 2), read_answer(0xAFF0, module, 2), 2)
    call(c, 5, read_request(0xAFF1), read_answer(0xAFF1, block(0x0021, b"Press 4 I/O".ljust(32) + b"Cell 2, rack 1".ljust(22))), 3)
    call(c, 5, read_request(0xAFF1, 2), read_answer(0xAFF1, block(0x0021, b"Guard".ljust(32) + b" " * 22), 2), 4)
    call(c, 5, read_request(0xAFF2), read_answer(0xAFF2, block(0x0022, b"2024-05-17 10:30")), 5)
    call(c, 5, read_request(0xAFF3), read_answer(0xAFF3, block(0x0023, b"Replaced after water damage".ljust(54))), 6)
    call(c, 5, read_request(0xAFF0), read_answer(0xAFF0, im0(0x7777, b"ABC-1", b"", 1, b"P\1\0\0")), 0, server=(STATION, 34964), activity=BACK)


def others(c):
    """A supervisor's connection, one of a kind that nobody lists, the other interfaces and controls, indexes of makers and profiles."""
    call(c, 0, ar_request(b"engineering-pc", 6, 0x002A, 0), ar_answer(6), interface=SUPERVISOR)
    call(c, 0, ar_request(b"other", 0x0077, 0, 0), ar_answer(0x0077), 1)
    call(c, 0, ar_request(b"motion", 0x0010), ar_answer(0x0010), 2, obj=station(0x00B0, 0x0040))
    call(c, 0, ar_request(b"redundant", 0x0020), ar_answer(0x0020), 3)
    for sequence, kind in enumerate((0x0111, 0x0113, 0x0116, 0x0117, 0x0118), 4):
        call(c, 4, controls(kind, 1), controls(kind | 0x8000, 8), sequence)
    call(c, 2, read_request(0xB02E, 3, 1, 0x3A00), read_answer(0xB02E, bytes(8), 3, 1, 0x3A00), 9, interface=PARAMETERS)
    call(c, 2, read_request(0x7FFF, 0x9000, 0x8001, 0xFF010203), read_answer(0x7FFF, bytes(8), 0x9000, 0x8001, 0xFF010203), 10)
    call(c, 3, write_request(0xAFF1, block(0x0021, b" " * 54)), write_answer(0xAFF1, length=60), 11)
    call(c, 3, write_request(0xFBFF, b""), write_answer(0xFBFF), 12)


def errors(c):
    """Refused: a connection without blocks, a read, one of two writes; calls that the server rejects or that fail."""
    call(c, 0, ar_request() + CONNECT, b"", status=0xDB810106)
    call(c, 2, read_request(0x800B, 7), record(0x8009, 0x800B, 7), 1, status=0xDE80B000)
    many = padded(write_request(0x0001, bytes(4), 1)) + padded(write_request(0x0002, bytes(4), 1))
    call(c, 3, record(0x0008, 0xE040, 0, 0, length=len(many)) + many,
         write_answer(0xE040, 0, 0) + write_answer(0x0001, 1) + write_answer(0x0002, 1, status=0xDF80B700), 2)
    c.udp(HMI, 49153, PLC, 34964, pdu(REQUEST, 0, asks(ar_request()), 3))
    c.udp(PLC, 34964, HMI, 49153, pdu(REJECT, 0, struct.pack("<I", 0x1C010003), 3))
    c.udp(HMI, 49153, PLC, 34964, pdu(REQUEST, 9, asks(b""), 4))
    c.udp(PLC, 34964, HMI, 49153, pdu(FAULT, 9, struct.pack("<I", 0x1C010002), 4))
    c.wait(11)
    call(c, 0, ar_request(), ar_answer(), 5)  # and the answer of one that was never heard
    c.udp(PLC, 49156, HMI, 49153, pdu(RESPONSE, 4, answers(controls(0x8110, 8)), 99))


def entry(obj, annotation, referent=1):
    text = annotation.encode() + b"\0"
    return obj.bytes_le + struct.pack("<III", referent, 0, len(text)) + padded(text)


def tower(interface, version, port):
    floors = struct.pack("<HB", 19, 0x0D) + interface.bytes_le + struct.pack("<HHH", version, 2, 0)
    floors += struct.pack("<HB", 19, 0x0D) + uuid.UUID("8a885d04-1ceb-11c9-9fe8-08002b104860").bytes_le + struct.pack("<HHH", 2, 2, 0)
    floors += struct.pack("<HBHH", 1, 0x0A, 2, 0) + struct.pack("<HBH", 1, 0x08, 2) + struct.pack(">H", port) + struct.pack("<HBHI", 1, 0x09, 4, 0)
    body = struct.pack("<H", 5) + floors
    return padded(struct.pack("<II", len(body), len(body)) + body)


def lookup(c, sequence, entries, towers, status=0, handle=bytes(20), server=(PLC, 34964)):
    ask = struct.pack("<II", 0, 1) + NIL.bytes + struct.pack("<I", 2) + NIL.bytes + struct.pack("<III", 0, 1, 0) + bytes(16) + struct.pack("<I", 1)
    how = {"interface": MAPPER, "obj": NIL}
    c.udp(HMI, 49153, server[0], 34964, pdu(REQUEST, 2, ask, sequence, **how))
    count = len(entries)
    answer = handle + struct.pack("<IIII", count, count, 0, count) + b"".join(entries) + b"".join(towers) + struct.pack("<I", status)
    c.udp(server[0], server[1], HMI, 49153, pdu(RESPONSE, 2, answer, sequence, flags=0x0A, **how))


def endpoint_mapper(c):
    """A tool asks the mapper what there is; it answers with what the device is, from the port or from another."""
    handle = struct.pack("<I", 0) + BACK.bytes_le
    lookup(c, 0, [entry(NIL, "IM155-6PN ST".ljust(25) + " " + "6ES7 155-6AU01-0BN0".ljust(20) + "     5 V  4  2  3")], [tower(MAPPER, 3, 34964)], handle=handle)
    lookup(c, 1, [entry(station(0x002A, 0x0313), "IM155-6PN ST".ljust(25) + " " + "6ES7 155-6AU01-0BN0".ljust(20) + "     5 V  4  2  3")], [tower(DEVICE, 1, 49156)])
    lookup(c, 2, [], [], 0x16C9A0D6)
    lookup(c, 0, [entry(station(0x0493, 2), "short")], [tower(DEVICE, 1, 34964)], server=(STATION, 49160))
    how = {"interface": MAPPER, "obj": NIL}
    c.udp(HMI, 49153, PLC, 34964, pdu(REQUEST, 4, handle, 3, **how))
    c.udp(PLC, 34964, HMI, 49153, pdu(RESPONSE, 4, bytes(24), 3, **how))
    where = struct.pack("<I", 1) + station(0x002A, 0x0313).bytes_le + struct.pack("<I", 2) + tower(DEVICE, 1, 0) + bytes(20) + struct.pack("<I", 1)
    c.udp(HMI, 49153, PLC, 34964, pdu(REQUEST, 3, where, 4, **how))


def fragments(c):
    """A write in three fragments, acknowledged, answered in two; pings and what answers them."""
    whole = asks(write_request(0x0010, bytes(3000), 4))
    parts = [whole[at:at + 1392] for at in range(0, len(whole), 1392)]
    for number, part in enumerate(parts):
        last = 2 if number + 1 == len(parts) else 0
        c.udp(HMI, 49153, PLC, 49156, pdu(REQUEST, 3, part, 1, flags=0x24 | last, fragment=number))
        c.udp(PLC, 49156, HMI, 49153, pdu(FACK, 3, struct.pack("<BxHIIHxx", 1, 1, 1392, 1392, number), 1, flags=0, fragment=number))
    c.udp(HMI, 49153, PLC, 49156, pdu(PING, 3, b"", 1, flags=0))
    c.udp(PLC, 49156, HMI, 49153, pdu(WORKING, 3, b"", 1, flags=0))
    c.udp(PLC, 49156, HMI, 49153, pdu(RESPONSE, 3, answers(write_answer(0x0010, 4, length=3000)), 1))
    c.udp(HMI, 49153, PLC, 49156, pdu(ACK, 3, b"", 1, flags=0))
    c.udp(HMI, 49153, PLC, 49156, pdu(REQUEST, 2, asks(read_request(0xF831)), 2))
    whole = answers(read_answer(0xF831, bytes(2000)))
    c.udp(PLC, 49156, HMI, 49153, pdu(RESPONSE, 2, whole[:1392], 2, flags=0x04, fragment=0))
    c.udp(PLC, 49156, HMI, 49153, pdu(RESPONSE, 2, whole[1392:], 2, flags=0x06, fragment=1))
    c.udp(HMI, 49153, PLC, 49156, pdu(PING, 2, b"", 3, flags=0))
    c.udp(PLC, 49156, HMI, 49153, pdu(NOCALL, 2, b"", 3, flags=0))


def broken(c):
    """A station name beyond its block, arguments beyond the datagram, a body beyond it; then a good one."""
    c.udp(HMI, 49153, PLC, 34964, pdu(REQUEST, 2, asks(read_request(0xAFF0)), 1))
    c.udp(PLC, 34964, HMI, 49153, pdu(RESPONSE, 2, answers(read_answer(0xAFF0, im0(0x002A, b"X", b"Y", 1, b"V\1\0\0")[:30])), 1))
    c.udp(HMI, 49153, PLC, 34964, pdu(REQUEST, 2, asks(read_request(0xAFF0), count=2000), 2))
    c.udp(HMI, 49153, PLC, 34964, pdu(REQUEST, 2, asks(read_request(0xAFF0)), 3, length=9000))
    c.udp(HMI, 49153, PLC, 34964, pdu(REQUEST, 2, asks(read_request(0xAFF0)), 4))
