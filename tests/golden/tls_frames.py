# Builds TLS records and hellos (RFC 8446, RFC 5246) for the captures of tls and http.
import struct

from packets import hexa


def tls_record(content, payload, version=0x0303):
    return struct.pack("!BHH", content, version, len(payload)) + payload


def tls_handshake(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def tls_extension(kind, data):
    return struct.pack("!HH", kind, len(data)) + data


def tls_list(values, size=2):
    data = b"".join(struct.pack("!H", v) for v in values)
    return len(data).to_bytes(size, "big") + data


def tls_client_hello(name, versions=(0x3A3A, 0x0304, 0x0303), alpn=b"h2", grease=True):
    ciphers = ([0x2A2A] if grease else []) + [0x1301, 0x1302, 0xC02B, 0xC02F, 0x009C, 0x0035]
    extensions = [(0x1A1A, b"\0")] if grease else []
    if name:
        extensions.append((0, struct.pack("!HBH", len(name) + 3, 0, len(name)) + name))
    extensions += [(23, b""), (10, tls_list([0x4A4A, 29, 23, 24])), (11, b"\x01\0"),
                   (13, tls_list([0x0403, 0x0804, 0x0401]))]
    if alpn:
        extensions.append((16, struct.pack("!HB", len(alpn) + 1, len(alpn)) + alpn))
    if versions:
        extensions.append((43, tls_list(versions, 1)))
    body = hexa("0303") + bytes(range(32)) + b"\0" + tls_list(ciphers) + b"\x01\0"
    data = b"".join(tls_extension(k, v) for k, v in extensions)
    return tls_handshake(1, body + struct.pack("!H", len(data)) + data)


def tls_server_hello(cipher, extensions):
    data = b"".join(tls_extension(k, v) for k, v in extensions)
    return tls_handshake(2, hexa("0303") + bytes(range(32, 64)) + b"\0" + struct.pack("!HB", cipher, 0) +
                         struct.pack("!H", len(data)) + data)
