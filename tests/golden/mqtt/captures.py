# MQTT as OASIS MQTT 5.0 and 3.1.1 and IBM's MQTT V3.1 write it: clauses 1.5, 2 and 3.
import struct

from mqtt_frames import (ACCEPTED, AUTH, CONNACK, DISCONNECT, PINGREQ, PINGRESP, PUBACK, PUBCOMP, PUBREC, PUBREL, SUBACK,
                         SUBSCRIBE, UNSUBACK, connect, numbered, packet, properties, publish, subscribe, text, unsubscribe)
from packets import HMI, PLC, SERVER, Tcp

CODE = "mqtt.msgtype"
IDENTITY = ["mqtt.clientid", "mqtt.willtopic"]
DECODE_AS = ["tcp.port==11883,mqtt"]
KNOWN = {
    # The sensor also states each refusal under the code of what was refused; tshark shows the answer's own code only.
    "errors: 192.168.10.5 code 1: tshark 0, transcript 2",
    "errors: 192.168.10.5 code 3: tshark 0, transcript 2",
    "errors: 192.168.10.5 code 8: tshark 0, transcript 1",
    "errors: 192.168.10.5 code 10: tshark 0, transcript 1",
    # What breaks a rule of the specification is an anomaly and no operation.
    "malformed: 192.168.10.10 code 3: tshark 2, transcript 1",
    "malformed: 192.168.10.10 code 8: tshark 1, transcript 0",
    "malformed: 192.168.10.10 code 12: tshark 1, transcript 0",
    "malformed: tshark finds frame 7 malformed",
    # tshark takes the end of a value for a packet's beginning, and without CONNECT every packet for one of 3.1.1.
    "midstream: 192.168.10.10 code 0: tshark 1, transcript 0",
    "midstream: 192.168.10.10 code 3: tshark 1, transcript 3",
    "midstream: 192.168.10.10 code 8: tshark 0, transcript 1",
    "midstream: tshark finds frame 4 malformed",
    "midstream: tshark finds frame 11 malformed",
    # tshark shows only packets of which it has every byte.
    "stream: 192.168.10.10 code 3: tshark 6, transcript 7",
}


def session(c):
    """Version 3.1.1: all packets, the three qualities of service in both directions."""
    t = Tcp(c, HMI, SERVER, 49152, 1883)
    t.up(connect("hmi-line1", will=("plant/line1/hmi/state", "gone"), user="operator", password="secret"))
    t.down(ACCEPTED)
    t.up(subscribe(1, "plant/line1/+/state", "plant/line1/alarm/#"))
    t.down(numbered(SUBACK, 1, b"\0\1"))
    t.up(publish("plant/line1/hmi/state", b"here", retain=1))
    t.down(publish("plant/line1/press/state", b'{"t":71.5}'))
    t.up(publish("plant/line1/press/cmd", b"start", 1, 2))
    t.down(numbered(PUBACK, 2))
    t.up(publish("plant/line1/press/recipe", b"\x00\x01", 2, 3))
    t.down(numbered(PUBREC, 3))
    t.up(numbered(PUBREL, 3))
    t.down(numbered(PUBCOMP, 3))
    t.down(publish("plant/line1/alarm/7", b"high", 1, 900))
    t.up(numbered(PUBACK, 900))
    t.down(publish("plant/line1/alarm/8", b"high", 2, 901))
    t.up(numbered(PUBREC, 901))
    t.down(numbered(PUBREL, 901))
    t.up(numbered(PUBCOMP, 901))
    t.up(unsubscribe(4, "plant/line1/alarm/#"))
    t.down(numbered(UNSUBACK, 4))
    t.up(packet(PINGREQ))
    t.down(packet(PINGRESP))
    t.up(packet(DISCONNECT))
    t.close()


def version_3_1(c):
    """Version 3.1: its name, repetitions; then a bridge, which sets the highest bit of its version."""
    t = Tcp(c, HMI, SERVER, 49153, 1883)
    t.up(connect("scada/34AAE54A", level=3))
    t.down(ACCEPTED)
    t.up(subscribe(1, "Anlage/Kühlung/#"))
    t.up(numbered(SUBSCRIBE, 1, text("Anlage/Kühlung/#") + b"\0", 0xA))
    t.down(numbered(SUBACK, 1, b"\0"))
    t.down(publish("Anlage/Kühlung/Pumpe 1", b"1"))
    t.up(packet(DISCONNECT))
    t.close()
    t = Tcp(c, PLC, SERVER, 49154, 1883)
    t.up(connect("edge.bridge", level=0x84))
    t.down(ACCEPTED)


