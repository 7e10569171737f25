# MICREX-SX SPH loader commands: 20 bytes of header (status ff: a request; connection; command, mode; length), data. Little endian.
import struct

from packets import HMI, PLC, Host, Tcp, hexa

OTHER = Host("02:00:5e:00:01:15", "192.168.10.21")


def message(code, data=b"", status=0xFF, connection=0xFE):
    mode = 0x7B if connection else 0x7A
    return (hexa("fb808000") + struct.pack("<BBH", status, mode, connection) + hexa("1100 00000000") + struct.pack(">H", code)
            + hexa("0001") + struct.pack("<H", len(data)) + data)


def memory(kind, address, words, data=b""):
    return struct.pack("<I", kind | address << 8) + struct.pack("<H", words) + data


def exchange(t, code, kind, address, words, connection=0xFE):
    values = bytes(2 * words)
    is_read = code == 0
    t.up(message(code, memory(kind, address, words, b"" if is_read else values), connection=connection))
    t.down(message(code, memory(kind, address, words, values if is_read else b""), 0, connection))


def memories(c):
    """00 and 01: standard, retain and system memory, inputs and outputs, of several CPUs."""
    t = Tcp(c, HMI, PLC, 49700, 507)
    for code in (0x0000, 0x0100):
        for kind in (2, 4, 8, 1, 16):
            exchange(t, code, kind, 1000, 2)
    exchange(t, 0, 2, 100, 1, 0xFD)
    exchange(t, 0, 2, 0x1FFFF, 1, 0xF7)
    exchange(t, 0, 2, 100, 1, 0xF6)
    exchange(t, 0, 2, 100, 243, 0)
    t.close()


def control(c):
    """04: all CPUs, one CPU; what nobody lists."""
    t = Tcp(c, HMI, PLC, 49701, 508)
    for mode in range(9):
        t.up(message(0x0400 | mode))
        t.down(message(0x0400 | mode, status=0))
    t.up(message(0x0406, connection=0xFC))
    t.down(message(0x0406, status=0, connection=0xFC))
    t.close()


def errors(c):
    """Refused: by address, by lock."""
    t = Tcp(c, HMI, PLC, 49702, 507)
    t.up(message(0, memory(2, 0xFFFFFF, 1)))
    t.down(message(0, status=0x44))
    t.up(message(0x0402))
    t.down(message(0x0402, status=0x2B))
    t.close()


def malformed(c):
    """A read without its range; then all is well."""
    t = Tcp(c, HMI, PLC, 49703, 507)
    exchange(t, 0, 2, 5, 1)
    t.up(message(0, b"\x02"))
    t.up(message(0, memory(2, 5, 1)))
    t.down(message(0, memory(2, 5, 1, bytes(2)), 0))
    t.close()


def stream(c):
    """Split and joined, an answer lost; on the port that others use too."""
    t = Tcp(c, HMI, PLC, 49704, 18245)
    read, data = message(0, memory(2, 100, 2)), message(0, memory(2, 100, 2, bytes(4)), 0)
    t.up(read[:3], read[3:21], read[21:])
    t.down(data[:17], data[17:])
    t.up(read + read)
    t.down(data + data)
    t.up(read)
    t.lost(1, len(data))
    t.up(read)
    t.down(data)
    t.close()


def midstream(c):
    """A connection opened before the capture began."""
    t = Tcp(c, HMI, PLC, 49705, 507, handshake=False)
    data = message(0, memory(2, 100, 2, bytes(4)), 0)
    t.down(data[9:])
    for _ in range(2):
        t.up(message(0, memory(2, 100, 2)))
        t.down(data)


def other_port(c):
    """A port of the plant's own: stated once three messages and an answer were consistent."""
    t = Tcp(c, HMI, OTHER, 49706, 10507)
    for _ in range(3):
        t.up(message(0x0402))
        t.down(message(0x0402, status=0))
    exchange(t, 0, 2, 100, 2)
    t.close()
