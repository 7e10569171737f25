# CIP implicit messages as CIP Networks Library volume 2, clause 3-2.2 writes them.
import struct

from enip_frames import items
from packets import HMI, PLC, hexa, ip, mac

DECODE_AS = ["udp.port==3333,cipio"]


def io(connection, sequence, data):
    return items((0x8002, struct.pack("<II", connection, sequence)), (0xB1, struct.pack("<H", sequence & 0xFFFF) + data))


def cyclic(c):
    """A controller and an adapter, every 10 ms in both directions, the first with its run flag."""
    for n in range(1, 9):
        c.udp(HMI, 2222, PLC, 2222, io(0x11223344, n, hexa("01000000 0102")))
        c.udp(PLC, 2222, HMI, 2222, io(0x80020001, n, hexa("0304")))


def multicast(c):
    """An adapter whose inputs several consume."""
    for n in range(1, 5):
        c.udp(PLC, 2222, mac("01:00:5e:40:01:20"), 2222, io(0x80020002, n, hexa("0304")), dst=ip("239.192.1.32"))


def other_port(c):
    """The items stand as on the usual port; what only looks like them is not taken for it."""
    for n in range(1, 4):
        c.udp(HMI, 3333, PLC, 3333, io(0x11223344, n, hexa("0102")))
    c.udp(HMI, 3334, PLC, 3334, io(0x11223344, 1, hexa("0102")).replace(hexa("0280"), hexa("0380")))
