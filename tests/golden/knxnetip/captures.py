# KNXnet/IP as KNX Standard 03_08_02 (core), 03_08_03 (device management), 03_08_04 (tunnelling), 03_08_05 (routing), 03_08_07 (remote
# configuration) and 03_08_09 (secure) write it.
import struct

from knx_frames import (CLIENT, CON, FAMILIES, IND, REQ, ROUTERS, ROUTERS_MAC, SERVER, Udp, configure, data, device, endpoint, frame, header,
                        service, structure, told, tunnel)
from packets import HMI, PLC, Tcp

ALSO = {"knx"}
CODE = "knxip.service"
IDENTITY = ["knxip.device.name", "knxip.macaddr"]
DECODE_AS = ["udp.port==13671,kip"]
KNOWN = {
    # The sensor also states each refusal under the code of what was refused; tshark shows the answer's own code only.
    "errors: 192.168.10.20 code 0x0205: tshark 0, transcript 1",
    "errors: 192.168.10.20 code 0x0207: tshark 0, transcript 1",
    "errors: 192.168.10.20 code 0x0209: tshark 0, transcript 1",
    "errors: 192.168.10.20 code 0x0420: tshark 0, transcript 1",
    "errors: 192.168.10.20 code 0x0422: tshark 0, transcript 1",
    "secure: 192.168.10.20 code 0x0953: tshark 0, transcript 1",
    # Numbers of no table are written into these cases on purpose.
    "connections: tshark finds frame 19 malformed",
    "connections: tshark finds frame 20 malformed",
    "other-port: tshark finds frame 5 malformed",
    # What breaks a rule of the specification is an anomaly and no operation.
    "malformed: 192.168.10.10 code 0x0420: tshark 3, transcript 2",
    "malformed: 192.168.10.20 code 0x0204: tshark 2, transcript 0",
    "malformed: knxip.macaddr '02:00:5e:00:01:14' is in no fact",
    "malformed: tshark finds frame 3 malformed",
    "malformed: tshark finds frame 4 malformed",
    "malformed: tshark finds frame 5 malformed",
    "malformed: tshark finds frame 6 malformed",
    "malformed: tshark finds frame 7 malformed",
    "malformed: tshark finds frame 8 malformed",
}

WRITE = service(0x081)


def discovery(c):
    """Who is there and what it is: search to all, its extension, description of one."""
    c.udp(HMI, 50001, ROUTERS_MAC, 3671, frame(0x0201, endpoint("192.168.10.10", 50001)), dst=ROUTERS)
    c.udp(PLC, 3671, HMI, 50001, frame(0x0202, SERVER + device() + FAMILIES))
    c.udp(HMI, 50001, ROUTERS_MAC, 3671, frame(0x020B, endpoint("192.168.10.10", 50001) + structure(b"\x81")), dst=ROUTERS)
    extended = structure(b"\x08\x00\x00\x00\xfe\x07\xb0") + structure(b"\x07\x00\xfe\x11\xfa\x00\x05")
    c.udp(PLC, 3671, HMI, 50001, frame(0x020C, SERVER + device(status=1, name="Büro 3") + FAMILIES + extended))
    t = Udp(c, 50002)
    t.up(frame(0x0203, CLIENT))
    maker = structure(b"\xfe\x00\x08\x01\x02\x03")
    t.down(frame(0x0204, device("1.0.0", 0x0008, 0xA0B0C0D0, "Gira KNX/IP-Router") + FAMILIES + maker))
    t.up(frame(0x0203, CLIENT))
    t.down(frame(0x0204, device("1.0.0", 0x7FFF, 1, "") + FAMILIES))


def connections(c):
    """Connections of all kinds, their keeping alive, their end by either side."""
    t = Udp(c, 50003)
    t.open()
    t.up(frame(0x0207, b"\7\0" + CLIENT))
    t.down(frame(0x0208, b"\7\0"))
    t.up(frame(0x0209, b"\7\0" + CLIENT))
    t.down(frame(0x020A, b"\7\0"))
    for kind in (b"\x03", b"\x04\x04\x00", b"\x04\x80\x00", b"\x06", b"\x07", b"\x08", b"\x09"):
        t.open(kind, 9)
    t.down(frame(0x0209, b"\x09\0" + SERVER))
    t.up(frame(0x020A, b"\x09\0"))


def tunnelling(c):
    """Telegrams both ways with their acknowledgements; features of the tunnel."""
    t = Udp(c, 50004)
    t.open()
    for sequence in range(3):
        t.up(tunnel(7, sequence, data(REQ, "0.0.0", "1/2/3", WRITE)))
        t.down(frame(0x0421, header(7, sequence)))
        t.down(tunnel(7, sequence, data(CON, "1.1.250", "1/2/3", WRITE)))
        t.up(frame(0x0421, header(7, sequence)))
    t.down(tunnel(7, 3, data(IND, "1.1.5", "1/2/4", service(0x080, b"\x0c\x1a"))))
    t.up(frame(0x0421, header(7, 3)))
    t.up(frame(0x0422, header(7, 4) + b"\x03\0"))
    t.down(frame(0x0423, header(7, 4) + b"\x03\0\x01\0"))
    t.up(frame(0x0424, header(7, 5) + b"\x08\0\x01\0"))
    t.down(frame(0x0423, header(7, 5) + b"\x08\0\x01\0"))
    t.down(frame(0x0425, header(7, 6) + b"\x03\0\x01\0"))


