# RDP as the specifications write it: [MS-RDPBCGR], T.125, T.124.
from packets import HMI, PLC, SERVER, Tcp, hexa
from tls_frames import tls_client_hello, tls_record

# tshark fields of which every value must stand in a fact.
IDENTITY = ["rdp.client.name", "rdp.client.build"]
# What a session over TLS holds.
ALSO = {"tls"}


def tpkt(tpdu):
    return b"\x03\x00" + (4 + len(tpdu)).to_bytes(2, "big") + tpdu


def connect(kind, variable):
    return tpkt(bytes([6 + len(variable), kind]) + hexa("0000 0000 00" if kind == 0xE0 else "0000 1234 00") + variable)


def negotiation(kind, value):
    return bytes([kind, 0, 8, 0]) + value.to_bytes(4, "little")


def ber(tag, body):
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return tag + size + body


def per(body):
    return (0x8000 | len(body)).to_bytes(2, "big") + body


def block(kind, body):
    return kind.to_bytes(2, "little") + (4 + len(body)).to_bytes(2, "little") + body


def initial(name, build):
    core = hexa("04000800 0004 0003 01ca 03aa 11040000") + build.to_bytes(4, "little") + name.encode("utf-16le").ljust(32, b"\0") + \
        hexa("04000000 00000000 0c000000") + bytes(64) + hexa("01ca 0100 00000000 1800 0700 0100") + bytes(64)
    blocks = block(0xC001, core) + block(0xC002, hexa("1b000000 00000000"))
    gcc = hexa("000500147c0001") + per(hexa("000800100001c000") + b"Duca" + per(blocks))
    parameters = [hexa("020122 020102 020100 020101 020100 020101 0202ffff 020102"), hexa("020101 020101 020101 020101 020100 020101 02020420 020102"),
                  hexa("0202ffff 0202fc17 0202ffff 020101 020100 020101 0202ffff 020102")]
    body = hexa("040101 040101 0101ff") + b"".join(ber(b"\x30", x) for x in parameters) + ber(b"\x04", gcc)
    return tpkt(hexa("02f080") + ber(b"\x7f\x65", body))


def sessions(c):
    """Network level authentication, standard security with the client's settings, a server that knows nothing else on another port."""
    t = Tcp(c, HMI, SERVER, 55701, 3389)
    t.up(connect(0xE0, b"Cookie: mstshash=SECRET\r\n" + negotiation(1, 3)))
    t.down(connect(0xD0, negotiation(2, 2)))
    t.up(tls_record(22, tls_client_hello(b"server-05"), 0x0301))
    t.close()

    t = Tcp(c, HMI, PLC, 55702, 3389)
    t.up(connect(0xE0, negotiation(1, 0)))
    t.down(connect(0xD0, negotiation(2, 0)))
    settings = initial("HMI-10", 2600)
    t.up(settings[:150], settings[150:])
    t.up(tpkt(hexa("02f080 04 01 00 01 00")), hexa("0404001e"))
    t.close()

    t = Tcp(c, HMI, PLC, 55703, 13389)
    t.up(connect(0xE0, b"Cookie: mstshash=SECRET\r\n"))
    t.down(connect(0xD0, b""))
    t.up(initial("HMI-10", 7601))
    t.close()

    t = Tcp(c, HMI, SERVER, 55704, 3389)
    t.up(connect(0xE0, negotiation(1, 0)))
    t.down(connect(0xD0, negotiation(3, 5)))
    t.close()
