# NTLMSSP as MS-NLMP clause 2.2.1 writes it: messages whose fields stand behind them.
import struct

UNICODE, OEM, TARGET_DOMAIN, TARGET_SERVER, INFORMATION, VERSION = 0x1, 0x2, 0x10000, 0x20000, 0x800000, 0x02000000


def message(kind, layout, flags, texts, version):
    """`layout` is the fixed part after the kind: names of texts, "flags", "version", or bytes as they stand."""
    size = {"flags": 4, "version": 8}
    at = 12 + sum(len(part) if isinstance(part, bytes) else size.get(part, 8) for part in layout)
    fixed, behind = b"", b""
    for part in layout:
        if isinstance(part, bytes):
            fixed += part
        elif part == "flags":
            fixed += struct.pack("<I", flags)
        elif part == "version":
            fixed += bytes(version[:2]) + struct.pack("<H", version[2]) + b"\0\0\0\x0f"
        else:
            text = texts.get(part, b"")
            fixed += struct.pack("<HHI", len(text), len(text), at + len(behind))
            behind += text
    return b"NTLMSSP\0" + struct.pack("<I", kind) + fixed + behind


def negotiate(group=b"", workstation=b"", version=(10, 0, 19041)):
    return message(1, ["flags", "group", "workstation", "version"], OEM | UNICODE | VERSION | 0x3000, {"group": group, "workstation": workstation}, version)


def wide(text):
    return text.encode("utf-16-le")


def challenge(target, pairs, flags=TARGET_DOMAIN, version=(10, 0, 17763)):
    information = b"".join(struct.pack("<HH", kind, len(wide(text))) + wide(text) for kind, text in pairs) + bytes(4)
    return message(2, ["target", "flags", b"notkept!", bytes(8), "information", "version"], UNICODE | INFORMATION | VERSION | flags,
                   {"target": wide(target), "information": information}, version)


def authenticate(group, user, workstation, version=(10, 0, 19041)):
    return message(3, ["lm", "nt", "group", "user", "workstation", "key", "flags", "version", bytes(16)], UNICODE | VERSION,
                   {"lm": bytes(24), "nt": bytes(range(24)), "group": wide(group), "user": wide(user), "workstation": wide(workstation)}, version)


def der(tag, *content):
    body = b"".join(content)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + struct.pack("!H", len(body))
    return bytes([tag]) + size + body


SPNEGO, NTLM = bytes.fromhex("06062b0601050502"), bytes.fromhex("060a2b06010401823702020a")


def first_token(token):
    """MS-SPNG: the mechanisms that the client offers, and a token of the first."""
    return der(0x60, SPNEGO, der(0xA0, der(0x30, der(0xA0, der(0x30, NTLM)), der(0xA2, der(0x04, token)))))


def next_token(token):
    return der(0xA1, der(0x30, der(0xA0, b"\x0a\x01\x01"), der(0xA1, NTLM), der(0xA2, der(0x04, token))))
