# BER (ITU-T X.690) and the headers of GOOSE and sampled values: IEC 61850-8-1 annex C, IEC TR 61850-90-5 clause 8.
import struct

from packets import mac


def length(size):
    if size < 0x80:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def context(number, is_constructed=True):
    """A context-specific identifier; from 31 on the number follows it."""
    first = 0xA0 if is_constructed else 0x80
    return bytes([first | number]) if number < 31 else bytes([first | 31, number])


def ber(identifier, *parts):
    """An element of definite length; text is written as its octets, a number as the shortest INTEGER."""
    if isinstance(identifier, int):
        identifier = bytes([identifier])
    content = b""
    for part in parts:
        if isinstance(part, str):
            part = part.encode()
        if isinstance(part, int):
            part = part.to_bytes(part.bit_length() // 8 + 1, "big")
        content += part
    return identifier + length(len(content)) + content


def indefinite(identifier, *parts):
    return bytes([identifier, 0x80]) + b"".join(parts) + b"\0\0"


GOOSE_GROUP = mac("01:0c:cd:01:00:01")
SV_GROUP = mac("01:0c:cd:04:00:01")


def frame(app_id, apdu, is_simulated=False, size=None):
    return struct.pack("!HHHH", app_id, 8 + len(apdu) if size is None else size, 0x8000 if is_simulated else 0, 0) + apdu


def tagged(ethertype, payload, vlan=5, priority=4):
    """What stands behind the ethertype of an 802.1Q tag."""
    return struct.pack("!HH", priority << 13 | vlan, ethertype) + payload


def routed(kind, *apdus):
    """kind: 1 GOOSE, 2 sampled values; apdus: (app id, is simulated, apdu)."""
    payload = b"".join(struct.pack("!BBHH", 0x80 + kind, is_simulated, app_id, len(apdu)) + apdu
                       for app_id, is_simulated, apdu in apdus)
    common = struct.pack("!IIHIHIB", 21 + 4 + len(payload), 1, 2, 0x68000000, 60, 7, 0)
    header = bytes([0x80, len(common)]) + common
    return b"\x01\x40" + bytes([0xA0 + kind, len(header)]) + header + struct.pack("!I", len(payload)) + payload
