# CODESYS V2.3: header and identity as public scanners agree on them; the maker publishes none of it.
import struct

from packets import HMI, PLC, Tcp

# tshark knows nothing of it.


def message(code, data=b"", order="<"):
    return b"\xbb\xbb" + struct.pack(order + "I", 1 + len(data)) + bytes([code]) + data


def identity(system=b"Nucleus PLUS", version=b"Nucleus PLUS version unknown", product=b"3S-Smart Software Solutions", order="<"):
    return message(1, bytes(57) + b"".join(x.ljust(32, b"\0") for x in (system, version, product)) + bytes(16), order)


def session(c):
    """Who is there, a command of the PLC browser, functions that nobody lists, a long message."""
    t = Tcp(c, HMI, PLC, 49152, 2455)
    t.up(message(1))
    t.down(identity())
    t.up(message(0x92, b"\0\0\0\0pinf\0"))
    t.down(message(0x92, b"\0\0Project: x\0"))
    t.up(message(0x31, bytes(3000)))
    t.down(message(0))
    t.up(message(0x2F, b"\0\x0cDEFAULT.PRG\0"))
    t.down(message(0x2F, bytes(4)))
    t.close()


def big_endian(c):
    """A target of the other byte order; an answer that holds no texts, one that is too short."""
    t = Tcp(c, HMI, PLC, 49153, 1200)
    t.up(message(1, b"", ">"))
    t.down(identity(b"VxWorks", b"5.5", b"AC500", ">"))
    t.up(message(1, b"", ">"))
    t.down(identity(b"\x01\x02", b"", b"", ">"))
    t.up(message(1, b"", ">"))
    t.down(message(1, bytes(20), ">"))
    t.up(message(0x92, b"", ">"))
    t.close()


def stream(c):
    """Messages split and joined, a gap."""
    t = Tcp(c, HMI, PLC, 49154, 2455)
    t.up(message(0x31)[:3], message(0x31)[3:])
    t.down(message(0x31, bytes(4))[:3], message(0x31, bytes(4))[3:])
    t.lost(1, 11)
    t.up(message(0x34))
    t.down(message(0x34, bytes(4)))
    t.close()


def midstream(c):
    """A connection that was open before the capture began: it starts with the end of an answer."""
    t = Tcp(c, HMI, PLC, 49155, 2455, handshake=False)
    t.down(message(0x31, bytes(40))[20:])
    for _ in range(2):
        t.up(message(0x31))
        t.down(message(0x31, bytes(4)))
