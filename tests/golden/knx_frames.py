# Frames of KNXnet/IP and the telegrams in them for golden captures: KNX Standard 03_08_01 to 03_08_05, 03_06_03.
import struct

from packets import HMI, PLC, ip, mac

PORT = 3671
ROUTERS = ip("224.0.23.12")
ROUTERS_MAC = mac("01:00:5e:00:17:0c")


def frame(service, body=b""):
    return struct.pack("!BBHH", 6, 0x10, service, 6 + len(body)) + body


def structure(body):
    return bytes([1 + len(body)]) + body


def endpoint(address="0.0.0.0", port=0, protocol=1):
    return structure(struct.pack("!B4sH", protocol, ip(address), port))


CLIENT = endpoint("192.168.10.10", 50000)
SERVER = endpoint("192.168.10.20", PORT)


def individual(text):
    area, line, device = (int(x) for x in text.split("."))
    return area << 12 | line << 8 | device


def group(text):
    main, middle, sub = (int(x) for x in text.split("/"))
    return main << 11 | middle << 8 | sub


def device(address="1.1.0", maker=0x00C5, number=0x01234567, name="KNX IP Interface 730", status=0, medium=2):
    return structure(struct.pack("!BBBHHHI4s6s30s", 1, medium, status, individual(address), 0x0123, maker, number, ROUTERS, PLC.mac, name.encode("latin-1")))


FAMILIES = structure(bytes([2, 2, 1, 3, 1, 4, 1, 5, 1]))


def header(channel, sequence, status=0):
    return structure(bytes([channel, sequence, status]))


def tunnel(channel, sequence, telegram):
    return frame(0x0420, header(channel, sequence) + telegram)


def configure(channel, sequence, message):
    return frame(0x0310, header(channel, sequence) + message)


def data(message, source, destination, tpdu, is_group=True, additional=b"", refused=0):
    """L_Data with its two control fields; the length counts what follows the first byte of the TPDU."""
    to = group(destination) if is_group else individual(destination)
    return bytes([message, len(additional)]) + additional + struct.pack("!BBHHB", 0xBC | refused, (0x80 if is_group else 0) | 0x60, individual(source), to, len(tpdu) - 1) + tpdu


REQ, IND, CON = 0x11, 0x29, 0x2E


def service(apci, rest=b"", numbered=None):
    """The TPDU of an application service, unnumbered or with its number in a connection."""
    tpci = 0 if numbered is None else 0x40 | numbered << 2
    return struct.pack("!H", tpci << 8 | apci) + rest


class Udp:
    """The client's conversation with a KNXnet/IP server."""

    def __init__(self, c, port=50000, server_port=PORT):
        self.c, self.port, self.server_port = c, port, server_port

    def up(self, *frames):
        for each in frames:
            self.c.udp(HMI, self.port, PLC, self.server_port, each)

    def down(self, *frames):
        for each in frames:
            self.c.udp(PLC, self.server_port, HMI, self.port, each)

    def open(self, kind=b"\x04\x02\x00", channel=7, address="1.1.250"):
        self.up(frame(0x0205, CLIENT + CLIENT + structure(kind)))
        granted = kind[:1] + (struct.pack("!H", individual(address)) if kind[0] == 4 else b"")
        self.down(frame(0x0206, bytes([channel, 0]) + SERVER + structure(granted)))


def told(c, source, telegram, port=PORT):
    """A routing indication to all routers."""
    c.udp(source, port, ROUTERS_MAC, PORT, frame(0x0530, telegram), dst=ROUTERS)
