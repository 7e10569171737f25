# SERCOS III as IEC 61158-4-19 and IEC 61158-6-19 write it: telegrams of a cycle by phase, service channel of phases 1 and 2.
import struct

from packets import BROADCAST, HMI

CODE = "siii.telno"
KNOWN = {
    # Telegrams of phase 2 carry steps of the service channel, which tshark shows in fields of their own.
    "service-channel: 02:00:5e:00:01:0a code svc 7 read: tshark 0, transcript 3",
    "service-channel: 02:00:5e:00:01:0a code svc 7 write: tshark 0, transcript 2",
    # Made so: a telegram that is cut.
    "broken: tshark finds frame 1 malformed",
}
MDT, AT, SECONDARY, COUNTED, SWITCHING = 0x00, 0x40, 0x80, 0x20, 0x80


def as_code(value):
    return str(int(value, 0))


def of_code(code):
    return code if code.startswith("svc") else code.split(" ")[1]


def telegram(c, kind, phase, body, count=0):
    c.ethernet(HMI.mac, BROADCAST, 0x88CD, struct.pack("<BBI", kind, phase | count % 8 << 4, 0x1234ABCD) + body)


def channels(steps, words):
    """128 service channels, 128 device words: a telegram of phases 1 and 2."""
    body = b"".join(struct.pack("<HI", *steps.get(slave, (0, 0))) for slave in range(128))
    return body + b"".join(struct.pack("<HH", words, 0) for _ in range(128))


def idn(kind, number, parameter_set=0, instance=0, element=0):
    return instance << 24 | element << 16 | (0x8000 if kind == "P" else 0) | parameter_set << 12 | number


def step(element, handshake, write=False, last=True):
    return element << 3 | (4 if last else 0) | (2 if write else 0) | handshake


def phases(c):
    """A ring comes up: every phase, the change between them, several telegrams in a cycle, both channels."""
    for phase in range(5):
        body = {0: bytes(40), 1: channels({}, 0x8000), 2: channels({}, 0x8000)}.get(phase, bytes(200))
        answer = struct.pack("<H", 3) + struct.pack("<HH", 1, 2) + b"\xff\xff" * 509 if phase == 0 else body
        for cycle, channel in enumerate((0, SECONDARY) if phase > 2 else (0,)):
            telegram(c, MDT | channel | COUNTED, phase, body, cycle)
            telegram(c, AT | channel | COUNTED, phase, answer, cycle)
        if phase < 4:
            telegram(c, MDT, SWITCHING | phase + 1, {0: channels({}, 0), 1: channels({}, 0)}.get(phase, bytes(200)))
    for number in range(4):
        telegram(c, MDT | number, 4, bytes(100))
        telegram(c, AT | number, 4, bytes(100))


def service_channel(c):
    """The master opens parameters of slaves and reads or writes them; each step is repeated until the slave has taken it."""
    def cycle(steps, number=0, repeat=1):
        for count in range(repeat):
            telegram(c, MDT | COUNTED | number, 2, channels(steps, 0x8000), count)

    cycle({0: (step(1, 1), idn("S", 32)), 2: (step(1, 1), idn("P", 4095, 7))})
    cycle({0: (step(7, 0), 0), 2: (step(3, 0), 0)})
    cycle({0: (step(1, 1), idn("S", 1300, 0, 1, 5)), 2: (step(7, 1, True), 100)})
    cycle({0: (step(7, 0, last=False), 0)})
    cycle({0: (step(0, 1), 0), 5: (step(7, 1), 0)})
    cycle({1: (step(1, 1), idn("S", 1))}, 1)
    cycle({1: (step(7, 0, True), 0x7D0)}, 1)
    cycle({1: (step(1, 1), idn("S", 15))}, 1)
    cycle({1: (step(7, 0), 0)}, 1, 3)
    telegram(c, AT | COUNTED | 1, 2, channels({1: (8, 0)}, 0x8000))


def broken(c):
    """A telegram of phase 2 that ends within its service channels; then a good one."""
    telegram(c, MDT, 2, channels({0: (step(1, 1), idn("S", 32))}, 0)[:500])
    telegram(c, MDT, 4, bytes(100))
