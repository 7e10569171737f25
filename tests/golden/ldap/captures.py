# LDAP as the specifications write it: RFC 4511, RFC 4512, [MS-ADTS].
from packets import HMI, PLC, SERVER, Tcp, hexa
from tls_frames import tls_client_hello, tls_record

# What follows StartTLS.
ALSO = {"tls"}


def der(tag, *parts):
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes([tag]) + size + body


def integer(value):
    return der(2, bytes([value]))


def octets(text):
    return der(4, text)


def message(number, *parts):
    return der(0x30, integer(number), *parts)


def bind(number, authentication):
    return message(number, der(0x60, integer(3), octets(b"cn=SECRET"), authentication))


def search(number, kind, *attributes):
    return message(number, der(0x63, octets(b""), der(10, b"\0"), der(10, b"\0"), integer(0), integer(0), der(1, b"\0"), kind,
                               der(0x30, *(octets(x) for x in attributes))))


def entry(number, name, *attributes):
    return message(number, der(0x64, octets(name), der(0x30, *(der(0x30, octets(kind), der(0x31, *(octets(x) for x in values)))
                                                            for kind, *values in attributes))))


def done(number, operation):
    return message(number, der(operation, der(10, b"\0"), octets(b""), octets(b"")))


ANY = der(0x87, b"objectClass")
ROOT = ((b"dnsHostName", b"dc-01.plant.example"), (b"ldapServiceName", b"plant.example:dc-01$@PLANT.EXAMPLE"),
        (b"domainControllerFunctionality", b"7"), (b"supportedLDAPVersion", b"3", b"2"))


def directories(c):
    """The root of a directory and an entry of it, a login in the clear, one with nobody's name. Nothing of entries may come out."""
    t = Tcp(c, HMI, SERVER, 55901, 389)
    t.up(search(1, ANY, b"dnsHostName"))
    root = entry(1, b"", *ROOT)
    t.down(root[:70], root[70:] + done(1, 0x65))
    t.up(bind(2, der(0x80, b"SECRET")))
    t.down(done(2, 0x61))
    t.up(search(3, ANY, b"mail"))
    t.down(entry(3, b"cn=SECRET", (b"dnsHostName", b"SECRET")) + done(3, 0x65))
    t.close()

    t = Tcp(c, PLC, SERVER, 55902, 389)
    t.up(message(1, der(0x60, integer(3), octets(b""), der(0x80))))
    t.down(done(1, 0x61))
    t.up(search(2, ANY))
    t.down(entry(2, b"", (b"vendorName", b"Example Directory"), (b"vendorVersion", b"2.4.1")))
    t.up(message(3, der(0xA3, octets(b"x"))), (40).to_bytes(4, "big") + bytes(40))
    t.close()

    t = Tcp(c, HMI, SERVER, 55903, 389)
    t.up(message(1, der(0x77, der(0x80, b"1.3.6.1.4.1.1466.20037"))))
    t.down(done(1, 0x78))
    t.up(tls_record(22, tls_client_hello(b"dc-01.plant.example"), 0x0301))
    t.close()


def pings(c):
    """How Windows finds its domain: over UDP, the names compressed as in DNS."""
    equal = [der(0xA3, octets(kind), octets(value)) for kind, value in
             ((b"DnsDomain", b"plant.example"), (b"Host", b"PRESS-07"), (b"NtVer", hexa("16000000")))]
    c.udp(HMI, 50389, SERVER, 389, search(1, der(0xA0, *equal), b"Netlogon"))
    names = b"\x05plant\x07example\0" + b"\xc0\x18" + b"\x05dc-01\xc0\x18" + b"\x05PLANT\0" + b"\x05DC-01\0" + b"\0" + \
        b"\x07Default\0" + b"\x07Default\0"
    netlogon = hexa("1700 0000 fd330000") + bytes(16) + names + hexa("05000000 ffffffff")
    c.udp(SERVER, 389, HMI, 50389, entry(1, b"", (b"Netlogon", netlogon)) + done(1, 0x65))
