# RFB as the specification writes it: RFC 6143.
from packets import HMI, PLC, SERVER, Tcp

# tshark fields of which every value must stand in a fact.
IDENTITY = ["vnc.server_proto_ver", "vnc.desktop_name"]
DECODE_AS = ["tcp.port==6900,vnc"]


def init(name):
    return (800).to_bytes(2, "big") + (480).to_bytes(2, "big") + bytes.fromhex("20180001 00ff00ff00ff 100800 000000") + \
        len(name).to_bytes(4, "big") + name


def desktops(c):
    """A panel that asks for a password, one that asks for nothing, one of version 3.3 on another port."""
    t = Tcp(c, HMI, PLC, 55601, 5900)
    t.down(b"RFB 003.008\n")
    t.up(b"RFB 003.", b"008\n")
    t.down(b"\x02\x02\x10")
    t.up(b"\x02")
    t.down(bytes(range(16)))
    t.up(bytes(range(16, 32)))
    t.down(bytes(4))
    t.up(b"\x01")
    name = init(b"HMI-PRESS-07")
    t.down(name[:21], name[21:])
    t.up(bytes.fromhex("0200000100000000"))
    t.down(bytes(200))
    t.close()

    t = Tcp(c, HMI, SERVER, 55602, 5900)
    t.down(b"RFB 003.007\n")
    t.up(b"RFB 003.007\n")
    t.down(b"\x01\x01")
    t.up(b"\x01", b"\x01")
    t.down(init(b"OPEN"))
    t.close()

    t = Tcp(c, HMI, SERVER, 55603, 6900)
    t.down(b"RFB 003.008\n")
    t.up(b"RFB 003.003\n")
    t.down(bytes.fromhex("00000001"))
    t.up(b"\x00")
    t.down(init(b"OLD"))
    t.close()


def refusals(c):
    """A wrong password, a type that nobody here reads, a server that wants nobody."""
    t = Tcp(c, HMI, PLC, 55604, 5900)
    t.down(b"RFB 003.008\n")
    t.up(b"RFB 003.008\n")
    t.down(b"\x01\x02")
    t.up(b"\x02")
    t.down(bytes(range(16)))
    t.up(bytes(range(16, 32)))
    t.down(bytes.fromhex("00000001") + (6).to_bytes(4, "big") + b"failed")
    t.close()

    t = Tcp(c, HMI, PLC, 55605, 5900)
    t.down(b"RFB 003.889\n")
    t.up(b"RFB 003.889\n")
    t.down(b"\x01\x1e")
    t.up(b"\x1e")
    t.down(bytes(132))
    t.close()

    t = Tcp(c, HMI, PLC, 55606, 5900)
    t.down(b"RFB 003.008\n")
    t.up(b"RFB 003.008\n")
    t.down(b"\x00" + (8).to_bytes(4, "big") + b"too many")
    t.close()
