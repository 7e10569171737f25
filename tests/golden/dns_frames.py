# Builds DNS names and messages (RFC 1035 clause 4) for the captures of dns, mdns and llmnr.
import struct


def dns_name(name):
    return b"".join(bytes([len(x)]) + x.encode() for x in name.split(".") if x) + b"\0"


def dns_message(ident, flags, questions=(), answers=(), additional=()):
    body = struct.pack("!6H", ident, flags, len(questions), len(answers), 0, len(additional))
    for name, kind in questions:
        body += dns_name(name) + struct.pack("!HH", kind, 1)
    for name, kind, data in list(answers) + list(additional):
        body += (name if isinstance(name, bytes) else dns_name(name)) + struct.pack("!HHIH", kind, 1, 120, len(data)) + data
    return body
