# Modbus RTU as converters of serial lines pass it on: unit, function, data, check sum (MODBUS over Serial Line V1.02, clause 2.5.1).
import struct

from packets import HMI, PLC, Tcp, hexa

CODE = "modbus.func_code"
DECODE_AS = ["tcp.port==4001,mbrtu", "tcp.port==4002,mbrtu", "tcp.port==4003,mbrtu", "udp.port==4005,mbrtu"]

# Where tshark reads less than the bytes say, and why.
KNOWN = {
    # packet-mbtcp.c reads no message below five bytes and none of a broadcast (unit 0); it waits for no rest of the stream.
    "functions: 192.168.10.10 code 11: tshark 0, transcript 1",
    "functions: 192.168.10.10 code 12: tshark 0, transcript 1",
    "functions: 192.168.10.10 code 17: tshark 0, transcript 1",
    "functions: 192.168.10.10 code 7: tshark 0, transcript 1",
    "functions: 192.168.10.10 code 6: tshark 2, transcript 3",
    "stream: 192.168.10.10 code 1: tshark 5, transcript 6",
    "stream: 192.168.10.20 code 1: tshark 3, transcript 4",
}


def seal(unit, pdu):
    message = bytes([unit]) + pdu
    total = 0xFFFF
    for byte in message:
        total ^= byte
        for _ in range(8):
            total = total >> 1 ^ 0xA001 if total & 1 else total >> 1
    return message + struct.pack("<H", total)


def exchange(t, unit, request, response):
    t.up(seal(unit, hexa(request)))
    t.down(seal(unit, hexa(response)))


def functions(c):
    """Every function whose length is known, once the flow has shown what it is; exceptions; a broadcast."""
    t = Tcp(c, HMI, PLC, 49152, 4001)
    for request, response in (
            ("03 006b 0003", "03 06 022b 0000 0064"), ("01 0000 0010", "01 02 ff01"), ("02 0000 0008", "02 01 5a"), ("04 0008 0001", "04 02 000a"),
            ("05 00ac ff00", "05 00ac ff00"), ("06 0001 0003", "06 0001 0003"), ("07", "07 6d"), ("08 0004 0000", "08 0004 0000"), ("0b", "0b ffff 0108"),
            ("0c", "0c 08 0000 0108 0121 2000"), ("0f 0013 000a 02 cd01", "0f 0013 000a"), ("10 0001 0002 04 000a 0102", "10 0001 0002"),
            ("11", "11 05 0a ff 010203"), ("14 07 06 0004 0001 0002", "14 06 05 06 0dfe 0020"), ("15 09 06 0004 0007 0001 06af", "15 09 06 0004 0007 0001 06af"),
            ("16 0004 00f2 0025", "16 0004 00f2 0025"), ("17 0003 0002 000e 0001 02 00ff", "17 04 00fe 0acd"), ("18 04de", "18 0006 0002 01b8 1284"),
            ("2b 0e 01 00", "2b 0e 01 82 00 00 02 00 03 414243 01 02 4558"), ("03 ffff 0001", "83 02"), ("06 0001 0003", "86 05")):
        exchange(t, 17, request, response)
    t.up(seal(0, hexa("06 0001 0003")))
    t.close()


def stream(c):
    """Split and joined by TCP; an answer is lost; an answer as long as a request; a wrong sum."""
    t = Tcp(c, HMI, PLC, 49153, 4002)
    ask, answer = seal(1, hexa("01 0000 0018")), seal(1, hexa("01 03 010203"))
    exchange(t, 1, "01 0000 0018", "01 03 010203")
    t.up(ask[:3], ask[3:])
    t.down(answer[:2], answer[2:])
    t.up(ask)
    t.lost(1, len(answer))
    t.up(ask)
    t.down(answer)
    t.up(ask[:-1] + b"\x00")
    t.up(ask)
    t.down(answer)
    t.close()


def midstream(c):
    """A connection opened before the capture began."""
    t = Tcp(c, HMI, PLC, 49154, 4003, handshake=False)
    t.down(seal(1, hexa("03 04 0001 0002"))[3:])
    for _ in range(3):
        exchange(t, 1, "03 0000 0002", "03 04 0001 0002")


class Datagrams:
    """One conversation over UDP."""

    def __init__(self, c):
        self.c = c

    def up(self, payload):
        self.c.udp(HMI, 50080, PLC, 4005, payload)

    def down(self, payload):
        self.c.udp(PLC, 4005, HMI, 50080, payload)


def datagrams(c):
    """Over UDP: two messages and their sums are no proof yet, three with an answer are."""
    for _ in range(3):
        exchange(Datagrams(c), 5, "04 0000 0002", "04 04 0001 0002")
