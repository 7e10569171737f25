# Sparkplug B as Eclipse Sparkplug 3.0.0 writes it: clauses 4 (topics) and 6 (payloads), over MQTT.
import struct

import mqtt_frames as mqtt
from packets import HMI, PLC, SERVER, Tcp

ALSO = {"mqtt"}
IDENTITY = ["mqtt.clientid"]
# tshark 4.0 looks for a group and a type in all topics of spBv1.0, also where STATE (clause 4.2.8) or nothing stands.
KNOWN = {
    "host: tshark finds frame 6 malformed",
    "others: tshark finds frame 6 malformed",
    "others: tshark finds frame 10 malformed",
}

INT64, DOUBLE, BOOLEAN, STRING = 4, 10, 11, 12


def varint_field(number, value):
    return mqtt.varint(number << 3) + mqtt.varint(value)


def bytes_field(number, value):
    return mqtt.varint(number << 3 | 2) + mqtt.varint(len(value)) + value


def metric(name, kind, value, alias=None):
    body = b"" if name is None else bytes_field(1, name.encode())
    if alias is not None:
        body += varint_field(2, alias)
    body += varint_field(3, 1_751_111_111_111) + varint_field(4, kind)
    if kind == INT64:
        body += varint_field(11, value)
    elif kind == DOUBLE:
        body += mqtt.varint(13 << 3 | 1) + struct.pack("<d", value)
    elif kind == BOOLEAN:
        body += varint_field(14, value)
    else:
        body += bytes_field(15, value.encode())
    return bytes_field(2, body)


def payload(*metrics, seq=0):
    return varint_field(1, 1_751_111_111_111) + b"".join(metrics) + varint_field(3, seq)


def tell(topic, body, qos=0, number=0, props=b""):
    return mqtt.publish("spBv1.0/" + topic, body, qos, number, props=props)


BIRTH = payload(metric("bdSeq", INT64, 7), metric("Node Control/Rebirth", BOOLEAN, 0), metric("Properties/Hardware Make", STRING, "Example Works"),
                metric("Properties/Hardware Model", STRING, "EW-100 Edge"), metric("Properties/OS", STRING, "Linux"),
                metric("Properties/OS Version", STRING, "6.1"), metric("Line/Temperature", DOUBLE, 71.5, alias=5))


def edge_node(c):
    """An edge node's life with one device behind it: births, data, deaths."""
    t = Tcp(c, PLC, SERVER, 49152, 1883)
    t.up(mqtt.connect("edge-7", will=("spBv1.0/Plant 1/NDEATH/edge-7", payload(metric("bdSeq", INT64, 7)))))
    t.down(mqtt.ACCEPTED)
    t.up(mqtt.subscribe(1, "spBv1.0/Plant 1/NCMD/edge-7/#", "spBv1.0/Plant 1/DCMD/edge-7/#", "spBv1.0/STATE/scada-1"))
    t.down(mqtt.numbered(mqtt.SUBACK, 1, b"\1\1\1"))
    t.up(tell("Plant 1/NBIRTH/edge-7", BIRTH))
    t.up(tell("Plant 1/DBIRTH/edge-7/press-2", payload(metric("Properties/Hardware Make", STRING, "Press Works"), metric("Force", DOUBLE, 12.5), seq=1)))
    for seq in range(2, 5):
        t.up(tell("Plant 1/NDATA/edge-7", payload(metric(None, DOUBLE, 71.5, alias=5), seq=seq)))
        t.up(tell("Plant 1/DDATA/edge-7/press-2", payload(metric("Force", DOUBLE, 12.5), seq=seq)))
        c.wait(1)
    t.up(tell("Plant 1/DDEATH/edge-7/press-2", payload(seq=8)))
    t.up(tell("Plant 1/NDEATH/edge-7", payload(metric("bdSeq", INT64, 7))))
    t.close()


