# LLDP as IEEE 802.1AB clause 8 writes it: type and length in 7 and 9 bits; organizations' own fields.
import struct

from packets import HMI, PLC, ROUTER, hexa, ip, mac

# tshark fields of which every value must stand in a fact.
IDENTITY = ["lldp.chassis.id.mac", "lldp.port.id", "lldp.port.desc", "lldp.tlv.system.name", "lldp.tlv.system.desc", "lldp.mgn.addr.ip4",
            "lldp.mgn.addr.ip6", "lldp.media.hardware", "lldp.media.firmware", "lldp.media.software", "lldp.media.sn", "lldp.media.manufacturer",
            "lldp.media.model", "lldp.media.asset", "lldp.profinet.cm_mac_add"]

def as_value(value):
    """A description of several lines stands on one."""
    return value.split("\\r\\n")[0]


NEAREST = mac("01:80:c2:00:00:0e")


def tlv(kind, value):
    return struct.pack("!H", kind << 9 | len(value)) + value


def own(organization, subtype, value):
    return tlv(127, organization + bytes([subtype]) + value)


def say(c, source, *fields):
    c.ethernet(source.mac, NEAREST, 0x88CC, b"".join(fields) + tlv(0, b""))


def managed(family, address):
    return tlv(8, bytes([1 + len(address), family]) + address + hexa("02 00000001 00"))


def neighbours(c):
    """A switch of a plant network, a PROFINET station, a phone with its inventory, a station that names itself by address."""
    siemens = b"Siemens, SIMATIC NET, SCALANCE X999, 6GK5 999-0AA00-0AA0, HW: 3, FW: V1.02"
    say(c, ROUTER, tlv(1, b"\x04" + ROUTER.mac), tlv(2, b"\x05port-001"), tlv(3, b"\0\x14"), tlv(4, b"Port 1, upper row"), tlv(5, b"switch-7"),
        tlv(6, siemens), tlv(7, hexa("0014 0014")), managed(1, ip("192.168.10.1")), managed(2, ip("fe80::5eff:fe00:101")),
        own(hexa("0080c2"), 1, hexa("000a")), own(hexa("00120f"), 1, hexa("03 6c00 0010")))
    say(c, PLC, tlv(1, b"\x07press-4.cell-2"), tlv(2, b"\x07port-002"), tlv(3, b"\0\x14"), tlv(7, hexa("0080 0080")), managed(1, ip("0.0.0.0")),
        own(hexa("000ecf"), 2, hexa("0000 0000")), own(hexa("000ecf"), 5, mac("02:00:5e:00:01:13")))
    say(c, HMI, tlv(1, b"\x05\x01" + ip("192.168.10.10")), tlv(2, b"\x03" + HMI.mac), tlv(3, b"\0\x78"),
        tlv(6, b"Cisco IOS Software, EX99 Software (EX99-K9-M), Version 12.2(99)SE1, RELEASE SOFTWARE (fc1)\r\nCompiled Thu"), tlv(7, hexa("0024 0024")),
        *(own(hexa("0012bb"), subtype, text) for subtype, text in
          ((5, b"Rev 2"), (6, b"boot 1.0"), (7, b"app 3.4"), (8, b"SN-0042"), (9, b"Example Phones"), (10, b"EP-9"), (11, b"asset 17"))))


def described(c):
    """Systems that describe themselves in other manners; a field that ends beyond its value, one beyond the frame."""
    for host, kind, enabled, text in (
            (HMI, 4, 0x08, b"Linux hmi-1 5.10.0-99-amd64 #1 SMP PREEMPT x86_64"),
            (PLC, 4, 0x10, b"Hardware: x86 - Software: Windows Version 6.1 (Build 7601 Multiprocessor Free)"),
            (ROUTER, 4, 0x14, b"Cisco NX-OS(tm) n9000, Software (n9000-dk9), Version 9.9(1), RELEASE SOFTWARE")):
        say(c, host, tlv(1, bytes([kind]) + host.mac), tlv(2, b"\x05eth0"), tlv(3, b"\0\x78"), tlv(6, text), tlv(7, struct.pack("!HH", 0xFF, enabled)))


def broken(c):
    """A chassis id without its MAC, a management address longer than its field, a field beyond the frame."""
    say(c, HMI, tlv(1, b"\x04\x02\0"), tlv(2, b"\x05eth0"), tlv(3, b"\0\x78"))
    say(c, HMI, tlv(1, b"\x04" + HMI.mac), tlv(2, b"\x05eth0"), tlv(3, b"\0\x78"), tlv(8, hexa("20 01 c0a80a0a")))
    c.ethernet(HMI.mac, NEAREST, 0x88CC, tlv(1, b"\x04" + HMI.mac) + hexa("0bff") + bytes(60))


# A message with a fault states nothing.
KNOWN = {f"broken: {field} is in no fact" for field in
         ("lldp.chassis.id.mac '02:00:5e:00:01:0a'", "lldp.mgn.addr.ip4 '192.168.10.10'", "lldp.port.id 'eth0'")} | {
    f"broken: tshark finds frame {n} malformed" for n in (1, 2, 3)}