def version_5(c):
    """Version 5.0: properties of every kind, a name that the server gives, an alias of a topic, AUTH, reasons."""
    t = Tcp(c, HMI, SERVER, 49155, 1883)
    t.up(connect("", level=5, props=properties(b"\x11\0\0\x0e\x10", b"\x21\0\x14", b"\x15" + text("SCRAM-SHA-1"), b"\x26" + text("site") + text("7"))))
    t.up(packet(AUTH, b"\x18" + properties(b"\x15" + text("SCRAM-SHA-1"), b"\x16" + text(b"\1\2\3"))))
    t.down(packet(AUTH, b"\x18" + properties(b"\x15" + text("SCRAM-SHA-1"))))
    t.down(packet(CONNACK, b"\0\0" + properties(b"\x12" + text("auto-5DD8A1"), b"\x13\0\x3c", b"\x24\1", b"\x27\0\1\0\0", b"\x2a\0")))
    t.up(subscribe(1, "plant/line2/#", "$share/history/plant/#", "plant/+/state", props=properties(b"\x0b\x80\x01"), options=0x2D))
    t.down(numbered(SUBACK, 1, properties(b"\x1f" + text("fine")) + b"\1\1\0"))
    t.up(publish("plant/line2/mixer/speed", b"1200", props=properties(b"\x01\1", b"\x02\0\0\0\x3c", b"\x23\0\5", b"\x03" + text("text/plain"))))
    t.up(publish("", b"1210", props=properties(b"\x23\0\5")))
    t.up(publish("plant/line2/mixer/cmd", b"stop", 1, 2, props=properties(b"\x08" + text("answers/1"), b"\x09" + text(b"\7\7"))))
    t.down(numbered(PUBACK, 2, b"\x10" + properties()))
    t.up(publish("plant/line2/mixer/recipe", b"{}", 2, 3, props=properties()))
    t.down(numbered(PUBREC, 3, b"\0" + properties(b"\x26" + text("a") + text("b"))))
    t.up(numbered(PUBREL, 3, b"\0"))
    t.down(numbered(PUBCOMP, 3, b"\0" + properties()))
    t.up(unsubscribe(4, "plant/line2/#", "plant/+/state", props=properties()))
    t.down(numbered(UNSUBACK, 4, properties() + b"\0\x11"))
    t.down(packet(DISCONNECT, b"\x8e" + properties(b"\x1f" + text("taken over"))))
    t.close()
    t = Tcp(c, PLC, SERVER, 49156, 1883)
    t.up(connect("plc-7", level=5, will=("plant/plc-7/state", b"0"), will_props=properties(b"\x18\0\0\0\x0a"), user="plc", password=b"\0\1"))
    t.down(packet(CONNACK, b"\1\0" + properties(b"\x1c" + text("other-server"), b"\x1a" + text("answers"))))
    t.up(packet(DISCONNECT, b"\4" + properties(b"\x11\0\0\0\0")))


def errors(c):
    """Who is refused what: a session, a subscription, a publication; an answer whose question was not seen."""
    t = Tcp(c, HMI, SERVER, 49157, 1883)
    t.up(connect("intruder", user="admin", password="admin"))
    t.down(packet(CONNACK, b"\0\5"))
    t.close()
    t = Tcp(c, HMI, SERVER, 49158, 1883)
    t.up(connect("reader"))
    t.down(ACCEPTED)
    t.up(subscribe(1, "$SYS/#"))
    t.down(numbered(SUBACK, 1, b"\x80"))
    t.close()
    t = Tcp(c, HMI, SERVER, 49159, 1883)
    t.up(connect("writer", level=5))
    t.down(packet(CONNACK, b"\0\x86" + properties()))
    t.up(connect("writer", level=5))
    t.down(packet(CONNACK, b"\0\0" + properties()))
    t.up(publish("plant/line1/press/cmd", b"start", 1, 2, props=properties()))
    t.down(numbered(PUBACK, 2, b"\x87"))
    t.up(publish("plant/line1/press/cmd", b"start", 2, 3, props=properties()))
    t.down(numbered(PUBREC, 3, b"\x97" + properties()))
    t.up(unsubscribe(4, "plant/#", props=properties()))
    t.down(numbered(UNSUBACK, 4, properties() + b"\x87"))
    t.down(numbered(SUBACK, 9, properties() + b"\x87"))
    t.close()