def host(c):
    """The host application: its state, commands by name and by alias, what the server passes on to it."""
    t = Tcp(c, HMI, SERVER, 49153, 1883)
    t.up(mqtt.connect("scada-1"))
    t.down(mqtt.ACCEPTED)
    t.up(mqtt.publish("spBv1.0/STATE/scada-1", b'{"online":true,"timestamp":1750000000000}', 1, 2, 1))
    t.down(mqtt.numbered(mqtt.PUBACK, 2))
    t.down(tell("Plant 1/NBIRTH/edge-7", BIRTH))
    t.down(tell("Plant 1/DDATA/edge-7/press-2", payload(metric("Force", DOUBLE, 12.5))))
    t.down(tell("Plant 1/NDEATH/edge-7", payload(metric("bdSeq", INT64, 7)), 1, 77))
    t.up(mqtt.numbered(mqtt.PUBACK, 77))
    t.up(tell("Plant 1/NCMD/edge-7", payload(metric("Node Control/Rebirth", BOOLEAN, 1))))
    t.up(tell("Plant 1/NCMD/edge-7", payload(metric("Node Control/Reboot", BOOLEAN, 1))))
    t.up(tell("Plant 1/NCMD/edge-7", payload(metric("Line/Setpoint", DOUBLE, 80.0), metric("Line/Mode", INT64, 2), metric("Line/Name", STRING, "x"))))
    t.up(tell("Plant 1/NCMD/edge-7", payload(metric(None, DOUBLE, 80.0, alias=5)), 1, 3))
    t.down(mqtt.numbered(mqtt.PUBACK, 3))
    t.up(tell("Plant 1/DCMD/edge-7/press-2", payload(metric("Force Limit", DOUBLE, 20.0))))
    t.up(tell("Plant 1/DCMD/edge-7/press-2", payload(metric("Device Control/Reboot", BOOLEAN, 1))))
    t.close()


def version_5(c):
    """Over MQTT 5.0: properties stand in front of the payload. The server passes a command on to the node."""
    t = Tcp(c, PLC, SERVER, 49154, 1883)
    t.up(mqtt.connect("edge-8", level=5))
    t.down(mqtt.packet(mqtt.CONNACK, b"\0\0" + mqtt.properties()))
    t.up(tell("G/NBIRTH/edge-8", BIRTH, props=mqtt.properties(b"\x02\0\0\0\x3c")))
    t.down(tell("G/NCMD/edge-8", payload(metric("Node Control/Rebirth", BOOLEAN, 1)), 1, 5, props=mqtt.properties(b"\x26" + mqtt.text("a") + mqtt.text("b"))))
    t.up(mqtt.numbered(mqtt.PUBACK, 5))


def others(c):
    """Topics that only look alike; a birth longer than what is read; a payload that is none."""
    t = Tcp(c, PLC, SERVER, 49155, 1883)
    t.up(mqtt.connect("edge-9"))
    t.down(mqtt.ACCEPTED)
    for topic in ("G/NDATA", "G/XDATA/edge-9", "G/NDATA/edge-9/device", "G/DDATA/edge-9", "STATE/", "/NDATA/edge-9"):
        t.up(tell(topic, b"\x08\x01"))
    t.up(mqtt.publish("spAv1.0/G/NDATA/edge-9", b"1"))
    many = tell("G/NBIRTH/edge-9", payload(metric("Properties/Hardware Make", STRING, "Example Works"), *(metric(f"Line/{i}", INT64, i) for i in range(300))))
    t.up(*(many[i:i + 1460] for i in range(0, len(many), 1460)))
    t.up(tell("G/NCMD/edge-9", b"\x0f\x01"))
    t.up(tell("G/NDATA/edge-9", b"\x0f\x01"))


def midstream(c):
    """Connections that were open before, of version 3.1.1 and 5.0."""
    birth = payload(metric("Properties/Hardware Make", STRING, "Example Works"))
    t = Tcp(c, PLC, SERVER, 49156, 1883, handshake=False)
    t.down(tell("G/NCMD/edge-1", payload(metric("Line/Setpoint", DOUBLE, 80.0))))
    t.up(tell("G/NBIRTH/edge-1", birth))
    t = Tcp(c, PLC, SERVER, 49157, 1883, handshake=False)
    t.down(tell("G/NCMD/edge-2", payload(metric("Line/Setpoint", DOUBLE, 80.0)), props=mqtt.properties()))
    t.up(tell("G/NBIRTH/edge-2", birth, 1, 9, props=mqtt.properties(b"\x02\0\0\0\x3c")))
