# FL-net as JEM 1479 writes its header (64 bytes, big endian) and JEM 1480 its device profile.
import struct

from packets import BROADCAST, Host, hexa, ip

CYCLIC, MESSAGE, JOIN, SENDER = 55000, 55001, 55002, 55003

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"tcd": "code {}", "src_node": "fact {}", "run": {"True": "fact RUN"}.get,
           "area1_words": lambda words: "target area 1 words 40..%d" % (39 + int(words)),
           "area2_words": lambda words: "target area 2 words 640..%d" % (639 + int(words))}

ALL = ip("192.168.250.255")
NODES = {n: Host("02:00:5e:00:02:%02x" % n, "192.168.250.%d" % n) for n in (1, 2, 11)}


def flnet(source, destination, code, data=b"", sequence=0, area1=(0, 0), area2=(0, 0), status=0x8000, address=0, size=0, result=0):
    length = 64 + len(data)
    return struct.pack("!4sIIIIIIHHIBBHHHHHHHHBBBBHBBH", b"FACN", length, 0x00010000 | source, 0x00010000 | destination, 0x070707,
                       sequence, 0x01000000, status, size, address, 10, result, 0, code, 0, *area1, *area2, 0, 0x80, 0, 1, 1, length,
                       0x61, 50, 2) + data


def send(c, source, port, payload, to=None):
    if to is None:
        c.udp(NODES[source], SENDER, BROADCAST, port, payload, dst=ALL)
    else:
        c.udp(NODES[source], SENDER, NODES[to], port, payload)


def exchange(c, code, sequence, data=b"", answer=b"", result=0, **fields):
    """Node 1 asks node 2; both send from 55003 to 55001."""
    send(c, 1, MESSAGE, flnet(1, 2, code, data, sequence, **fields), to=2)
    send(c, 2, MESSAGE, flnet(2, 1, code + 200, answer, sequence, result=result), to=1)


def cyclic(c):
    """Three nodes of a ring: areas 1 and 2, area 1 only, no area; one of them stops; a node without token sends more."""
    for turn in range(3):
        send(c, 1, CYCLIC, flnet(1, 2, 65000, bytes(8 + 128), area1=(40, 4), area2=(640, 64)))
        send(c, 2, CYCLIC, flnet(2, 11, 65001, bytes(2), area1=(0, 1)))
        send(c, 2, CYCLIC, flnet(2, 11, 65000, bytes(2), area1=(0, 1), status=0x8000 if turn < 2 else 0))
        send(c, 11, CYCLIC, flnet(11, 1, 65000))


def joining(c):
    """A ring that begins: trigger and participation requests."""
    send(c, 1, JOIN, flnet(1, 255, 65012))
    send(c, 1, JOIN, flnet(1, 255, 65002))
    send(c, 2, JOIN, flnet(2, 255, 65002))


def string(text):
    return b"\x13" + bytes([len(text)]) + text.encode()


def number(value):
    return b"\x02\x01" + bytes([value])


def sequence(*elements):
    body = b"".join(elements)
    return b"\x30" + (bytes([len(body)]) if len(body) < 0x80 else b"\x81" + bytes([len(body)])) + body


PROFILE = sequence(
    string("COMVER"), number(1),
    string("SYSPARA"), sequence(string("ID"), string("SYSPARA"), string("REV"), number(1),
                                string("REVDATE"), sequence(number(7), number(11), number(20)), string("DVCATEGORY"), string("INV"),
                                string("VENDOR"), string("EXAMPLE   "), string("DVMODEL"), string("EX-A7NF   ")),
    string("DEVPARA"), sequence(string("MACADDRESS"), b"\x04\x06" + hexa("02005e000202")))


def messages(c):
    """Every message with its answer, a profile, what the other side does not know, a message of the application."""
    exchange(c, 65003, 1, address=0x100, size=4, answer=bytes(4))
    exchange(c, 65004, 2, address=0x100, size=2, data=bytes(2))
    exchange(c, 65005, 3, address=10, size=2, answer=bytes(4))
    exchange(c, 65006, 4, address=10, size=1, data=bytes(2))
    exchange(c, 65007, 5, answer=bytes(56))
    exchange(c, 65008, 6, data=bytes(56))
    exchange(c, 65009, 7)
    exchange(c, 65010, 8)
    exchange(c, 65011, 9, answer=PROFILE)
    exchange(c, 65013, 10, answer=bytes(512))
    exchange(c, 65014, 11, result=2)
    exchange(c, 65015, 12, data=b"echo", answer=b"echo")
    send(c, 1, MESSAGE, flnet(1, 255, 10000, b"hello"))
    send(c, 1, MESSAGE, flnet(1, 2, 64000, b"?"), to=2)


def other_port(c):
    """Known by its name wherever it is spoken."""
    c.udp(NODES[11], 50000, BROADCAST, 50001, flnet(11, 1, 65000, bytes(4), area2=(0, 2)), dst=ALL)
