# EtherCAT frames as IEC 61158-4-12 writes them: header, datagrams, working counters.
import struct

from packets import BROADCAST, HMI, PLC

CODE = "ecat.cmd"
# tshark shows the first datagram of a frame whose length goes beyond it, and a command that no specification lists.
KNOWN = {
    "broken: 02:00:5e:00:01:0a code cmd 7: tshark 1, transcript 0",
    "broken: 02:00:5e:00:01:0a code cmd 99: tshark 1, transcript 0",
}


def as_code(value):
    return "cmd %d" % int(value, 0)


def datagram(command, device, offset, data, more=False, counter=0, index=0):
    return struct.pack("<BBHHHH", command, index, device & 0xFFFF, offset, len(data) | (0x8000 if more else 0), 0) + data + struct.pack("<H", counter)


def frame(*datagrams):
    body = b"".join(datagram(*d[:4], more=at + 1 < len(datagrams), counter=d[4] if len(d) > 4 else 0) for at, d in enumerate(datagrams))
    return struct.pack("<H", len(body) | 1 << 12) + body


def send(c, *datagrams):
    c.ethernet(HMI.mac, BROADCAST, 0x88A4, frame(*datagrams))


def logical(command, address, data):
    return command, address & 0xFFFF, address >> 16, data


def commands(c):
    """Every command once."""
    send(c, (0, 0, 0, b""))
    for command in (1, 2, 3):
        send(c, (command, -2, 0x0010, bytes(2)))
    for command in (4, 5, 6):
        send(c, (command, 1001, 0x0010, bytes(2)))
    for command in (7, 8, 9):
        send(c, (command, 0, 0x0010, bytes(2)))
    for command in (10, 11, 12):
        send(c, logical(command, 0x01000800, bytes(24)))
    send(c, (13, 0, 0x0910, bytes(8)))
    send(c, (14, 1001, 0x0910, bytes(8)))


def start_up(c):
    """Devices are brought from init to operational; EEPROM, clocks; one is taken to bootstrap."""
    for state in (1, 2, 4, 8, 3, 0x11):
        send(c, (5, 1001, 0x0120, bytes([state, 0])))
        send(c, (4, 1001, 0x0130, bytes([state & 0xF, 0]), 1))
    send(c, (8, 0, 0x0120, b"\1\0"))
    send(c, (5, 1001, 0x0502, bytes(6)), (4, 1001, 0x0508, bytes(4)))
    send(c, (8, 0, 0x0900, bytes(4)))


def cyclic(c):
    """Process data every 2 ms: several datagrams in a frame, out and back."""
    for _ in range(5):
        out = frame(logical(12, 0x01000000, bytes(40)), (14, 1001, 0x0910, bytes(8)), (7, 0, 0x0130, bytes(2)))
        c.ethernet(HMI.mac, BROADCAST, 0x88A4, out)
        c.ethernet(bytes([HMI.mac[0] | 2]) + HMI.mac[1:], BROADCAST, 0x88A4, out)


def broken(c):
    """A length beyond the frame, a command that nobody lists behind a good one."""
    good = frame((7, 0, 0x0130, bytes(2)))
    c.ethernet(HMI.mac, BROADCAST, 0x88A4, struct.pack("<H", 1400 | 1 << 12) + good[2:])
    send(c, (4, 1001, 0x0130, bytes(2)), (99, 1001, 0x0130, bytes(2)))


def datagrams_over_udp(c):
    """The same inside UDP."""
    c.udp(HMI, 50000, PLC, 34980, frame((7, 0, 0x0130, bytes(2))))
    c.udp(PLC, 34980, HMI, 50000, frame((7, 2, 0x0130, bytes(2), 2)))
