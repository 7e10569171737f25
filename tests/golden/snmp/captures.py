# SNMP as RFC 1157, RFC 3416, RFC 3412 and RFC 3414 write it, in BER.
from packets import HMI, PLC, SERVER, hexa, ip, mac

CODE_OF = ("request", "message")
# tshark fields of which every value must stand in a fact.
IDENTITY = []
# What fields of published samples say; ../samples_test.py. Communities are passwords.
SAMPLES = {"snmp.data": lambda value: "" if value in "28" else f"code {value}", "snmp.version": "", "snmp.community": "", "snmp.name": "", "snmp.value.octets": ""}


def ber(tag, *content):
    body = b"".join(content)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes([tag]) + size + body


def number(value):
    return ber(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def text(value):
    return ber(4, value)


def oid(dotted):
    arcs = [int(x) for x in dotted.split(".")]
    out = b""
    for arc in [arcs[0] * 40 + arcs[1], *arcs[2:]]:
        octets = [arc & 127]
        while arc > 127:
            arc >>= 7
            octets.insert(0, arc & 127 | 128)
        out += bytes(octets)
    return ber(6, out)


NULL = hexa("0500")
SYSTEM, ENTITY = "1.3.6.1.2.1.1.{}.0", "1.3.6.1.2.1.47.1.1.1.1.{}.{}"


def pdu(kind, request, *bindings, error=0):
    return ber(0xA0 | kind, number(request), number(error), number(0), ber(0x30, *(ber(0x30, oid(name), value) for name, value in bindings)))


def message(version, community, body):
    return ber(0x30, number(version), text(community), body)


def agents(c):
    """Who a device is, its parts, a walk; a community of delivery and one that is not; a write that is refused, one that is not."""
    def ask(body, answer, agent=PLC, community=b"public", version=1):
        c.udp(HMI, 50161, agent, 161, message(version, community, body))
        c.udp(agent, 161, HMI, 50161, message(version, community, answer))
    ask(pdu(0, 1, *((SYSTEM.format(n), NULL) for n in (1, 2, 4, 5, 6))),
        pdu(2, 1, (SYSTEM.format(1), text(b"Siemens, SIMATIC NET, SCALANCE X999, 6GK5 999-0AA00-0AA0, HW: 3, FW: V1.02")),
            (SYSTEM.format(2), oid("1.3.6.1.4.1.4329.6.1.2")), (SYSTEM.format(4), text(b"somebody")), (SYSTEM.format(5), text(b"switch-7")),
            (SYSTEM.format(6), text(b"Hall 3"))), version=0)
    ask(pdu(5, 2, ("1.3.6.1.2.1.47.1.1.1.1", NULL)),
        pdu(2, 2, (ENTITY.format(8, 1), text(b"3")), (ENTITY.format(9, 1), text(b"boot 2")), (ENTITY.format(10, 1), text(b"V1.02")),
            (ENTITY.format(11, 1), text(b"SN-0042")), (ENTITY.format(12, 1001), text(b"Example")), (ENTITY.format(13, 1), text(b"EX-9")),
            (ENTITY.format(11, 2), text(b"of a part"))), community=b"not-kept")
    ask(pdu(1, 3, ("1.3.6.1.2.1.1", NULL)),
        pdu(2, 3, (SYSTEM.format(1), text(b"Linux scada-1 5.10.0-99-amd64 #1 SMP x86_64"))), SERVER, b"private")
    ask(pdu(3, 4, (SYSTEM.format(5), text(b"renamed"))), pdu(2, 4, (SYSTEM.format(5), NULL), error=17), community=b"private")
    ask(pdu(3, 5, (SYSTEM.format(6), text(b"Hall 4"))), pdu(2, 5, (SYSTEM.format(6), text(b"Hall 4"))), community=b"private")


def traps(c):
    """A trap of version 1, one of version 2, an inform that is answered."""
    old = ber(0xA4, oid("1.3.6.1.4.1.8691.7"), ber(0x40, ip("192.168.10.20")), number(3), number(0), ber(0x43, b"\1"),
              ber(0x30, ber(0x30, oid("1.3.6.1.2.1.2.2.1.1.1"), number(1))))
    c.udp(PLC, 50162, HMI, 162, message(0, b"public", old))
    link = ("1.3.6.1.6.3.1.1.4.1.0", oid("1.3.6.1.6.3.1.1.5.3"))
    c.udp(PLC, 50162, HMI, 162, message(1, b"not-kept", pdu(7, 6, link, (SYSTEM.format(5), text(b"switch-7")))))
    c.udp(PLC, 50162, HMI, 162, message(1, b"not-kept", pdu(6, 7, link)))
    c.udp(HMI, 162, PLC, 50162, message(1, b"not-kept", pdu(2, 7, link)))


def third_version(c):
    """An engine is found by a report; then what is encrypted, then what is only signed."""
    engine = hexa("80 00 10e9 03") + PLC.mac
    def say(source, sport, to, dport, flags, engine_id, user, data):
        security = ber(0x30, text(engine_id), number(1), number(2), text(user), text(bytes(12)), text(bytes(8)))
        head = ber(0x30, number(77), number(65507), text(bytes([flags])), number(3))
        c.udp(source, sport, to, dport, ber(0x30, number(3), head, text(security), data))
    scoped = lambda engine_id, body: ber(0x30, text(engine_id), text(b""), body)
    say(HMI, 50161, PLC, 161, 4, b"", b"", scoped(b"", pdu(0, 8)))
    say(PLC, 161, HMI, 50161, 0, engine, b"", scoped(engine, pdu(8, 8, ("1.3.6.1.6.3.15.1.1.4.0", ber(0x41, b"\1")))))
    say(HMI, 50161, PLC, 161, 7, engine, b"not-kept", text(bytes(range(40))))
    say(PLC, 161, HMI, 50161, 1, engine, b"not-kept", scoped(engine, pdu(2, 9, (SYSTEM.format(5), text(b"switch-7")))))


def broken(c):
    """A binding beyond its list, a PDU of no known kind."""
    body = pdu(2, 1, (SYSTEM.format(5), text(b"switch-7")))
    c.udp(PLC, 161, HMI, 50161, message(1, b"public", body.replace(b"\x04\x08switch-7", b"\x04\x28switch-7")))
    c.udp(PLC, 161, HMI, 50161, message(1, b"public", ber(0xAB, number(1))))


KNOWN = {"broken: tshark finds frame 1 malformed"}
