# NetBIOS names as the specifications write it: RFC 1001 clause 14, RFC 1002 clause 4.2.
import struct

from packets import BROADCAST, HMI, SERVER, hexa, ip

# tshark fields of which every value must stand in a fact.
IDENTITY = ["nbns.netbios_name"]


def netbios(name, suffix):
    raw = name.encode().ljust(15) + bytes([suffix])
    return b"\x20" + b"".join(bytes([0x41 + (x >> 4), 0x41 + (x & 15)]) for x in raw) + b"\0"


def names(c):
    """A registration, a group's registration, a query with its answer, a node status with names and MAC."""
    all_ip = ip("192.168.10.255")
    def register(name, suffix, flags):
        question = netbios(name, suffix) + hexa("0020 0001")
        record = hexa("c00c 0020 0001") + struct.pack("!IHH", 300000, 6, flags) + ip("192.168.10.10")
        c.udp(HMI, 137, BROADCAST, 137, struct.pack("!6H", 0x1234, 0x2910, 1, 0, 0, 1) + question + record, dst=all_ip)
    register("HMI-1", 0x00, 0x0000)
    register("PLANT", 0x00, 0x8000)
    register("\x01\x02__MSBROWSE__\x02", 0x01, 0x8000)
    c.udp(SERVER, 137, BROADCAST, 137, struct.pack("!6H", 0x2345, 0x0110, 1, 0, 0, 0) + netbios("HMI-1", 0x20) + hexa("0020 0001"), dst=all_ip)
    c.udp(HMI, 137, SERVER, 137, struct.pack("!6H", 0x2345, 0x8500, 0, 1, 0, 0) + netbios("HMI-1", 0x20) +
          hexa("0020 0001 000493e0 0006 0000") + ip("192.168.10.10"))
    star = b"\x20CK" + b"AA" * 15 + b"\0"
    c.udp(SERVER, 137, HMI, 137, struct.pack("!6H", 0x3456, 0, 1, 0, 0, 0) + star + hexa("0021 0001"))
    entry = lambda name, suffix, flags: name.encode().ljust(15) + bytes([suffix]) + struct.pack("!H", flags)
    status = bytes([3]) + entry("HMI-1", 0, 0x0400) + entry("PLANT", 0, 0x8400) + entry("HMI-1", 0x20, 0x0400) + HMI.mac + bytes(40)
    c.udp(HMI, 137, SERVER, 137, struct.pack("!6H", 0x3456, 0x8400, 0, 1, 0, 0) + star + hexa("0021 0001 00000000") +
          struct.pack("!H", len(status)) + status)