def names(c):
    """What is a name and what a secret: a user name without a password may be a token, and what follows a question mark."""
    t = Tcp(c, PLC, SERVER, 49160, 1883)
    t.up(connect("gateway", user="A1B2C3D4E5F6"))
    t.down(ACCEPTED)
    t = Tcp(c, PLC, SERVER, 49161, 1883)
    t.up(connect("plc-9", user="hub.example/plc-9/?api-version=2021-04-12", password="SharedAccessSignature"))
    t.down(ACCEPTED)
    t.up(subscribe(1, "$SYS/broker/version"))
    t.down(numbered(SUBACK, 1, b"\0"))
    t.down(publish("$SYS/broker/version", b"mosquitto version 2.0.18", retain=1))
    t.up(publish("a/topic/that/is/much/longer/than/what/an/operation/can/show/as/its/target/at/all", b"1"))


def stream(c):
    """Packets split and joined; a long value, a long list; bytes lost within a value and between packets."""
    t = Tcp(c, HMI, SERVER, 49162, 1883)
    t.up(*(connect("splitter")[i:i + 1] for i in range(len(connect("splitter")))))
    t.down(ACCEPTED)
    joined = subscribe(1, "a/#") + publish("a/b", b"1") + publish("a/c", b"2", 1, 2) + packet(PINGREQ)
    t.up(joined[:9], joined[9:20], joined[20:])
    t.down(numbered(SUBACK, 1, b"\0") + numbered(PUBACK, 2) + packet(PINGRESP))
    long = publish("a/image", bytes(range(256)) * 20)
    t.up(*(long[i:i + 1460] for i in range(0, len(long), 1460)))
    t.up(long[:1000])
    t.lost(0, 3000)
    t.up(long[4000:] + publish("a/behind", b"3"))
    many = subscribe(7, *(f"plant/line{i}/#" for i in range(200)))
    t.up(many[:1460], many[1460:])
    t.down(numbered(SUBACK, 7, b"\0" * 200))
    t.lost(0, 100)
    t.up(publish("a/again", b"4") + packet(PINGREQ))
    t.up(publish("a/again", b"5"))


def midstream(c):
    """Connections that were open before: one begins within a value, one is of version 5.0."""
    t = Tcp(c, HMI, SERVER, 49163, 1883, handshake=False)
    t.up(b"71.5}")
    for number in range(3):
        t.up(publish("plant/line1/state", b"on", 1, 10 + number))
        t.down(numbered(PUBACK, 10 + number))
    t.up(subscribe(20, "plant/line3/#"))
    t.down(numbered(SUBACK, 20, b"\0"))
    t = Tcp(c, PLC, SERVER, 49164, 1883, handshake=False)
    t.down(publish("plant/line2/cmd", b"go", props=properties()))
    t.up(subscribe(21, "plant/line2/#", props=properties()))
    t.down(numbered(SUBACK, 21, properties() + b"\0"))
    t.up(publish("plant/line2/state", b"on", props=properties()))


def other_port(c):
    """By what CONNECT says, on any port; also behind a loss."""
    t = Tcp(c, HMI, SERVER, 49165, 11883)
    t.up(connect("far-away"))
    t.down(ACCEPTED)
    t.up(publish("x/y", b"1"))
    t.lost(0, 50)
    t.up(publish("x/z", b"2"))
    t.down(publish("x/q", b"3"))


def malformed(c):
    """Wildcards where none may be, properties beyond their length, a ping with a body."""
    t = Tcp(c, HMI, SERVER, 49166, 1883)
    t.up(connect("bad", level=5))
    t.down(packet(CONNACK, b"\0\0" + properties()))
    t.up(publish("plant/#", b"1", props=properties()))
    t.up(packet(SUBSCRIBE, struct.pack("!H", 1) + b"\x05" + text("a") + b"\0"))
    t.up(packet(PINGREQ, b"\1"))
    t.up(publish("plant/line1", b"1", props=properties()))
    t.down(packet(PINGRESP))