def configuration(c):
    """Device management: properties of the server itself."""
    t = Udp(c, 50005)
    t.open(b"\x03", 8)
    t.up(configure(8, 0, b"\xfc\x00\x00\x01\x34\x10\x01"))
    t.down(frame(0x0311, header(8, 0)))
    t.down(configure(8, 0, b"\xfb\x00\x00\x01\x34\x10\x01\x00"))
    t.up(frame(0x0311, header(8, 0)))
    t.up(frame(0x0742, CLIENT + structure(b"\x01") + structure(b"\x03" + bytes(14)) + structure(b"\x04" + bytes(18)) +
                 structure(b"\x05\x11\x00")))
    t.up(frame(0x0743, structure(b"\x01") + b"\1\0"))
    t.up(frame(0x0740, CLIENT + structure(b"\x01")))
    t.down(frame(0x0741, structure(b"\x01") + device() + structure(b"\x03" + bytes(14)) + structure(b"\x04" + bytes(18)) +
                 structure(b"\x05\x11\x00")))


def routing(c):
    """Between lines over multicast: telegrams, what was lost, a router that is busy."""
    told(c, PLC, data(IND, "1.1.5", "1/2/3", WRITE))
    told(c, HMI, data(IND, "1.2.7", "3/0/1", service(0x000)), 50006)
    c.udp(PLC, 3671, ROUTERS_MAC, 3671, frame(0x0531, structure(b"\0\0\5")), dst=ROUTERS)
    c.udp(PLC, 3671, ROUTERS_MAC, 3671, frame(0x0532, structure(b"\0\0\x64\0\0")), dst=ROUTERS)
    c.udp(PLC, 3671, ROUTERS_MAC, 3671, frame(0x0533, data(IND, "1.1.5", "0/0/0", service(0x1C8, b"\0\0\0\xb0"))), dst=ROUTERS)


def secure(c):
    """KNX IP Secure over TCP: a session that is granted, one that is not; what is wrapped stays unseen."""
    t = Tcp(c, HMI, PLC, 49152, 3671)
    t.up(frame(0x0951, endpoint(protocol=2) + bytes(range(32))))
    t.down(frame(0x0952, b"\0\1" + bytes(range(32)) + bytes(16)))
    t.up(frame(0x0953, b"\0\1" + bytes(16)))
    t.down(frame(0x0954, b"\1\0"))
    t.close()
    t = Tcp(c, HMI, PLC, 49153, 3671)
    t.up(frame(0x0951, endpoint(protocol=2) + bytes(range(32))))
    t.down(frame(0x0952, b"\0\2" + bytes(range(32)) + bytes(16)))
    wrapped = frame(0x0950, b"\0\2" + bytes(6) + b"\0\xfa\x12\x34\x56\x78" + b"\xaf\xfe" + bytes(range(40)))
    t.up(wrapped[:5], wrapped[5:20], wrapped[20:] + wrapped)
    t.down(wrapped)
    c.udp(PLC, 3671, ROUTERS_MAC, 3671, frame(0x0955, bytes(6) + b"\0\xfa\x12\x34\x56\x78" + b"\xaf\xfe" + bytes(16)), dst=ROUTERS)


def errors(c):
    """What is refused: connections, their state, telegrams, features."""
    t = Udp(c, 50007)
    t.up(frame(0x0205, CLIENT + CLIENT + structure(b"\x04\x02\x00")))
    t.down(frame(0x0206, b"\0\x24"))
    t.up(frame(0x0207, b"\7\0" + CLIENT))
    t.down(frame(0x0208, b"\7\x21"))
    t.up(frame(0x0209, b"\7\0" + CLIENT))
    t.down(frame(0x020A, b"\7\x21"))
    t.up(tunnel(7, 0, data(REQ, "0.0.0", "1/2/3", WRITE)))
    t.down(frame(0x0421, header(7, 0, 0x29)))
    t.up(frame(0x0422, header(7, 1) + b"\x09\0"))
    t.down(frame(0x0423, header(7, 1) + b"\x09\xff"))
    t.down(frame(0x0208, b"\5\x21"))


def other_port(c):
    """By its header on any port; a service of no table is seen on its own port only."""
    t = Udp(c, 50008, 13671)
    t.open()
    t.up(frame(0x0207, b"\7\0" + CLIENT))
    t.down(frame(0x0208, b"\7\0"))
    t = Udp(c, 50009)
    t.up(frame(0x0601, b"\1\2\3"))


def malformed(c):
    """Lengths that lie: of the frame, of a description, of a telegram."""
    t = Udp(c, 50010)
    t.open()
    t.up(b"\x06\x10\x02\x07\x00\x05\7\0" + CLIENT)
    t.down(frame(0x0204, device()[:-4]))
    t.down(frame(0x0204, b"\0" + device()))
    t.up(frame(0x0420, b"\1" + b"\7\0\0" + data(REQ, "0.0.0", "1/2/3", WRITE)))
    t.up(tunnel(7, 1, data(REQ, "0.0.0", "1/2/3", WRITE)[:-1]))
    t.up(tunnel(7, 2, b""))
    t.up(frame(0x0209, b"\7\0" + CLIENT))
