#!/usr/bin/env python3
"""Unusual and hostile captures, made byte by byte from the specifications; held against tshark by tshark_test.py.

    unusual.py FOLDER       write every case to FOLDER/<name>.pcap or .pcapng, for a look by hand

A case is a function that returns the bytes of a capture file; its name is the file's. What every network packet inside
carries is a datagram or segment between the stations a and b, so that a case that is not understood shows as a host that
is missing.
"""
import gzip
import ipaddress
import pathlib
import struct
import sys

CASES = {}
A, B = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
A4, B4, C4, D4 = (ipaddress.ip_address(f"10.0.0.{i}").packed for i in (1, 2, 3, 4))
A6, B6, C6, D6 = (ipaddress.ip_address(f"2001:db8::{i}").packed for i in (1, 2, 3, 4))
SYN, ACK, FIN, RST, PSH = 2, 16, 1, 4, 8
SECOND = 1_700_000_000


def case(function):
    CASES[function.__name__] = function
    return function


# ---- packets ---------------------------------------------------------------------------------------------------------

def be16(*values):
    return struct.pack(f">{len(values)}H", *values)


def be32(*values):
    return struct.pack(f">{len(values)}I", *values)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip4(protocol, payload, source=A4, destination=B4, ident=1, offset=0, more=False, options=b"", total=None):
    length = 20 + len(options) + len(payload) if total is None else total
    head = struct.pack("!BBHHHBBH4s4s", 0x40 | (5 + len(options) // 4), 0, length, ident,
                       (0x2000 if more else 0) | offset // 8, 64, protocol, 0, source, destination) + options
    return head[:10] + be16(checksum(head)) + head[12:] + payload


def ip6(protocol, payload, source=A6, destination=B6, length=None):
    return struct.pack("!IHBB16s16s", 0x60000000, len(payload) if length is None else length, protocol, 64, source,
                       destination) + payload


def udp(payload=b"payload-", sport=40000, dport=16161, length=None):
    return be16(sport, dport, 8 + len(payload) if length is None else length, 0) + payload


def tcp(sport, dport, sequence, flags, payload=b"", acknowledgment=1, options=b""):
    return struct.pack("!HHIIBBHHH", sport, dport, sequence & 0xFFFFFFFF, acknowledgment & 0xFFFFFFFF,
                       (5 + len(options) // 4) << 4, flags, 8192, 0, 0) + options + payload


def ethernet(kind, payload, source=A, destination=B, pad=60):
    return (destination + source + be16(kind) + payload).ljust(pad, b"\0")


def datagram4(**fields):
    return ip4(17, udp(**fields))


def datagram6():
    return ip6(17, udp())


def inner4():
    return ip4(17, udp(), C4, D4)


def inner_frame():
    return ethernet(0x0800, inner4(), bytes.fromhex("020000000003"), bytes.fromhex("020000000004"), pad=0)


def in_udp(dport, payload, sport=50000):
    return ethernet(0x0800, ip4(17, udp(payload, sport, dport)))


# ---- files -----------------------------------------------------------------------------------------------------------

def pcap(frames, link=1, order="<", magic=0xA1B2C3D4, snap=262144, step=1000):
    """Frames are bytes, or (bytes, seconds, fraction), or (bytes, seconds, fraction, length on the wire)."""
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)
    for number, frame in enumerate(frames):
        if isinstance(frame, bytes):
            frame = (frame, SECOND, number * step)
        data, seconds, fraction, *wire = frame
        out += struct.pack(order + "IIII", seconds & 0xFFFFFFFF, fraction, len(data), wire[0] if wire else len(data))
        if magic == 0xA1B2CD34:  # Kuznetzov's: interface index, protocol, packet type, padding
            out += struct.pack(order + "IHBB", 1, 0x0800, 0, 0)
        out += data
    return out


def option(code, value, order="<"):
    return struct.pack(order + "HH", code, len(value)) + value.ljust((len(value) + 3) // 4 * 4, b"\0")


def block(kind, body, order="<"):
    body = body.ljust((len(body) + 3) // 4 * 4, b"\0")
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def section(order="<"):
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link=1, snap=0, options=b"", order="<"):
    return block(1, struct.pack(order + "HHI", link, 0, snap) + options, order)


def enhanced(data, ticks, number=0, order="<", wire=None, options=b""):
    body = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(data), wire or len(data))
    return block(6, body + data.ljust((len(data) + 3) // 4 * 4, b"\0") + options, order)


def simple(data, wire=None, order="<"):
    return block(3, struct.pack(order + "I", wire or len(data)) + data, order)


FRAME4, FRAME6 = ethernet(0x0800, datagram4()), ethernet(0x86DD, datagram6())
MICROSECONDS = SECOND * 1_000_000


# ---- file formats ----------------------------------------------------------------------------------------------------

@case
def pcap_nanoseconds():
    return pcap([FRAME4, FRAME6], magic=0xA1B23C4D)


@case
def pcap_big_endian():
    return pcap([FRAME4, FRAME6], order=">")


@case
def pcap_nanoseconds_big_endian():
    return pcap([FRAME4, FRAME6], order=">", magic=0xA1B23C4D)


@case
def pcap_kuznetzov():
    return pcap([FRAME4, FRAME6, FRAME4], magic=0xA1B2CD34)


@case
def pcap_gzip():
    return gzip.compress(pcap([FRAME4, FRAME6] * 50), mtime=0)


@case
def pcap_gzip_of_two_members():
    whole = pcap([FRAME4, FRAME6] * 50)
    return gzip.compress(whole[:1000], mtime=0) + gzip.compress(whole[1000:], mtime=0)


@case
def pcap_time_jumps_and_ends_of_the_clock():
    times = [SECOND, SECOND - 5, 0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0, SECOND]  # 1970, 2038, 2106
    return pcap([(FRAME4, second, 999_999) for second in times])


@case
def pcap_fraction_beyond_a_second():
    return pcap([(FRAME4, SECOND, 4_000_000_000), (FRAME4, SECOND, 0)])


@case
def pcap_empty_frames():
    return pcap([b"", FRAME4, b"", FRAME6[:1], FRAME4[:13]])


@case
def pcap_no_frames():
    return pcap([])


@case
def pcap_snap_length_68():
    long = ethernet(0x0800, ip4(6, tcp(40000, 16161, 1, ACK | PSH, b"x" * 1000)))
    return pcap([(long[:68], SECOND, 0, len(long)), (long[:54], SECOND, 1, len(long)), (long[:34], SECOND, 2, len(long)),
                 (long[:38], SECOND, 3, len(long))], snap=68)


@case
def pcap_with_frame_check_sequence():
    return pcap([FRAME4 + b"\1\2\3\4"] * 3, link=1 | 0x24000000)


@case
def pcapng_big_endian():
    return section(">") + interface(order=">") + enhanced(FRAME4, MICROSECONDS, order=">") + simple(FRAME6, order=">")


@case
def pcapng_interfaces():
    """Links and clocks differ: microseconds, nanoseconds, 2^-10 s, seconds, 10^-10 s, and an offset of an hour."""
    return (section() + interface(1) + interface(101, 0, option(9, b"\x09")) + interface(113, 0, option(9, b"\x8a"))
            + interface(276, 0, option(9, b"\x00")) + interface(1, 0, option(9, b"\x0a"))
            + interface(1, 0, option(14, struct.pack("<q", 3600)) + option(0, b""))
            + enhanced(FRAME4, MICROSECONDS) + enhanced(datagram4(), SECOND * 10**9, 1)
            + enhanced(be16(0, 1, 6) + A + b"\0\0" + be16(0x0800) + datagram4(), SECOND << 10, 2)
            + enhanced(be16(0x86DD, 0) + be32(3) + be16(1) + b"\4\6" + A + b"\0\0" + datagram6(), SECOND, 3)
            + enhanced(FRAME4, SECOND * 10**10, 4) + enhanced(FRAME4, MICROSECONDS - 3_600_000_000, 5))


@case
def pcapng_sections():
    """Little-endian, then big-endian; interface numbers begin anew."""
    return (section() + interface(1) + enhanced(FRAME4, MICROSECONDS) + section(">") + interface(101, order=">")
            + interface(1, order=">") + enhanced(datagram6(), MICROSECONDS, order=">")
            + enhanced(FRAME6, MICROSECONDS, 1, order=">"))


@case
def pcapng_simple_packets_cut():
    return section() + interface(1, 68) + simple(FRAME4[:60]) + simple(FRAME4.ljust(200, b"\0")[:68], 200)


@case
def pcapng_blocks_in_between():
    name = block(4, struct.pack("<HH", 1, 9) + A4 + b"plc\0\0" + b"\0\0\0" + struct.pack("<HH", 0, 0))
    statistics = block(5, struct.pack("<III", 0, 0, 0))
    keys = block(10, struct.pack("<II", 0x544C534B, 4) + b"keys")
    custom = block(0xBAD, struct.pack("<I", 32473) + b"whatever")
    unknown = block(0x7777, b"x" * 1001)
    return (section() + name + interface() + statistics + keys + custom + unknown
            + enhanced(FRAME4, MICROSECONDS, options=option(1, b"a comment") + option(0, b"")) + statistics)


@case
def pcapng_obsolete_packets():
    body = struct.pack("<HHIIII", 0, 0xFFFF, MICROSECONDS >> 32, MICROSECONDS & 0xFFFFFFFF, len(FRAME4), len(FRAME4))
    return section() + interface() + block(2, body + FRAME4)


@case
def pcapng_gzip():
    return gzip.compress(section() + interface() + enhanced(FRAME4, MICROSECONDS) * 30, mtime=0)


# ---- link types ------------------------------------------------------------------------------------------------------

LINKS = {
    "raw": (101, b"", b""), "ipv4": (228, b"", None), "ipv6": (229, None, b""),
    "null_little": (0, struct.pack("<I", 2), struct.pack("<I", 24)), "null_big": (0, be32(2), be32(30)),
    "loop": (108, be32(2), be32(28)),
    "linux_cooked": (113, be16(0, 1, 6) + A + b"\0\0" + be16(0x0800), be16(4, 772, 6) + A + b"\0\0" + be16(0x86DD)),
    "linux_cooked_2": (276, be16(0x0800, 0) + be32(3) + be16(1) + b"\4\6" + A + b"\0\0",
                       be16(0x86DD, 0) + be32(3) + be16(1) + b"\0\6" + A + b"\0\0"),
    "ppp": (9, b"\xff\x03\0\x21", b"\xff\x03\0\x57"), "ppp_compressed": (9, b"\x21", b"\x57"),
    "ppp_hdlc": (50, b"\xff\x03\0\x21", b"\xff\x03\0\x57"), "ppp_direction": (204, b"\0\xff\x03\0\x21", b"\1\xff\x03\0\x57"),
    "c_hdlc": (104, b"\x0f\0\x08\0", b"\x8f\0\x86\xdd"),
    "frame_relay": (107, b"\x18\x41\x03\xcc", b"\x18\x41\x03\x8e"),
    "frame_relay_snap": (107, b"\x18\x41\x03\0\x80\0\0\0\x08\0", b"\x18\x41\x03\0\x80\0\0\0\x86\xdd"),
    "frame_relay_cisco": (107, b"\x18\x41\x08\0", b"\x18\x41\x86\xdd"),
    "atm_rfc1483": (100, b"\xaa\xaa\x03\0\0\0\x08\0", b"\xaa\xaa\x03\0\0\0\x86\xdd"),
    "fddi": (10, b"\x50" + B + A + b"\xaa\xaa\x03\0\0\0\x08\0", None),
    "token_ring": (6, b"\x10\x40" + B + A + b"\xaa\xaa\x03\0\0\0\x08\0", None),
    "ip_over_fibre_channel": (122, b"\0\0" + B + b"\0\0" + A + b"\xaa\xaa\x03\0\0\0\x08\0", None),
    "wireless": (105, b"\x08\x01\0\0" + B + A + B + b"\0\0\xaa\xaa\x03\0\0\0\x08\0",
                 b"\x88\x02\0\0" + A + B + A + b"\0\0\0\0\xaa\xaa\x03\0\0\0\x86\xdd"),
    "wireless_radiotap": (127, b"\0\0\x08\0\0\0\0\0\x08\x01\0\0" + B + A + B + b"\0\0\xaa\xaa\x03\0\0\0\x08\0", None),
    "wireless_avs": (163, be32(0x80211001, 64) + bytes(56) + b"\x08\x01\0\0" + B + A + B + b"\0\0\xaa\xaa\x03\0\0\0\x08\0", None),
    "per_packet_information": (192, b"\0\0\x08\0" + struct.pack("<I", 1) + B + A + b"\x08\0", None),
    "packet_filter_log": (117, b"\x3d\x02\0\0" + bytes(60), b"\x3d\x18\0\0" + bytes(60)),
    "encapsulated_ipsec": (109, struct.pack("<III", 2, 1, 0), struct.pack("<III", 24, 1, 0)),
    "net_analyzer": (240, b"\1\4\0\0" + B + A + b"\x08\0", None),
    "net_analyzer_transparent": (241, b"\1\4\0\0" + b"\x55" * 7 + b"\xd5" + B + A + b"\x08\0", None),
    "mpacket": (274, b"\x55" * 7 + b"\xd5" + B + A + b"\x08\0", None),
    "endace": (197, bytes(8) + b"\2\4" + be16(68, 0, 50) + b"\0\0" + B + A + b"\x08\0", None),
    "pktap": (258, struct.pack("<III", 108, 1, 1) + bytes(96) + B + A + b"\x08\0", None),
    "juniper_ethernet": (178, b"MGC\1" + B + A + b"\x08\0", b"MGC\x80\0\6\1\1\4\2\1\1" + B + A + b"\x86\xdd"),
    "juniper_ppp": (179, b"MGC\0\xff\x03\0\x21", b"MGC\0\xff\x03\0\x57"),
    "juniper_frame_relay": (180, b"MGC\0\x18\x41\x03\xcc", b"MGC\0\x18\x41\x03\x8e"),
    "juniper_c_hdlc": (181, b"MGC\0\x0f\0\x08\0", b"MGC\0\x0f\0\x86\xdd"),
    "netfilter_log": (239, b"\2\0\0\0", b"\x0a\0\0\0"),
}
# A check sequence or an integrity value follows what these carry.
TRAILERS = {"net_analyzer": 4, "net_analyzer_transparent": 4, "mpacket": 4}


def link_case(name):
    number, before4, before6 = LINKS[name]

    def make():
        frames = []
        for before, packet in ((before4, datagram4()), (before6, datagram6())):
            if before is None:
                continue
            if name == "netfilter_log":
                packet = struct.pack("<HH", 4 + len(packet), 9) + packet
            frames.append(before + packet + b"\1\2\3\4"[:TRAILERS.get(name, 0)])
        return pcap(frames * 2, link=number)
    make.__name__ = "link_" + name
    return make


for link_name in LINKS:
    case(link_case(link_name))


# ---- Ethernet --------------------------------------------------------------------------------------------------------

@case
def ethernet_tags():
    return pcap([ethernet(0x88A8, be16(100, 0x8100, 200, 0x0800) + datagram4()),           # QinQ
                 ethernet(0x8100, be16(100, 0x8100, 200, 0x8100, 300, 0x0800) + datagram4()),
                 ethernet(0x9100, be16(100, 0x86DD) + datagram6()),
                 ethernet(0x8100, be16(0xE000, 0x0800) + datagram4()),                     # priority only
                 ethernet(0x8926, be32(0x80010002) + be16(0x0800) + datagram4()),          # VN tag
                 ethernet(0x893F, be32(0x00010002) + be16(0, 0x0800) + datagram4())])      # IEEE 802.1BR


@case
def ethernet_redundancy():
    """IEC 62439-3 (HSR tag, PRP trailer) and IEEE 802.1CB, on which plants without interruption stand."""
    packet = datagram4()
    return pcap([ethernet(0x892F, be16(len(packet) + 6, 7, 0x0800) + packet),
                 ethernet(0x8100, be16(5, 0x892F, len(packet) + 6, 8, 0x86DD) + datagram6()),
                 ethernet(0xF1C1, be16(0, 9, 0x0800) + packet),
                 ethernet(0x0800, packet, pad=0) + be16(7, 0xA000 | len(packet) + 6, 0x88FB)])


@case
def ethernet_tap_headers():
    """What tap aggregators and switches put before the packet."""
    return pcap([ethernet(0xD28B, be16(1, 0x0010) + bytes(8) + be16(0x0800) + datagram4()),
                 ethernet(0xD28B, be16(1, 0x0020) + bytes(6) + be16(0x0800) + datagram4()),
                 ethernet(0x8909, b"\1\1" + be16(1, 16, 0x0800) + datagram4())])


@case
def ethernet_length_field():
    snap = b"\xaa\xaa\x03\0\0\0\x08\0" + datagram4()
    return pcap([ethernet(len(snap), snap), ethernet(len(snap), snap) + b"\xee" * 100,
                 ethernet(3, b"\x42\x42\x03"), ethernet(0, b""), ethernet(1500, b"\xaa\xaa\x03\0\0\xf8\x08\0" + datagram4()),
                 ethernet(0x8870, snap)])


@case
def ethernet_mpls():
    def labels(*values):
        return b"".join(be32(v << 12 | (i == len(values) - 1) << 8 | 64) for i, v in enumerate(values))
    return pcap([ethernet(0x8847, labels(100) + datagram4()), ethernet(0x8847, labels(100, 200, 300) + datagram6()),
                 ethernet(0x8848, labels(16) + datagram4()), ethernet(0x8847, labels(0) + datagram4()),
                 ethernet(0x8847, labels(2) + datagram6()),
                 ethernet(0x8847, labels(100, 17) + be32(0) + inner_frame())])


@case
def ethernet_pppoe():
    def session(packet, protocol):
        return ethernet(0x8864, b"\x11\0" + be16(1, 2 + len(packet), protocol) + packet)
    return pcap([session(datagram4(), 0x21), session(datagram6(), 0x57), session(b"\1\1\0\4", 0xC021)])


@case
def ethernet_bridging():
    return pcap([ethernet(0x88E7, be32(0x00000011) + inner_frame()),
                 ethernet(0x22F3, be16(0x003F, 1, 2) + inner_frame()),
                 ethernet(0x894F, be16(0x0FC6) + b"\1\1" + be32(0x00000101) + bytes(16) + inner4())])


# ---- tunnels ---------------------------------------------------------------------------------------------------------

def gre(flags, kind, rest):
    return ethernet(0x0800, ip4(47, be16(flags, kind) + rest))


@case
def tunnel_gre():
    return pcap([gre(0, 0x0800, inner4()), gre(0x2000, 0x0800, be32(7) + inner4()),
                 gre(0xB000, 0x0800, be16(0, 0) + be32(7, 1) + inner4()), gre(0x1000, 0x6558, be32(1) + inner_frame()),
                 gre(0, 0x8847, be32(100 << 12 | 0x140) + inner4()),
                 gre(0x3081, 0x880B, be16(len(inner4()) + 4, 1) + be32(1, 1) + b"\xff\x03\0\x21" + inner4()),
                 ethernet(0x86DD, ip6(47, be16(0, 0x86DD) + ip6(17, udp(), C6, D6)))])


@case
def tunnel_erspan():
    version3 = be16(0x2000, 0) + bytes(4) + be16(0)
    return pcap([gre(0, 0x88BE, inner_frame()), gre(0x1000, 0x88BE, be32(1) + be16(0x1000, 0) + be32(1) + inner_frame()),
                 gre(0x1000, 0x22EB, be32(1) + version3 + be16(0) + inner_frame()),
                 gre(0x1000, 0x22EB, be32(1) + version3 + be16(1) + bytes(8) + inner_frame())])


@case
def tunnel_vxlan():
    return pcap([in_udp(4789, b"\x08\0\0\0" + be32(100 << 8) + inner_frame()) for _ in range(3)])


@case
def tunnel_geneve():
    return pcap([in_udp(6081, be16(0, 0x6558) + be32(100 << 8) + inner_frame()),
                 in_udp(6081, be16(0x0200, 0x0800) + be32(100 << 8) + be32(0x01020301, 5)[:8] + inner4())])


@case
def tunnel_gtp():
    def message(flags, extra, packet):
        return in_udp(2152, bytes([flags, 0xFF]) + be16(len(extra) + len(packet)) + be32(1) + extra + packet, 2152)
    return pcap([message(0x30, b"", inner4()), message(0x32, b"\0\1\0\0", inner4()),
                 message(0x34, b"\0\0\0\x85\1\0\0\0", inner4()),
                 message(0x36, b"\0\1\0\x85\1\0\0\xc0\1\1\1\0", inner4()),
                 message(0x30, b"", ip6(17, udp(), C6, D6)),
                 in_udp(2152, b"\x32\1\0\4" + be32(0) + b"\0\1\0\0", 2152)])


@case
def tunnel_l2tp():
    ppp = b"\xff\x03\0\x21" + inner4()
    return pcap([in_udp(1701, be16(0x4002, 8 + len(ppp), 1, 1) + ppp), in_udp(1701, be16(0x0002, 1, 1) + ppp)])


@case
def tunnel_teredo():
    teredo = ipaddress.ip_address("2001:0:c000:201::1").packed
    packet = ip6(17, udp(), teredo, D6)
    return pcap([in_udp(3544, packet), in_udp(3544, be16(0, 0x8000) + be32(0x01020304) + packet)])


@case
def tunnel_ip_in_ip():
    return pcap([ethernet(0x0800, ip4(4, inner4())), ethernet(0x0800, ip4(41, ip6(17, udp(), C6, D6))),
                 ethernet(0x86DD, ip6(4, inner4())), ethernet(0x86DD, ip6(41, ip6(17, udp(), C6, D6))),
                 ethernet(0x0800, ip4(97, b"\x30\0" + inner_frame()))])


@case
def tunnel_gre_in_udp():
    return pcap([in_udp(4754, be16(0, 0x0800) + inner4()), in_udp(4754, be16(0x2000, 0x6558) + be32(3) + inner_frame())])


@case
def tunnel_on_its_port_only():
    """Ordinary datagrams that happen to use a tunnel's port."""
    return pcap([in_udp(port, b"just a text that is no header of any tunnel") for port in (4789, 6081, 2152, 1701, 3544)])


# ---- IP --------------------------------------------------------------------------------------------------------------

@case
def ipv4_options():
    return pcap([ethernet(0x0800, ip4(17, udp(), options=b"\x94\4\0\0")),
                 ethernet(0x0800, ip4(6, tcp(40000, 16161, 1, SYN, options=b"\2\4\5\xb4"), options=b"\1" * 40))])


@case
def ipv4_total_length():
    """0: a large send that the card has not cut yet; longer than the frame; shorter than the frame: padding."""
    return pcap([ethernet(0x0800, ip4(17, udp(b"x" * 100, length=0), total=0), pad=0),
                 ethernet(0x0800, ip4(17, udp(b"x" * 20, length=128), total=148), pad=0),
                 ethernet(0x0800, datagram4()) + b"\xff" * 30])


@case
def ip_authentication():
    """RFC 4302: what an authentication header protects stays readable."""
    def header(protocol, payload):
        return bytes([protocol, 4, 0, 0]) + be32(0x1234, 1) + bytes(12) + payload
    return pcap([ethernet(0x0800, ip4(51, header(17, udp()))), ethernet(0x0800, ip4(51, header(6, tcp(40000, 16161, 1, SYN)))),
                 ethernet(0x86DD, ip6(51, header(17, udp()))),
                 ethernet(0x86DD, ip6(0, b"\x33\0\1\4\0\0\0\0" + header(6, tcp(40000, 16161, 1, SYN))))])


@case
def ip_encrypted():
    return pcap([ethernet(0x0800, ip4(50, be32(0x1234, i) + bytes(range(64)))) for i in range(1, 4)]
                + [ethernet(0x86DD, ip6(50, be32(0x1234, 1) + bytes(range(64))))])


@case
def ipv6_extensions():
    hop, destination = b"\x3c\0\1\4\0\0\0\0", b"\x2b\0\1\4\0\0\0\0"
    routing = b"\x11\0\0\0\0\0\0\0"
    return pcap([ethernet(0x86DD, ip6(0, hop + destination + routing + udp())),
                 ethernet(0x86DD, ip6(60, b"\x06\1\1\x0c" + bytes(12) + tcp(40000, 16161, 1, SYN))),
                 ethernet(0x86DD, ip6(44, b"\x11\0" + be16(0) + be32(9) + udp())),       # an atomic fragment
                 ethernet(0x86DD, ip6(59, b"")), ethernet(0x86DD, ip6(253, b"x" * 8))])


@case
def ipv6_jumbogram():
    payload = udp(b"x" * 70000, length=0)
    hop = b"\x11\0\xc2\4" + be32(8 + len(payload))
    return pcap([ethernet(0x86DD, ip6(0, hop + payload, length=0), pad=0)])


def pieces(payload, *cuts):
    """(offset, bytes, more) of a datagram cut at those places."""
    edges = [0, *cuts, len(payload)]
    return [(a, payload[a:b], b < len(payload)) for a, b in zip(edges, edges[1:])]


def fragments4(ident, parts):
    return [ethernet(0x0800, ip4(17, data, ident=ident, offset=at, more=more)) for at, data, more in parts]


@case
def fragments_in_every_order():
    whole = udp(bytes(range(256)) * 8)
    parts = pieces(whole, 1000, 1480)
    return pcap(fragments4(1, parts) + fragments4(2, parts[::-1]) + fragments4(3, [parts[1], parts[0], parts[2]]))


@case
def fragments_tiny():
    whole = udp(bytes(range(96)))
    return pcap(fragments4(1, pieces(whole, *range(8, len(whole), 8))))


@case
def fragments_overlapping():
    whole = udp(bytes(range(240)))
    parts = [(0, whole[:128], True), (64, whole[64:192], True), (128, whole[128:], False)]
    return pcap(fragments4(1, parts) + fragments4(2, parts + parts[:1]))


@case
def fragments_never_whole():
    whole = udp(bytes(range(240)))
    return pcap(fragments4(1, pieces(whole, 64, 128)[:2]) + fragments4(2, pieces(whole, 64, 128)[1:])
                + [ethernet(0x0800, ip4(17, b"x" * 8, ident=3, offset=65528))])


@case
def fragments_of_a_tunnel():
    outer = udp(b"\x08\0\0\0" + be32(100 << 8) + ethernet(0x0800, ip4(17, udp(b"y" * 900), C4, D4)), 50000, 4789)
    return pcap(fragments4(1, pieces(outer, 480)))


@case
def fragments_ipv6():
    whole = udp(bytes(range(240)))
    return pcap([ethernet(0x86DD, ip6(44, b"\x11\0" + be16(at | more) + be32(77) + data))
                 for at, data, more in pieces(whole, 64, 128)])


# ---- TCP -------------------------------------------------------------------------------------------------------------

class Connection:
    """Frames of one connection from a (client) to b (server)."""

    def __init__(self, sport=40000, dport=16161, start=1000, answer=5000):
        self.ports, self.next = (sport, dport), [start, answer]
        self.frames = []

    def send(self, end, flags, payload=b"", at=None, keep=False):
        sequence = self.next[end] if at is None else at
        addresses = (A4, B4) if end == 0 else (B4, A4)
        ports = self.ports if end == 0 else self.ports[::-1]
        segment = tcp(*ports, sequence, flags, payload, self.next[1 - end] if flags & ACK else 0)
        macs = (A, B) if end == 0 else (B, A)
        if not keep:
            self.frames.append(ethernet(0x0800, ip4(6, segment, *addresses), *macs))
        if at is None:
            self.next[end] += len(payload) + bool(flags & SYN) + bool(flags & FIN)
        return self

    def open(self):
        return self.send(0, SYN).send(1, SYN | ACK).send(0, ACK)

    def close(self):
        return self.send(0, FIN | ACK).send(1, FIN | ACK).send(0, ACK)

    def talk(self, times=3):
        for i in range(times):
            self.send(0, ACK | PSH, b"request %d" % i).send(1, ACK | PSH, b"a longer response %d" % i)
        return self


@case
def tcp_ordinary():
    return pcap(Connection().open().talk().close().frames)


@case
def tcp_loss_and_retransmission():
    c = Connection().open()
    c.send(0, ACK | PSH, b"lost", keep=True).send(0, ACK | PSH, b"after the loss").talk()
    c.send(0, ACK | PSH, b"request 0", at=1005).send(0, ACK | PSH, b"overlapping more than before", at=1003)
    return pcap(c.close().frames)


@case
def tcp_keep_alive():
    c = Connection().open().talk(1)
    for _ in range(3):
        c.send(0, ACK, b"\0", at=c.next[0] - 1).send(1, ACK)
    return pcap(c.frames)


@case
def tcp_in_mid_stream():
    return pcap(Connection(16161, 502).talk().frames)


@case
def tcp_half_open():
    c = Connection()
    return pcap(c.send(0, SYN).frames + Connection(40001).send(0, SYN).send(1, RST | ACK).frames
                + Connection(40002).open().send(1, RST).frames)


@case
def tcp_simultaneous_open():
    c = Connection(16000, 16161)
    c.send(0, SYN).send(1, SYN).send(0, SYN | ACK, at=1000).send(1, SYN | ACK, at=5000)
    return pcap(c.talk().frames)


@case
def tcp_ports_used_again():
    frames = []
    for start in (1000, 900_000, 3_000_000_000):
        frames += Connection(start=start, answer=start + 5000).open().talk(2).close().frames
    frames += Connection(start=77, answer=99).open().talk(1).send(1, RST).frames
    return pcap(frames + Connection(start=5, answer=6).open().talk(1).frames)


@case
def tcp_ports_used_again_by_the_other_end():
    """What was the client's port is now the server's: two services between the same ports."""
    first = Connection(16000, 16161).open().talk(1).close().frames
    c = Connection(16000, 16161, 100_000, 200_000)
    c.send(1, SYN).send(0, SYN | ACK).send(1, ACK).talk(1)
    return pcap(first + c.frames)


@case
def tcp_sequence_wraps():
    return pcap(Connection(start=0xFFFFFFF8, answer=0xFFFFFFF0).open().talk(5).close().frames)


@case
def tcp_header_that_lies():
    good = ip4(6, tcp(40000, 16161, 1, ACK))
    short = bytearray(good)
    short[32] = 0x40   # four words: fewer than the header has
    long = bytearray(good)
    long[32] = 0xF0    # more than there are
    return pcap([ethernet(0x0800, good), ethernet(0x0800, bytes(short)), ethernet(0x0800, bytes(long)),
                 ethernet(0x0800, ip4(6, good[20:28])), ethernet(0x0800, ip4(6, b""))])


@case
def udp_header_that_lies():
    return pcap([ethernet(0x0800, ip4(17, udp(length=4))), ethernet(0x0800, ip4(17, udp(length=2000))),
                 ethernet(0x0800, ip4(17, b"\x9c")), ethernet(0x0800, ip4(17, b"")), FRAME4])


@case
def sctp():
    return pcap([ethernet(0x0800, ip4(132, be16(40000, 36412) + be32(1, 0) + b"\0\3\0\x18" + bytes(20)))] * 2)


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, make in CASES.items():
        (folder / (name + (".pcapng" if name.startswith("pcapng") else ".pcap"))).write_bytes(make())


if __name__ == "__main__":
    main()
