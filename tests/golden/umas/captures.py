# UMAS inside function 90 of Modbus, as public decoders agree on it.
import struct

from packets import HMI, PLC, Tcp, hexa

ALSO = {"modbus"}

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"umas": "code 0x{}"}


def umas(t, number, function, data=b"", answer=b"", status=0xFE):
    """One function and its answer; the function stands in the request only."""
    for send, body in ((t.up, bytes([function]) + data), (t.down, bytes([status]) + answer)):
        send(struct.pack("!HHHB", number, 0, 3 + len(body), 0) + b"\x5a\x00" + body)


def identity(name, version, lead=b""):
    return hexa("10ff 5a010100 0000") + struct.pack("<H", version) + hexa("0000 2700 0900 08000000 0000") + lead + \
        bytes([len(name)]) + name + hexa("01 01010000 00001100")


def functions(c):
    """Every function once, one that nobody names, one that is refused, an exception of Modbus instead of an answer."""
    t = Tcp(c, HMI, PLC, 49152, 502)
    listed = [0x01, 0x03, 0x04, 0x06, 0x0A, 0x10, 0x11, 0x12, 0x22, 0x23, 0x24, 0x25, 0x26, *range(0x30, 0x37), 0x39, 0x40,
              0x41, 0x50, 0x58, 0x70, 0x71, 0x73, 0x66]
    for number, function in enumerate(listed, 1):
        umas(t, number, function, hexa("00"), hexa("0000"))
    umas(t, 60, 0x20, hexa("00 3000 0000 0000 2100"), hexa("00 0200 0000"))
    umas(t, 61, 0x21, hexa("00 3100 0000 0000 0200 0000"))
    umas(t, 62, 0x40, hexa("ff00"), hexa("80"), status=0xFD)
    t.up(hexa("003f 0000 0004 00 5a 00 02"))
    t.down(hexa("003f 0000 0003 00 da 01"))
    t.close()


def identities(c):
    """A Quantum and an M340: the name's length stands one byte apart."""
    for port, answer in ((49153, identity(b"140 CPU 311 10", 0x0270, b"\0")), (49154, identity(b"BMX P34 2020", 0x0310))):
        t = Tcp(c, HMI, PLC, port, 502)
        umas(t, 1, 0x02, b"", answer)
        t.close()


def answers_only(c):
    """A mirror that shows one direction: neither what was asked nor whose identity it is can be told."""
    t = Tcp(c, HMI, PLC, 49155, 502)
    for number, status in ((1, 0xFE), (2, 0xFD)):
        t.down(struct.pack("!HHHB", number, 0, 5, 0) + bytes([0x5A, 0, status, 0]))
    t.close()
