# Extended MEMOBUS: a header of 12 bytes (kind, serial, channels, total length), then length, MFC, SFC, CPU numbers and data.
import struct

from packets import HMI, PLC, Tcp, hexa


def message(kind, serial, mfc, sfc, data, cpus):
    body = struct.pack("<BBB", mfc, sfc, cpus) + data
    return struct.pack("<BBBBHHIH", kind, serial, 0, 0, 0, 14 + len(body), 0, len(body)) + body


def request(serial, mfc, sfc, data=b"", cpu=2):
    return message(0x11, serial, mfc, sfc, data, cpu << 4 | 1)


def response(serial, mfc, sfc, data=b"", cpu=2):
    return message(0x19, serial, mfc, sfc, data, 1 << 4 | cpu)


EXCHANGES = [
    (0x20, 0x01, "0064 0010", "ff00"), (0x20, 0x02, "0000 0001", "01"), (0x20, 0x03, "0064 000a", "0000" * 10), (0x20, 0x04, "0005 0002", "00000000"),
    (0x20, 0x05, "0007 ff00", "0007 ff00"), (0x20, 0x06, "0008 1234", "0008 1234"), (0x20, 0x08, "0000 55aa", "0000 55aa"),
    (0x20, 0x09, "00 e803 6400", "00 6400" + "0000" * 100), (0x20, 0x0A, "00 0100 0100", "00 0100 0000"),
    (0x20, 0x0B, "00 e803 0200 11112222", "00 e803 0200"), (0x20, 0x0D, "00 0200 0100 0500", "00 0200 00000000"),
    (0x20, 0x0E, "00 0400 0100 1111 0500 2222 0900 3333 0a00 4444", "00 0400"), (0x20, 0x0F, "0010 0008 ff", "0010 0008"),
    (0x20, 0x10, "0020 0002 11112222", "0020 0002"), (0x43, 0x41, "00 4d 00 a0000000 10000000", "00 0000 ffff"),
    (0x43, 0x49, "00 4d 00 64000000 0a00", "00 0000" + "0000" * 10), (0x43, 0x4B, "00 47 00 10270000 0100 1234", "00 0000"),
    (0x43, 0x4D, "00 0400 4d02 01000000 4d02 05000000 4902 09000000 4f02 0a000000", "00 0000" + "0000" * 4),
    (0x43, 0x4E, "00 0200 4d02 01000000 1111 4d02 05000000 2222", "00 0000"), (0x43, 0x4F, "00 4d 00 a0000000 01000000 01", "00 0000"),
    (0x20, 0x33, "0000", "0000"),
]


def functions(c):
    """Every function with its answer, one nobody knows."""
    t = Tcp(c, HMI, PLC, 49152, 10001)
    for serial, (mfc, sfc, asked, answered) in enumerate(EXCHANGES):
        t.up(request(serial, mfc, sfc, hexa(asked)))
        t.down(response(serial, mfc, sfc, hexa(answered)))
    t.close()


def errors(c):
    """Refused; over UDP; lengths that contradict each other; text of the users' own."""
    t = Tcp(c, HMI, PLC, 49153, 10001)
    t.up(request(1, 0x20, 0x09, hexa("00 ffff ffff")))
    t.down(response(1, 0x20, 0x89, b"\x03"))
    t.up(message(0x12, 2, 0x20, 0x00, b"HELLO", 0))
    t.up(request(3, 0x20, 0x03, hexa("0000 0001"), cpu=0))
    t.down(response(3, 0x20, 0x03, hexa("0000"), cpu=0))
    wrong = bytearray(request(4, 0x20, 0x03, hexa("0000 0001")))
    wrong[12] += 1
    t.up(bytes(wrong), request(5, 0x43, 0x49, hexa("00 4d 00 6400")))
    t.close()
    c.udp(HMI, 50050, PLC, 10000, request(6, 0x20, 0x03, hexa("0000 0001")))
    c.udp(PLC, 10000, HMI, 50050, response(6, 0x20, 0x83, b"\x02"))


def stream(c):
    """Split and joined by TCP, answered in the other order, an answer lost; a message longer than what is read of it."""
    t = Tcp(c, HMI, PLC, 49154, 10001)
    ask = [request(n, 0x20, 0x09, hexa("00 0000 6400")) for n in range(6)]
    answer = [response(n, 0x20, 0x09, hexa("00 6400") + bytes(200)) for n in range(6)]
    t.up(ask[0][:5], ask[0][5:])
    t.down(answer[0][:100], answer[0][100:])
    t.up(ask[1] + ask[2])
    t.down(answer[2] + answer[1])
    t.up(ask[3])
    t.lost(1, len(answer[3]))
    t.up(ask[4])
    t.down(answer[4])
    t.up(request(5, 0x20, 0x0B, hexa("00 0000 6400") + bytes(200)))
    t.down(response(5, 0x20, 0x0B, hexa("00 0000 6400")))
    t.close()


def midstream(c):
    """A connection opened before the capture began, on a port of the plant's own: the controller is its client."""
    t = Tcp(c, PLC, HMI, 49155, 30300, handshake=False)
    t.up(request(7, 0x20, 0x0B, hexa("00 0000 0200 11112222"))[20:])
    for serial in (8, 9):
        t.up(request(serial, 0x20, 0x0B, hexa("00 0000 0200 11112222")))
        t.down(response(serial, 0x20, 0x0B, hexa("00 0000 0200")))
