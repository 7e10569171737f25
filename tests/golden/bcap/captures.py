# DENSO b-CAP: 01, length, serial, version, function or result, number of arguments, arguments (length, type, count, value), 04.
import struct

from packets import HMI, PLC, Tcp

NAMED = {5, 6, 7, 8, 9, 10, 17, 26, 28, 37, 38, 41, 42, 44, 62, 64, 85, 87}


def text(value):
    return 8, struct.pack("<I", 2 * len(value)) + value.encode("utf-16-le")


def number(value):
    return 19, struct.pack("<I", value)


def packet(serial, what, *arguments, version=0):
    body = b""
    for kind, value in arguments:
        body += struct.pack("<IHI", 6 + len(value), kind, 1) + value
    return struct.pack("<BIHHIH", 1, 16 + len(body), serial, version, what, len(arguments)) + body + b"\x04"


def call(t, serial, function, *arguments, result=0, value=None):
    t.up(packet(serial, function, *arguments))
    t.down(packet(serial, result, *([] if value is None else [value])))


def functions(c):
    """Every function with its result: sessions, objects by name, values by handle."""
    t = Tcp(c, HMI, PLC, 49152, 5007)
    call(t, 1, 1, text(""))
    call(t, 2, 3, text("RC8"), text("CaoProv.DENSO.VRC"), text("localhost"), text("password"), value=number(1))
    for function in range(4, 138):
        arguments = [number(1)] + ([text("Name%d" % function), text("option")] if function in NAMED else [])
        call(t, function, function, *arguments, value=number(function))
    call(t, 200, 64, number(7), text("TakeArm"), text(""))
    call(t, 201, 64, number(7), text("CurPos"), text(""))
    call(t, 202, 17, number(1), text("GetErrorLogCount"), text(""))
    call(t, 203, 2)
    t.close()


def errors(c):
    """Refused, a function nobody knows, a result to nobody, another provider, arguments that do not fill the message."""
    t = Tcp(c, HMI, PLC, 49153, 5007)
    call(t, 1, 102, number(3), number(4711), result=0x80070005)
    call(t, 2, 999, result=0x80000001)
    call(t, 3, 3, text("R"), text("CaoProv.Dummy"), text(""), text(""), value=number(1))
    call(t, 4, 3, text("R"), text("CaoProv.DENSO.VRC"), result=0x80004005)
    call(t, 5, 9, number(1), number(2))
    t.down(packet(77, 0))
    t.up(packet(6, 101, number(1))[:-1] + b"\x05", packet(7, 101, number(1)))
    t.down(packet(7, 0, (8, struct.pack("<I", 4) + b"1\0" + b"2\0")))
    t.close()


def datagrams(c):
    """Over UDP a request is repeated with the serial of the first in the place of the version."""
    c.udp(HMI, 50070, PLC, 5007, packet(1, 72, number(2), number(1)))
    c.udp(HMI, 50070, PLC, 5007, packet(2, 72, number(2), number(1), version=1))
    c.udp(PLC, 5007, HMI, 50070, packet(2, 0))
    c.udp(HMI, 50070, PLC, 5007, packet(3, 88, number(2), number(1), text("")))
    c.udp(PLC, 5007, HMI, 50070, packet(3, 0))


def stream(c):
    """Split and joined by TCP, answered in the other order, an answer lost, a message longer than what is read of it."""
    t = Tcp(c, HMI, PLC, 49154, 5007)
    ask = [packet(n, 9, number(1), text("I[%d]" % n), text("")) for n in range(6)]
    answer = [packet(n, 0, number(n)) for n in range(6)]
    t.up(ask[0][:6], ask[0][6:])
    t.down(answer[0][:20], answer[0][20:])
    t.up(ask[1] + ask[2])
    t.down(answer[2] + answer[1])
    t.up(ask[3])
    t.lost(1, len(answer[3]))
    t.up(ask[4])
    t.down(answer[4])
    t.up(packet(5, 53, number(1), text("PROGRAM MAIN " * 100)))
    t.down(answer[5])
    t.close()


def midstream(c):
    """A connection opened before the capture began."""
    t = Tcp(c, HMI, PLC, 49155, 5007, handshake=False)
    t.down(packet(1, 0, number(1))[6:])
    for n in (2, 3):
        t.up(packet(n, 101, number(5)))
        t.down(packet(n, 0, number(1)))


def other_port(c):
    """A port of the plant's own: stated once three messages and an answer were consistent."""
    t = Tcp(c, HMI, PLC, 49156, 30507)
    for n in (1, 2, 3):
        call(t, n, 1)
    t.close()
