# Kerberos as the specification writes it: RFC 4120, in DER.
from packets import HMI, SERVER, Tcp

IDENTITY = ["kerberos.realm", "kerberos.crealm"]


def der(tag, *parts):
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes([tag]) + size + body


def field(number, *parts):
    return der(0xA0 | number, *parts)


def sequence(*parts):
    return der(0x30, *parts)


def integer(value):
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def string(text):
    return der(0x1B, text)


def principal(kind, *parts):
    return sequence(field(0, integer(kind)), field(1, sequence(*(string(x) for x in parts))))


def encrypted(kind, size):
    return sequence(field(0, integer(kind)), field(2, der(4, bytes(size))))


REALM = b"PLANT.EXAMPLE"
TGT = principal(2, b"krbtgt", REALM)
TIME = der(0x18, b"20370913024805Z")


def request(number, cname, *more):
    name = field(1, cname) if cname else b""
    body = sequence(field(0, der(3, b"\0\x40\x81\0\x10")), name, field(2, string(REALM)), field(3, TGT), field(5, TIME),
                    field(7, integer(12345)), field(8, sequence(*(integer(x) for x in (18, 17, 23)))), *more)
    return der(0x60 | number, sequence(field(1, integer(5)), field(2, integer(number)), field(4, body)))


def answer(number, cname, kind):
    ticket = der(0x61, sequence(field(0, integer(5)), field(1, string(REALM)), field(2, TGT), field(3, encrypted(18, 60))))
    return der(0x60 | number, sequence(field(0, integer(5)), field(1, integer(number)), field(3, string(REALM)), field(4, cname),
                                       field(5, ticket), field(6, encrypted(kind, 40))))


def refusal(code):
    return der(0x7E, sequence(field(0, integer(5)), field(1, integer(30)), field(4, TIME), field(5, integer(7)), field(6, integer(code)),
                              field(9, string(REALM)), field(10, TGT)))


def tickets(c):
    """A person on a computer of Windows, the computer itself, RC4; over UDP and TCP. No name of a person may come out."""
    person, computer = principal(1, b"SECRET"), principal(1, b"PRESS-07$")
    addresses = field(9, sequence(sequence(field(0, integer(20)), field(1, der(4, b"PRESS-07".ljust(16))))))
    for payload, reply in ((request(10, person, addresses), refusal(25)), (request(10, computer), answer(11, computer, 23))):
        c.udp(HMI, 50088, SERVER, 88, payload)
        c.udp(SERVER, 88, HMI, 50088, reply)
    t = Tcp(c, HMI, SERVER, 55801, 88)
    asked = request(12, None)
    whole = len(asked).to_bytes(4, "big") + asked
    t.up(whole[:50], whole[50:])
    reply = answer(13, person, 18)
    t.down(len(reply).to_bytes(4, "big") + reply)
    asked = request(10, principal(3, b"host", b"press-08.plant.example"))
    t.up(len(asked).to_bytes(4, "big") + asked)
    t.close()
