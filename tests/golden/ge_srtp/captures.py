# GE SRTP: the mailbox messages of GFK-0529 (Series 90 PLC SNP Communications) behind the header that public decoders agree on.
import struct

from packets import HMI, PLC, Tcp

# tshark knows nothing of it.
RUN, STOP = 0x015C, 0x215C


def message(kind, sequence, mailbox, body, text=b""):
    head = struct.pack("<BBBBH", kind, 0, sequence, 0, len(text)) + bytes(3) + b"\1" + bytes(7) + b"\1" + bytes(8) + bytes([5, 10, 15, 0, sequence, mailbox])
    ends = bytes.fromhex("00000000 100e0000") if kind != 3 else bytes.fromhex("100e0000 205a0000")
    return head + ends + b"\1\1" + body.ljust(14, b"\0") + text


def short(sequence, service, data=b"", kind=2):
    return message(kind, sequence, 0xC0, bytes([service]) + data)


def long(sequence, service, data, text):
    return message(2, sequence, 0x80, b"\2" + bytes(5) + b"\1\1" + bytes([service]) + data, text)


def done(sequence, data=b"", status=RUN, text=b""):
    body = b"\0\0" + data.ljust(6, b"\0") + struct.pack("<BBHH", 0xFF, 2, 3, status)
    return message(3, sequence, 0x94 if text else 0xD4, body, text)


def refused(sequence, major, minor):
    return message(3, sequence, 0xD1, bytes([major, minor]) + bytes(6) + struct.pack("<BBHH", 0xFF, 2, 3, RUN))


def memory(selector, offset, length):
    return struct.pack("<BHH", selector, offset, length)


def opened(t):
    t.up(bytes(56))
    t.down(b"\1" + bytes(55))
    t.up(short(1, 0x4F, b"\1", 8))
    t.down(done(1))


def exchange(t, sequence, service, data=b"", text=b"", answer=b"", status=RUN):
    t.up(long(sequence, service, data, text) if text else short(sequence, service, data))
    t.down(done(sequence, answer[:6], status, answer if len(answer) > 6 else b""))


def session(c):
    """Opens, asks who and how the controller is, reads and writes memory of every kind."""
    t = Tcp(c, HMI, PLC, 49152, 18245)
    opened(t)
    exchange(t, 2, 0x43, answer=b"PUMP_A1\0" + bytes(32))
    exchange(t, 3, 0x00)
    exchange(t, 4, 0x03, answer=b"\1MAIN\0\0\0\0" + bytes(8))
    for i, selector in enumerate((0x08, 0x0A, 0x0C, 0x10, 0x12, 0x14, 0x16, 0x18, 0x1A, 0x1C, 0x1E, 0x38, 0x46, 0x48, 0x4A, 0x4C, 0x4E, 0x50, 0x52, 0x54, 0x56, 0x77)):
        exchange(t, 10 + i, 0x04, memory(selector, 10, 2), answer=bytes(4))
    exchange(t, 40, 0x04, memory(0x08, 0, 100), answer=bytes(200))
    exchange(t, 41, 0x07, memory(0x08, 99, 1) + b"\1\2")
    exchange(t, 42, 0x07, memory(0x0C, 0, 20), text=bytes(40))
    exchange(t, 43, 0x44, memory(0x46, 4, 1))
    t.close()


def services(c):
    """Every other service; one that nobody lists."""
    t = Tcp(c, HMI, PLC, 49153, 18245)
    opened(t)
    for i, service in enumerate((0x05, 0x06, 0x08, 0x20, 0x21, 0x22, 0x24, 0x25, 0x38, 0x39, 0x66)):
        exchange(t, 2 + i, service)
    exchange(t, 20, 0x23, b"\2", status=STOP)
    exchange(t, 21, 0x3F, answer=bytes(300), status=STOP)
    exchange(t, 22, 0x40, bytes(5), text=bytes(1400), status=STOP)
    exchange(t, 23, 0x09, bytes(5), text=bytes(64), status=STOP)
    exchange(t, 24, 0x23, b"\1")
    t.close()


def errors(c):
    """Not allowed, not known, refused in an answer of the usual kind; an answer to nothing, and none; a broken message."""
    t = Tcp(c, HMI, PLC, 49154, 18245)
    opened(t)
    t.up(short(2, 0x07, memory(0x08, 0, 1)))
    t.down(refused(2, 2, 0xFE))
    t.up(short(3, 0x23, b"\2"))
    t.down(refused(3, 5, 0xF0))
    t.up(short(4, 0x05))
    t.down(message(3, 4, 0xD4, b"\1\0" + bytes(12)))
    t.down(done(99))
    t.up(long(5, 0x43, b"", b"x"))
    t.down(done(5, text=b"\x01\x02binary" + bytes(8)))
    t.up(short(6, 0x04, memory(0x08, 0, 1)))
    t.close()


def stream(c):
    """Messages split and joined, a long text, a gap."""
    t = Tcp(c, HMI, PLC, 49155, 18245)
    opened(t)
    asks = lambda sequence: short(sequence, 0x04, memory(0x08, sequence, 1))
    t.up(asks(2) + asks(3))
    t.down(done(2, b"\1\0") + done(3, b"\1\0"))
    t.up(asks(4)[:3], asks(4)[3:40], asks(4)[40:])
    t.down(done(4, text=bytes(3000))[:60], done(4, text=bytes(3000))[60:1500], done(4, text=bytes(3000))[1500:])
    t.up(asks(5))
    t.lost(1, 56)
    t.up(asks(6))
    t.down(done(6, b"\1\0"))
    t.close()


def midstream(c):
    """A connection on another port, opened before the capture began."""
    t = Tcp(c, HMI, PLC, 49156, 28245, handshake=False)
    t.down(done(1, text=bytes(100))[70:])
    for sequence in range(2, 6):
        exchange(t, sequence, 0x04, memory(0x08, 0, 1), answer=b"\1\0")
