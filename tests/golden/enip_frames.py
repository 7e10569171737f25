# Builds EtherNet/IP and CIP messages (CIP Networks Library volumes 1 and 2) for the captures of enip, cip, pccc.
import struct

from packets import Tcp, hexa

SESSION = 0x0A0B0C01


def encapsulated(command, body=b"", session=SESSION, status=0, context=0):
    return struct.pack("<HHIIQI", command, len(body), session, status, context, 0) + body


def items(*pairs):
    return struct.pack("<H", len(pairs)) + b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in pairs)


def rr_data(message, context, status=0):
    """An unconnected message, clause 2-4.7 of volume 2."""
    return encapsulated(0x6F, struct.pack("<IH", 0, 10) + items((0, b""), (0xB2, message)), context=context, status=status)


def unit_data(message, connection, sequence):
    """A message over a connection, clause 2-4.8 of volume 2."""
    return encapsulated(0x70, struct.pack("<IH", 0, 0) + items(
        (0xA1, struct.pack("<I", connection)), (0xB1, struct.pack("<H", sequence) + message)))


def identity(name, vendor=1, kind=0x0E, product=166, revision=(32, 11), status=0x3060, serial=0x00C0FFEE):
    """Attributes 1 to 7 of the identity object."""
    return struct.pack("<HHHBBHIB", vendor, kind, product, *revision, status, serial, len(name)) + name


def segment(kind, value):
    """A logical segment of a padded path: 8 bits where they suffice."""
    if value < 0x100:
        return bytes([kind, value])
    return bytes([kind + 1, 0]) + struct.pack("<H", value)


def path(of_class, instance=None, attribute=None):
    out = segment(0x20, of_class)
    if instance is not None:
        out += segment(0x24, instance)
    if attribute is not None:
        out += segment(0x30, attribute)
    return out


def tag(*parts):
    out = b""
    for part in parts:
        if isinstance(part, int):
            out += segment(0x28, part)
        else:
            out += bytes([0x91, len(part)]) + part + b"\0" * (len(part) % 2)
    return out


def request(service, where, data=b""):
    return bytes([service, len(where) // 2]) + where + data


def response(service, data=b"", status=0, more=b""):
    return bytes([0x80 | service, 0, status, len(more) // 2]) + more + data


def packet(*messages):
    """The services of a multiple service packet."""
    at, head = 2 + 2 * len(messages), b""
    for message in messages:
        head += struct.pack("<H", at)
        at += len(message)
    return struct.pack("<H", len(messages)) + head + b"".join(messages)


def unconnected_send(message, route):
    pad = b"\0" * (len(message) % 2)
    return request(0x52, path(6, 1), bytes([0x0A, 0x0E]) + struct.pack("<H", len(message)) + message + pad +
                   bytes([len(route) // 2, 0]) + route)


def forward_open(where, service=0x54, serial=0x0042):
    size = "<IHIH" if service == 0x54 else "<IIII"
    return request(service, path(6, 1), hexa("0a 0e") + struct.pack("<IIHHI", 0, 0x80020001, serial, 0x004D, 0x12345678) +
                   hexa("01 000000") + struct.pack(size, 2000000, 0x43F4, 2000000, 0x43F4) +
                   bytes([0xA3, len(where) // 2]) + where)


def forward_opened(service=0x54, serial=0x0042, ids=(0x11223344, 0x80020001)):
    return response(service, struct.pack("<IIHHIIIBB", *ids, serial, 0x004D, 0x12345678, 2000000, 2000000, 0, 0))


class Session(Tcp):
    """A connection with its session registered; ask() sends a message and its answer."""

    def __init__(self, capture, client, server, sport, dport=44818, **how):
        super().__init__(capture, client, server, sport, dport, **how)
        self.context = 0x1000
        self.sequence = 1
        self.up(encapsulated(0x65, hexa("01000000"), session=0, context=1))
        self.down(encapsulated(0x65, hexa("01000000"), context=1))

    def ask(self, message, answer=None):
        self.context += 1
        self.up(rr_data(message, self.context))
        if answer is not None:
            self.down(rr_data(answer, self.context))

    def ask_connected(self, message, answer=None, ids=(0x11223344, 0x80020001)):
        self.sequence += 1
        self.up(unit_data(message, ids[0], self.sequence))
        if answer is not None:
            self.down(unit_data(answer, ids[1], self.sequence))
