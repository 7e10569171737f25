# Ethernet Global Data: production messages as GFK-2224 (TCP/IP Ethernet Communications for PACSystems) writes them.
import struct

from packets import HMI, PLC, SERVER, ip

CODE = "egd.type"
# The datagram that ends within its header.
KNOWN = {"cyclic: 192.168.10.10 code type 13: tshark 1, transcript 0", "cyclic: tshark finds frame 17 malformed"}


def as_code(value):
    return f"type {int(value)}"


def production(number, exchange, data, producer="192.168.10.20", kind=13, version=1):
    return struct.pack("<BBH4sIIIIII", kind, version, number, ip(producer), exchange, 1_750_000_000, 0, 1, 0x100, 0) + data


def cyclic(c):
    """Two exchanges of one producer, one of another that is told to a group; a datagram that is none."""
    for number in range(5):
        c.udp(PLC, 18246, HMI, 18246, production(number, 1, bytes(64)))
        c.udp(PLC, 18246, SERVER, 18246, production(number, 2, bytes(8)))
        c.udp(SERVER, 18246, bytes.fromhex("01005e072001"), 18246, production(number, 0x12345678, bytes(200), "10.0.0.7"), dst=ip("224.7.32.1"))
        c.wait(0.07)
    c.udp(HMI, 18246, PLC, 18246, bytes(40))
    c.udp(HMI, 50000, PLC, 18246, production(0, 3, b"")[:20])
