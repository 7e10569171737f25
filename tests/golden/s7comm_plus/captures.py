# S7comm-plus as captures of S7-1200 and S7-1500 show it: header, opcode, function; trailer behind the last part.
import struct

from cotp_frames import data, opened
from packets import HMI, PLC, Tcp, hexa

FUNCTIONS = [0x04B1, 0x04BB, 0x04CA, 0x04D4, 0x04F2, 0x04FC, 0x0506, 0x051A, 0x0524, 0x0542, 0x054C, 0x0556, 0x0560, 0x056B, 0x057C,
             0x0586, 0x0590, 0x059A, 0x05B3, 0x0777]

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {("version", "opcode", "function"): lambda version, opcode, function: "code v%d opcode 0x%s" % (int(version), opcode) + (
    " function 0x" + function if opcode != "33" else "")}


def header(version, body, is_last=True):
    return struct.pack("!BBH", 0x72, version, len(body)) + body + (bytes([0x72, version, 0, 0]) if is_last else b"")


def message(version, opcode, function, sequence, rest=bytes(8), digest=False):
    body = (bytes([32]) + bytes(range(32)) if digest else b"") + struct.pack("!BHHHHB", opcode, 0, function, 0, sequence, 0x34) + rest
    return data(header(version, body))


def notification(version, rest=hexa("70000e51 0400 0000")):
    return data(header(version, hexa("33 0000") + rest))


def text_attribute(number, value):
    return bytes([0xA3, 0x82, number, 0x00, 0x15, len(value)]) + value.encode()


def plc(c, port):
    t = Tcp(c, HMI, PLC, port, 102)
    return opened(t, hexa("0620"), b"SIMATIC-ROOT-HMI", is_repeated=False)


def functions(c):
    """Every function with its answer, a notification, an unlisted function."""
    t = plc(c, 49300)
    for sequence, function in enumerate(FUNCTIONS, 1):
        t.up(message(2, 0x31, function, sequence))
        t.down(message(2, 0x32, function, sequence))
        t.up(data(b""))
    t.down(notification(2))
    t.close()


def identity(c):
    """A session is created: the client's program, the controller's order number and firmware. The user goes nowhere."""
    t = plc(c, 49301)
    t.up(message(1, 0x31, 0x04CA, 1, hexa("00000120") + text_attribute(0x28, "SECRETARY") + text_attribute(0x29, "Panel Runtime")))
    t.down(message(1, 0x32, 0x04CA, 1, hexa("0102 87 3e") + text_attribute(0x3F, "1;6ES7 211-1BE30-0XB0 ;V3.0")[1:]))
    t.close()


def signed(c):
    """Version 3: a digest before the opcode; the connection was opened before the capture."""
    t = Tcp(c, HMI, PLC, 49302, 102, handshake=False)
    t.up(message(3, 0x31, 0x0542, 1, digest=True))
    t.down(message(3, 0x32, 0x0542, 1, digest=True))
    t.close()


def parts(c):
    """A message in two parts, the second without an opcode of its own; one in two transport units; segments split and joined."""
    t = plc(c, 49303)
    t.up(message(2, 0x31, 0x04BB, 1) + message(2, 0x31, 0x04BB, 2))
    t.down(data(header(2, struct.pack("!BHHHHB", 0x32, 0, 0x04BB, 0, 1, 0x34) + bytes(20), is_last=False)))
    t.down(data(header(2, hexa("a3 8233 0012") + bytes(20))))
    whole = message(2, 0x32, 0x04BB, 2)
    t.down(data(whole[7:20], False) + data(whole[20:]))
    whole = message(2, 0x31, 0x054C, 3)
    t.up(whole[:11], whole[11:])
    t.close()


def other_port(c):
    """A forwarded connection on port 10102: recognised by content."""
    t = Tcp(c, HMI, PLC, 49304, 10102)
    t.up(message(2, 0x31, 0x054C, 1))
    t.down(message(2, 0x32, 0x054C, 1))
    t.close()
