# Sampled values as IEC 61850-9-2 clause 8.5 writes them; IEC 61869-9 for what merging units add.
import struct

from iec61850_frames import SV_GROUP, ber, frame, routed, tagged
from packets import HMI, PLC, ROUTER, SERVER, hexa, ip, mac

CODE = "sv.svID"
IDENTITY = ["sv.svID"]
# tshark does not read sampled values over UDP. It takes messages that lack a mandatory field (clause 8.5.2), or whose element is cut,
# for good; of the latter it says so as well.
KNOWN = {"routing: 192.168.10.20 code AA1MU0101: tshark 0, transcript 2", "routing: 192.168.10.20 code AA1MU0201: tshark 0, transcript 1",
         "bad-input: 02:00:5e:00:01:14 code AA1MU0101: tshark 5, transcript 2", "bad-input: tshark finds frame 3 malformed",
         "bad-input: tshark finds frame 7 malformed"}


def of_code(code):
    return code.split(" ", 2)[2]


SAMPLE = struct.pack("!iI", 1000, 0) * 8


def asdu(ident="AA1MU0101", count=0, synchronised=2, data_set=None, grandmaster=None, left_out=()):
    fields = [ber(0x80, ident), ber(0x81, data_set) if data_set else b"", ber(0x82, struct.pack("!H", count)),
              ber(0x83, hexa("00000001")), b"", ber(0x85, bytes([synchronised])), b"", ber(0x87, SAMPLE), b"",
              ber(0x89, grandmaster) if grandmaster else b""]
    return ber(0x30, *(field for number, field in enumerate(fields) if number not in left_out))


def sav(*asdus, count=None, security=b""):
    return ber(0x60, ber(0x80, len(asdus) if count is None else count), security, ber(0xA2, *asdus))


def sampling(c):
    """A merging unit's stream around the turn of a second; another with two samples a frame, its data set, its clock; a VLAN."""
    for count in (3998, 3999, 0, 1):
        c.ethernet(PLC.mac, SV_GROUP, 0x88BA, frame(0x4000, sav(asdu(count=count))))
    for count in (4798, 0, 2):
        samples = [asdu("AA1MU0201", count + n, data_set="AA1MU02/LLN0$PhsMeas1", grandmaster=hexa("001b21fffe0a0b0c")) for n in range(2)]
        c.ethernet(SERVER.mac, SV_GROUP, 0x88BA, frame(0x4001, sav(*samples)))
    c.ethernet(PLC.mac, SV_GROUP, 0x8100, tagged(0x88BA, frame(0x4000, sav(asdu(count=2)))))


def states(c):
    """Synchronised to nothing, to a local clock, to an area's; simulated by test equipment; with a security element."""
    for source, synchronised in ((PLC, 0), (SERVER, 1), (ROUTER, 5)):
        c.ethernet(source.mac, SV_GROUP, 0x88BA, frame(0x4000, sav(asdu(synchronised=synchronised))))
    c.ethernet(HMI.mac, SV_GROUP, 0x88BA, frame(0x4000, sav(asdu()), is_simulated=True))


def routing(c):
    """Over UDP to a group: one message, two in one datagram."""
    group = ip("239.192.0.2")
    send = lambda payload: c.udp(PLC, 50001, mac("01:00:5e:40:00:02"), 102, payload, dst=group)
    send(routed(2, (0x4000, False, sav(asdu()))))
    send(routed(2, (0x4000, True, sav(asdu())), (0x4001, False, sav(asdu("AA1MU0201")))))


def bad_input(c):
    """Lengths, fields, numbers of samples that contradict the specification; then one message that does not."""
    broken = [frame(0x4000, sav(asdu()), size=8), frame(0x4000, sav(asdu()), size=1400), frame(0x4000, sav(asdu(left_out=(0,)))),
              frame(0x4000, sav(asdu(left_out=(7,)))), frame(0x4000, sav(asdu(), count=2)), frame(0x4000, sav(asdu(""))),
              frame(0x4000, sav(asdu())[:-4], size=8 + len(sav(asdu())))]
    for payload in broken:
        c.ethernet(PLC.mac, SV_GROUP, 0x88BA, payload)
    c.ethernet(PLC.mac, SV_GROUP, 0x88BA, frame(0x4000, sav(asdu(count=1))))
