# TPKT (RFC 1006 clause 6) and COTP class 0 (ISO 8073 clause 13) around the messages of S7comm, S7comm-plus and MMS.
import struct

from packets import hexa


def tpkt(tpdu):
    return struct.pack("!BBH", 3, 0, 4 + len(tpdu)) + tpdu


def data(user, is_last=True):
    return tpkt(bytes([2, 0xF0, 0x80 if is_last else 0]) + user)


def connect(kind, calling, called):
    parameters = b""
    if called:
        parameters = bytes([0xC0, 1, 10, 0xC1, len(calling)]) + calling + bytes([0xC2, len(called)]) + called
    references = hexa("0000 0001 00") if kind == 0xE0 else hexa("0001 0002 00")
    return tpkt(bytes([1 + len(references) + len(parameters), kind]) + references + parameters)


def opened(t, calling, called, is_repeated=True):
    """A TCP connection with its transport connection on it; the answer may repeat the selectors."""
    t.up(connect(0xE0, calling, called))
    t.down(connect(0xD0, calling, called if is_repeated else b""))
    return t
