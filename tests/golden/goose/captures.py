# GOOSE and its management as IEC 61850-8-1 writes them: clause 18 and annex A.
from iec61850_frames import GOOSE_GROUP, ber, frame, indefinite, routed, tagged
from packets import HMI, PLC, ROUTER, SERVER, hexa, ip, mac

CODE = "goose.gocbRef"
IDENTITY = ["goose.gocbRef", "goose.goID"]
# tshark does not read the management on its own ethertype. It takes messages that lack a mandatory field (annex A), that count other
# entries than they hold or whose element is cut for good; of lengths that do not fit the frame it says so as well.
KNOWN = {f"management: {end} code management {n}: tshark 0, transcript 1" for end in ("02:00:5e:00:01:0a", "02:00:5e:00:01:14")
         for n in range(1, 5)} | {
    "bad-input: 02:00:5e:00:01:14 code AA1J1Q01A1LD0/LLN0$GO$gcbTrip: tshark 5, transcript 1"} | {
    f"bad-input: tshark finds frame {n} malformed" for n in (2, 3, 4, 7)}


def of_code(code):
    return code.split(" ", 2)[2]


BREAKER = "AA1J1Q01A1LD0/LLN0$GO$gcbTrip"
INTERLOCKING = "AA1J1Q01A1LD0/LLN0$GO$gcbInterlocking"
DATA = [ber(0x83, b"\1"), ber(0x84, hexa("06 40")), ber(0xA2, ber(0x83, b"\0"), ber(0x85, 7)), ber(0x87, hexa("08 41c80000")),
        ber(0x91, hexa("68500000 00000000"))]


def goose(block=BREAKER, data_set="AA1J1Q01A1LD0/LLN0$Trip", ident="Trip", state=1, sequence=0, test=False, needs=False,
          entries=None, data=DATA, left_out=()):
    fields = [ber(0x80, block), ber(0x81, 2000), ber(0x82, data_set), ber(0x83, ident) if ident is not None else b"",
              ber(0x84, hexa("68500000 800000 0a")), ber(0x85, state), ber(0x86, sequence), ber(0x87, bytes([test])), ber(0x88, 1),
              ber(0x89, bytes([needs])), ber(0x8A, len(data) if entries is None else entries), ber(0xAB, *data)]
    return ber(0x61, *(field for number, field in enumerate(fields) if number not in left_out))


def publishing(c):
    """A control block of a relay repeats its state, changes it, repeats faster; a second block; a second relay; a VLAN."""
    for sequence in range(3):
        c.ethernet(PLC.mac, GOOSE_GROUP, 0x88B8, frame(0x0001, goose(sequence=sequence)))
        c.wait(1)
    for sequence in range(3):
        c.ethernet(PLC.mac, GOOSE_GROUP, 0x88B8, frame(0x0001, goose(state=2, sequence=sequence)))
    # Its identifier is the control block's reference where none was configured.
    c.ethernet(PLC.mac, GOOSE_GROUP, 0x88B8, frame(0x3001, goose(INTERLOCKING, "AA1J1Q01A1LD0/LLN0$Interlocking", INTERLOCKING)))
    c.ethernet(SERVER.mac, GOOSE_GROUP, 0x88B8, frame(0x0002, goose("AA1J1Q02A1LD0/LLN0$GO$gcbTrip", "AA1J1Q02A1LD0/LLN0$Trip", None)))
    c.ethernet(PLC.mac, GOOSE_GROUP, 0x8100, tagged(0x88B8, frame(0x0001, goose(state=2, sequence=3))))


def states(c):
    """Test, simulation by the header, a control block that needs commissioning; fields that have a default left out."""
    c.ethernet(PLC.mac, GOOSE_GROUP, 0x88B8, frame(0x0001, goose(test=True)))
    c.ethernet(SERVER.mac, GOOSE_GROUP, 0x88B8, frame(0x0001, goose(), is_simulated=True))
    c.ethernet(ROUTER.mac, GOOSE_GROUP, 0x88B8, frame(0x0001, goose(needs=True)))
    c.ethernet(HMI.mac, GOOSE_GROUP, 0x88B8, frame(0x0001, goose(left_out=(3, 7, 9))))


def management(c):
    """Who asks for the references and numbers of a control block's members; an unknown block; what is not supported."""
    block = ber(0x80, BREAKER)
    questions = [ber(0xA1, block, ber(0xA1, ber(0x02, 1))), ber(0xA2, block, ber(0xA1, ber(0x1A, "AA1J1Q01A1LD0/XCBR1$ST$Pos"))),
                 ber(0xA3, block, ber(0xA1, ber(0x02, 1))), ber(0xA4, block, ber(0xA1, ber(0x1A, "AA1J1Q01A1LD0/XCBR1$ST$Pos")))]
    for state, question in enumerate(questions, 1):
        c.ethernet(HMI.mac, PLC.mac, 0x88B9, frame(0x0000, ber(0x60, ber(0x80, state), ber(0xA1, question))))
        result = ber(0xA2, ber(0x80, "AA1J1Q01A1LD0/LLN0$Trip"), ber(0xA1, ber(0x80, 1))) if state != 2 else ber(0x83, 1)
        answer = ber(question[0], block, ber(0x81, 1), result) if state != 4 else ber(0x80)
        c.ethernet(PLC.mac, HMI.mac, 0x88B9, frame(0x0000, ber(0x60, ber(0x80, state), ber(0xA2, answer))))


def routing(c):
    """Over UDP to a group: one message, two in one datagram, another payload type, a session of another kind."""
    group = ip("239.192.0.1")
    send = lambda payload: c.udp(PLC, 50000, mac("01:00:5e:40:00:01"), 102, payload, dst=group)
    send(routed(1, (0x0001, False, goose())))
    send(routed(1, (0x0001, True, goose(state=2)), (0x3001, False, goose(INTERLOCKING, "AA1J1Q01A1LD0/LLN0$Interlocking"))))


def bad_input(c):
    """Lengths, fields, entries that contradict the specification; then one message that does not."""
    broken = [frame(0x0001, goose(), size=8), frame(0x0001, goose(), size=1400), frame(0x0001, goose(left_out=(0,))),
              frame(0x0001, goose(left_out=(5,))), frame(0x0001, goose(entries=9)), frame(0x0001, goose("")),
              frame(0x0001, goose()[:-4], size=8 + len(goose())), frame(0x0001, ber(0x60, ber(0x80, 1), ber(0xA3, ber(0xA1))))]
    for payload in broken:
        c.ethernet(PLC.mac, GOOSE_GROUP, 0x88B8, payload)
    # Elements of indefinite length are as good as others.
    whole = goose()
    c.ethernet(PLC.mac, GOOSE_GROUP, 0x88B8, frame(0x0001, indefinite(0x61, whole[3 if whole[1] > 0x80 else 2:])))
