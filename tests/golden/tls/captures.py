# TLS as the specifications write it: RFC 8446, RFC 5246.
from packets import HMI, PLC, SERVER, Tcp, hexa
from tls_frames import tls_client_hello, tls_handshake, tls_list, tls_record, tls_server_hello

# tshark fields of which every value must stand in a fact.
IDENTITY = ["tls.handshake.extensions_server_name", "tls.handshake.ja3", "tls.handshake.ja3s", "x509sat.uTF8String"]


def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(body).to_bytes(size, "big") + body


def x509(subject, issuer, padding):
    """The shape of RFC 5280 with empty keys and signatures: nothing but the names is read from it."""
    def name(pairs):
        return der(0x30, *(der(0x31, der(0x30, der(6, bytes([0x55, 4, kind])), der(0x0C, text))) for kind, text in pairs))
    algorithm = der(0x30, der(6, hexa("2a8648ce3d040302")))
    validity = der(0x30, der(0x17, b"250101000000Z"), der(0x17, b"350101000000Z"))
    key = der(0x30, algorithm, der(3, b"\0" * padding))
    tbs = der(0x30, der(0xA0, der(2, b"\x02")), der(2, b"\x17"), algorithm, name(issuer), validity, name(subject), key)
    return der(0x30, tbs, algorithm, der(3, b"\0" * 9))


def handshakes(c):
    """TLS 1.3, TLS 1.2 with a certificate over several records and segments, a hello without extensions, one off port."""
    hello = tls_client_hello(b"hmi.plant.example")
    t = Tcp(c, HMI, SERVER, 53001, 443)
    t.up(tls_record(22, hello, 0x0301))
    t.down(tls_record(22, tls_server_hello(0x1301, [(43, hexa("0304")), (51, hexa("001d0020") + bytes(32))])) +
           tls_record(20, b"\x01") + tls_record(23, bytes(600)))
    t.up(tls_record(20, b"\x01") + tls_record(23, bytes(53)))
    t.close()

    t = Tcp(c, HMI, PLC, 53002, 443)
    t.up(tls_record(22, tls_client_hello(b"press-07", versions=None, alpn=b"http/1.1", grease=False), 0x0301))
    certificate = x509([(10, b"Example Works"), (3, b"press-07")], [(10, b"Example Works"), (11, b"Plant"), (3, b"Plant CA")], 700)
    chain = len(certificate).to_bytes(3, "big") + certificate
    flight = tls_server_hello(0xC02F, [(0xFF01, b"\0"), (11, b"\x01\0")]) + \
        tls_handshake(11, len(chain).to_bytes(3, "big") + chain) + tls_handshake(14, b"")
    records = tls_record(22, flight[:500]) + tls_record(22, flight[500:])
    t.down(records[:300], records[300:301], records[301:])
    t.up(tls_record(20, b"\x01") + tls_record(22, bytes(8) + b"\x5a" * 32))
    t.down(tls_record(20, b"\x01") + tls_record(22, bytes(8) + b"\xa5" * 32))
    t.up(tls_record(23, bytes(1000)), tls_record(21, b"\x01\0" + b"\x33" * 24))
    t.close()

    old = hexa("0301") + bytes(range(32)) + b"\0" + tls_list([0x0005, 0x000A]) + b"\x01\0"
    t = Tcp(c, HMI, PLC, 53003, 10443)
    t.up(tls_record(22, tls_handshake(1, old), 0x0301))
    t.down(tls_record(22, tls_handshake(2, hexa("0301") + bytes(range(32)) + b"\0\0\x05\0"), 0x0301))
    t.close()


def self_signed(c):
    """The certificate that Windows makes for its remote desktop, and a tool that calls its relay."""
    own = [(3, b"SERVER-05")]
    certificate = x509(own, own, 20)
    chain = len(certificate).to_bytes(3, "big") + certificate
    flight = tls_server_hello(0xC02F, []) + tls_handshake(11, len(chain).to_bytes(3, "big") + chain)
    t = Tcp(c, HMI, SERVER, 53101, 3389)
    t.up(tls_record(22, tls_client_hello(b"server-05"), 0x0301))
    t.down(tls_record(22, flight))
    t.close()

    t = Tcp(c, HMI, SERVER, 53102, 443)
    t.up(tls_record(22, tls_client_hello(b"relay-1.net.anydesk.com"), 0x0301))
    t.down(tls_record(22, tls_server_hello(0x1301, [(43, hexa("0304"))])))
    t.close()
