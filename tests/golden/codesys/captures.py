# CODESYS V3: block driver, datagram, channel and service layer as public decoders agree on them; tags as the maker's component interfaces
# (Cmp...Itf.h of the runtime toolkit) name them.
import struct
import zlib

from packets import BROADCAST, HMI, PLC, Tcp, ip

# tshark knows nothing of it.
CLIENT_ADDRESS = struct.pack("!H4s", 49152, ip("192.168.10.10"))
DEVICE_ADDRESS = struct.pack("!H4s", 11740, ip("192.168.10.20"))
NAME_REQUEST, NAME_RESPONSE, CHANNEL = 3, 4, 0x40


def datagram(service, body, receiver=DEVICE_ADDRESS, sender=CLIENT_ADDRESS, header=3):
    head = bytes([0xC5, 13 << 3 | header, 0x40, service, 0, len(sender) // 2 << 4 | len(receiver) // 2]) + bytes(2 * header - 6) + receiver + sender
    return head + bytes(-len(head) % 4) + body


def block(service, body, **more):
    inside = datagram(service, body, **more)
    return bytes.fromhex("000117e8") + struct.pack("<I", 8 + len(inside)) + inside


def tag(number, value):
    varint = lambda n: bytes([n]) if n < 0x80 else bytes([n & 0x7F | 0x80]) + varint(n >> 7)
    return varint(number) + varint(len(value)) + value


def aligned(number, value):
    """The size with a byte of nothing, so that the value begins at a multiple of four."""
    return bytes([number, len(value) | 0x80, 0x80, 0]) + value


def first(payload, is_request, channel=0x1234, number=1, whole=None):
    head = struct.pack("<BBHIIII", 1, 0x81 if is_request else 1, channel, number, number - 1, len(payload) if whole is None else whole, zlib.crc32(payload))
    return head + payload


def service(group, command, tags=b"", answer=False, protocol=0xCD55, header=16):
    return struct.pack("<HHHHII", protocol, header, group | (0x80 if answer else 0), command, 0xCAFE, len(tags)) + bytes(header - 12) + tags


def ask(t, group, command, tags=b"", **more):
    t.up(block(CHANNEL, first(service(group, command, tags), True, **more)))


def answer(t, group, command, tags=b"", **more):
    t.down(block(CHANNEL, first(service(group, command, tags, True), False, **more)))


def exchange(t, group, command, asked=b"", answered=b"", **more):
    ask(t, group, command, asked, **more)
    answer(t, group, command, answered, **more)


def text(value):
    return value.encode("utf-16-le")


def identification(request, node="PFC200-5A01", device="750-8212 PFC200 G2", vendor="WAGO", serial=b"2024-0017", parent=b""):
    head = struct.pack("<HHIHBBHHHH", 0xC280, 0x400, request, 4, 1, 0, len(parent), len(node), len(device), len(vendor))
    head += struct.pack("<IIIIBBBB8s", 0x1000, 0x1006120B, 0x050F0400, 0, len(serial), 0, 5, 0, bytes(8))
    return head + parent + b"".join(text(x) + b"\0\0" for x in (node, device, vendor)) + serial + b"\0"


def opened(t, message=7):
    t.up(block(CHANNEL, struct.pack("<BBHIIII", 0xC3, 0, 0x101, 0, message, 0x1F4000, 5)))
    t.down(block(CHANNEL, struct.pack("<BBHIIHHII", 0x83, 0, 0x101, 0, message, 0, 0x1234, 0x1F4000, 4)))


def closed(t):
    t.up(block(CHANNEL, struct.pack("<BBHIHH", 0xC4, 0, 0x101, 0, 0x1234, 0)))
    t.close()


def login(t, user=b"admin\0"):
    credentials = tag(0x81, tag(0x10, user) + tag(0x11, bytes(32)))
    ask(t, 1, 2, aligned(0x22, struct.pack("<I", 1)) + credentials)


def download(c):
    """Find, log in, download, start: what an engineering station does; identity, application, its state."""
    t = Tcp(c, HMI, PLC, 49152, 11740)
    t.up(block(NAME_REQUEST, struct.pack("<HHI", 0xC202, 0x400, 1)))
    t.down(block(NAME_RESPONSE, identification(1)))
    t.up(block(CHANNEL, struct.pack("<BBHIH", 0xC2, 0, 0x101, 0, 0)))
    opened(t)
    exchange(t, 1, 1, b"", tag(0x01, bytes(12)))
    login(t)
    answer(t, 1, 2, tag(0x82, tag(0x20, bytes(2)) + tag(0x21, struct.pack("<I", 0xCAFE))))
    exchange(t, 2, 0x18, tag(0x01, b""), tag(0x81, aligned(0x02, bytes(4)) + tag(0x03, b"Application\0") + tag(0x03, b"Safety\0")))
    exchange(t, 2, 1, tag(0x81, tag(0x10, b"Application\0") + tag(0x11, bytes(4))), tag(0x81, tag(0x11, bytes(4))))
    exchange(t, 2, 0x14, tag(0x81, tag(0x11, bytes(4))), tag(0x82, tag(0x13, struct.pack("<HII", 0, 1, 0))))
    exchange(t, 2, 0x11, tag(0x11, bytes(4)))
    exchange(t, 2, 0x14, tag(0x81, tag(0x11, bytes(4))), tag(0x82, tag(0x13, struct.pack("<HHII", 0, 0, 2, 0))))
    code = tag(0x82, bytes(3000))
    payload = service(2, 5, code)
    t.up(block(CHANNEL, first(payload[:472], True, whole=len(payload))))
    for i, at in enumerate(range(472, len(payload), 480)):
        t.up(block(CHANNEL, struct.pack("<BBHII", 1, 0x80, 0x1234, 2 + i, 1) + payload[at:at + 480]))
        t.down(block(CHANNEL, struct.pack("<BBHI", 2, 0, 0x1234, 2 + i)))
    answer(t, 2, 5)
    exchange(t, 2, 0x23, tag(0x81, tag(0x70, b"Application\0")))
    exchange(t, 2, 0x10, tag(0x11, bytes(4)))
    t.up(block(CHANNEL, struct.pack("<BBH", 3, 0, 0x1234)))
    t.down(block(CHANNEL, struct.pack("<BBH", 3, 0, 0x1234)))
    exchange(t, 2, 2)
    exchange(t, 1, 3)
    closed(t)


def files(c):
    """Every service of files and the shell; what stands behind a command's first word is nobody's business."""
    t = Tcp(c, HMI, PLC, 49153, 11740)
    opened(t)
    name = b"$PlcLogic$/Application.app\0"
    for command in (1, 2, 3, 5, 6, 0xE, 0xF, 0x10, 0x11, 0x12, 0x14):
        exchange(t, 8, command, tag(0x01, name) + tag(0x02, bytes(8)), tag(0x84, tag(0x08, bytes(2)) + tag(0x01, name)))
    for command in (4, 7, 9, 0xA, 0xB, 0xD):
        exchange(t, 8, command, tag(0x05, bytes(8)), tag(0x05, bytes(64)))
    exchange(t, 8, 8, tag(0x07, bytes(8) + name) + tag(0x02, bytes(12)))
    exchange(t, 8, 0xC, tag(0x0B, b"$PlcLogic$\0"), tag(0x8D, tag(0x90, tag(0x0E, name))))
    exchange(t, 0x11, 1, aligned(0x11, bytes(4)) + aligned(0x13, bytes(4)) + aligned(0x10, b"setcfg secret\0"), tag(0x82, tag(0x20, b"done\0")))
    closed(t)


SERVICES = {1: (4, 5, 6, 7, 8, 9, 0xA, 0xB), 5: (1, 2, 3), 9: range(1, 0xC), 0xF: range(1, 0x14), 0x1B: (1, 2),
            2: (3, 4, 6, 7, 8, 0x12, 0x13, 0x15, 0x16, 0x17, 0x19, 0x20, 0x21, 0x22, *range(0x24, 0x2A), *range(0x30, 0x3A), 0x40)}


def services(c):
    """All the other services; services and groups that nobody lists."""
    t = Tcp(c, HMI, PLC, 49154, 11741)
    opened(t)
    for group, commands in SERVICES.items():
        for command in commands:
            exchange(t, group, command, tag(0x11, bytes(4)))
    for group in (0x03, 0x0C, 0x13, 0x22, 0x1234):
        exchange(t, group, 0x77)
    exchange(t, 0x0C, 0x101)
    closed(t)


def errors(c):
    """A login that is refused, a channel that is not opened, services inside an encrypted channel, broken messages."""
    t = Tcp(c, HMI, PLC, 49155, 11740)
    t.up(block(CHANNEL, struct.pack("<BBHIIII", 0xC3, 0, 0x101, 0, 8, 0x1F4000, 5)))
    t.down(block(CHANNEL, struct.pack("<BBHIIHHII", 0x83, 0, 0x101, 0, 8, 5, 0, 0, 0)))
    opened(t, 9)
    login(t, b"nobody\0\0")
    answer(t, 1, 2, tag(0x82, tag(0x20, b"\x11\0")))
    t.up(block(CHANNEL, first(service(1, 2, bytes(40), protocol=0x7557), True)))
    t.down(block(CHANNEL, first(service(1, 2, bytes(40), protocol=0x5775), False)))
    t.up(block(CHANNEL, first(service(1, 2, protocol=0x1111), True)))
    t.up(block(CHANNEL, bytes([0x77, 0, 0, 0])))
    t.up(block(CHANNEL, first(service(2, 5), True)[:30]))
    t.up(block(0x55, bytes(8)))
    t.down(block(NAME_RESPONSE, identification(1)[:60]))
    # A tag beyond the block is what most first blocks end with; one that never ends is none.
    exchange(t, 2, 1, tag(0x81, tag(0x10, b"Application\0"))[:-4], b"\xff" * 12)
    closed(t)


def discovery(c):
    """Over UDP: who is there, asked of all; addresses; resolving."""
    node = bytes.fromhex("000a")
    everybody = {"dst": ip("192.168.10.255")}
    whole = datagram(NAME_REQUEST, struct.pack("<HHI", 0xC202, 0x400, 0x11), b"", node, header=4)
    c.udp(HMI, 1740, BROADCAST, 1740, whole, **everybody)
    c.udp(PLC, 1740, HMI, 1740, datagram(NAME_RESPONSE, identification(0x11, serial=b"", parent=b"\0\1"), node, bytes.fromhex("0014"), header=4))
    for package in (0xC201, 0xC202, 0xC203, 0xC280):
        c.udp(HMI, 1740, PLC, 1740, datagram(NAME_REQUEST, struct.pack("<HHI", package, 0x103, package), bytes.fromhex("0014"), node))
        c.udp(PLC, 1740, HMI, 1740, datagram(NAME_RESPONSE, identification(package), node, bytes.fromhex("0014")))
    c.udp(HMI, 1740, PLC, 1740, datagram(1, bytes(8), b"", node))
    c.udp(PLC, 1740, HMI, 1740, datagram(2, bytes(8), node, bytes.fromhex("0014")))
    c.udp(PLC, 1740, HMI, 1740, datagram(2, bytes(8), node, bytes.fromhex("0014")))
    c.udp(HMI, 1740, PLC, 1740, datagram(CHANNEL, struct.pack("<BBHIIII", 0xC3, 0, 0x101, 0, 3, 0x1F4000, 5), bytes.fromhex("0014"), node))
    c.udp(PLC, 1740, HMI, 1740, datagram(CHANNEL, struct.pack("<BBHIIHHII", 0x83, 0, 0x101, 0, 3, 0, 1, 0x1F4000, 4), node, bytes.fromhex("0014")))


def stream(c):
    """Messages split and joined, a gap, another port."""
    t = Tcp(c, HMI, PLC, 49156, 21740)
    opened(t)
    asks = lambda group, command: block(CHANNEL, first(service(group, command), True))
    answers = lambda group, command: block(CHANNEL, first(service(group, command, b"", True), False))
    t.up(asks(2, 0x10) + asks(2, 0x11))
    t.down(answers(2, 0x10)[:5], answers(2, 0x10)[5:40], answers(2, 0x10)[40:] + answers(2, 0x11))
    t.up(asks(2, 0x12))
    t.lost(1, len(answers(2, 0x12)))
    t.up(asks(5, 1))
    t.down(answers(5, 1))
    t.close()


def midstream(c):
    """A connection that was open before the capture began: it starts with the end of an answer."""
    t = Tcp(c, HMI, PLC, 49157, 21741, handshake=False)
    t.down(block(CHANNEL, first(service(5, 1, b"", True), False))[30:])
    for _ in range(2):
        exchange(t, 5, 1)
