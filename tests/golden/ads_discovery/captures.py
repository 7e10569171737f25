# The search for TwinCAT devices and the adding of routes, UDP 48899, as engineering tools and devices speak it.
import struct

from packets import BROADCAST, HMI, PLC

CLIENT = bytes([192, 168, 10, 10, 1, 1])
DEVICE = bytes([5, 13, 117, 96, 1, 1])


def message(service, net_id, *tags, invoke=0):
    return struct.pack("<III", 0x71146603, invoke, service) + net_id + struct.pack("<HI", 10000, len(tags)) + \
        b"".join(struct.pack("<HH", number, len(value)) + value for number, value in tags)


def os_version(*numbers):
    return struct.pack("<IIIII", 276, *numbers) + bytes(256)


def route(user=b"Administrator\0", password=b"1\0"):
    return (12, b"PANEL-3\0"), (7, CLIENT), (13, user), (2, password), (5, b"192.168.10.10\0")


def search(c):
    """Everybody is asked; a device with Windows CE and one with Windows 10 answer."""
    c.udp(HMI, 50000, BROADCAST, 48899, message(1, CLIENT), dst=bytes([192, 168, 10, 255]))
    c.udp(PLC, 48899, HMI, 50000, message(0x80000001, DEVICE, (5, b"CX_0D7560\0"), (4, os_version(6, 0, 0, 3)), (3, struct.pack("<BBH", 2, 11, 2228))))
    c.udp(HMI, 50001, PLC, 48899, message(1, CLIENT, invoke=7))
    c.udp(PLC, 48899, HMI, 50001, message(0x80000001, DEVICE, (5, b"PRESS-7\0"), (4, os_version(10, 0, 17763, 2)), (3, struct.pack("<BBH", 3, 1, 4024)),
                                          (18, b"a1" * 32), invoke=7))


def routes(c):
    """A route is added, and refused for its password; a service that nobody lists."""
    c.udp(HMI, 50002, PLC, 48899, message(6, CLIENT, *route(), invoke=1))
    c.udp(PLC, 48899, HMI, 50002, message(0x80000006, DEVICE, (1, struct.pack("<I", 0)), invoke=1))
    c.udp(HMI, 50002, PLC, 48899, message(6, CLIENT, *route(password=b"2\0"), invoke=2))
    c.udp(PLC, 48899, HMI, 50002, message(0x80000006, DEVICE, (1, struct.pack("<I", 0x704)), invoke=2))
    c.udp(HMI, 50002, PLC, 48899, message(9, CLIENT, invoke=3))


def other_port(c):
    """Through a gateway on another port."""
    c.udp(HMI, 50003, PLC, 40000, message(1, CLIENT))
    c.udp(PLC, 40000, HMI, 50003, message(0x80000001, DEVICE, (5, b"CX_0D7560\0")))
