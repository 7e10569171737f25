# Packets of MQTT for the golden captures of those who speak it: OASIS MQTT 5.0 clauses 1.5, 2 and 3.
import struct

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH = range(1, 16)


def varint(value):
    out = b""
    while True:
        value, byte = value >> 7, value & 0x7F
        out += bytes([byte | (0x80 if value else 0)])
        if not value:
            return out


def text(value):
    raw = value if isinstance(value, bytes) else value.encode()
    return struct.pack("!H", len(raw)) + raw


def packet(kind, body=b"", flags=None):
    if flags is None:
        flags = 2 if kind in (PUBREL, SUBSCRIBE, UNSUBSCRIBE) else 0
    return bytes([kind << 4 | flags]) + varint(len(body)) + body


def properties(*items):
    return varint(len(b"".join(items))) + b"".join(items)


def connect(client, level=4, will=None, user=None, password=None, props=None, will_props=b""):
    flags = 2 | (4 if will else 0) | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    body = text("MQIsdp" if level & 0x7F == 3 else "MQTT") + struct.pack("!BBH", level, flags, 60)
    if level == 5:
        body += properties() if props is None else props
    body += text(client)
    if will:
        body += will_props + text(will[0]) + text(will[1])
    for value in (user, password):
        if value is not None:
            body += text(value)
    return packet(CONNECT, body)


def publish(topic, payload, qos=0, number=0, retain=0, props=b""):
    return packet(PUBLISH, text(topic) + (struct.pack("!H", number) if qos else b"") + props + payload, qos << 1 | retain)


def numbered(kind, number, rest=b"", flags=None):
    return packet(kind, struct.pack("!H", number) + rest, flags)


def subscribe(number, *filters, props=b"", options=0):
    return numbered(SUBSCRIBE, number, props + b"".join(text(x) + bytes([options]) for x in filters))


def unsubscribe(number, *filters, props=b""):
    return numbered(UNSUBSCRIBE, number, props + b"".join(text(x) for x in filters))


ACCEPTED = packet(CONNACK, b"\0\0")
