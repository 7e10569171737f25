# PROFINET DCP as IEC 61158-6-10 writes it: frame id, header, blocks padded to an even length.
import struct

from packets import HMI, PLC, hexa, mac

CODE = "pn_dcp.service_id"
as_code = "service {}".format
IDENTITY = ["pn_dcp.suboption_device_devicevendorvalue", "pn_dcp.suboption_device_aliasname"]

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {
    "service": {"identify": "code service 5"}.get, "pn_dcp.suboption_device_nameofstation": "fact {}",
    "pn_dcp.suboption_ip_ip": "fact {}", "pn_dcp.suboption_vendor_id": "fact {}", "pn_dcp.suboption_device_id": "fact {}",
}

GROUP = mac("01:0e:cf:00:00:00")
HELLO, GET_SET, IDENTIFY, IDENTIFIED = 0xFEFC, 0xFEFD, 0xFEFE, 0xFEFF


def block(option, sub, value=b""):
    return struct.pack("!BBH", option, sub, len(value)) + value + b"\0" * (len(value) % 2)


def said(option, sub, value):
    """A block of an answer, with its block info."""
    return block(option, sub, hexa("0000") + value)


def dcp(c, source, to, frame_id, service, kind, transaction, blocks, delay=0):
    c.ethernet(source.mac, to, 0x8892, struct.pack("!HBBIHH", frame_id, service, kind, transaction, delay, len(blocks)) + blocks)


def identify(c):
    """A controller looks for a station by name, a tool for all; the station answers with all it is. Then it says hello."""
    dcp(c, HMI, GROUP, IDENTIFY, 5, 0, 1, block(2, 2, b"press-4.cell-2"), 1)
    dcp(c, HMI, GROUP, IDENTIFY, 5, 0, 2, block(0xFF, 0xFF), 255)
    dcp(c, HMI, GROUP, IDENTIFY, 5, 0, 3, block(2, 6, b"port-001.switch-7"), 1)
    station = (said(2, 2, b"press-4.cell-2") + said(2, 1, b"ET200SP") + said(2, 3, hexa("002a 0313")) + said(2, 4, hexa("01 00")) +
               said(2, 5, hexa("0201 0202 0203 0204 0205 0102")) + said(2, 7, hexa("0064")) + said(2, 6, b"port-001.switch-7") +
               said(1, 2, hexa("c0a80a14 ffffff00 c0a80a01")))
    dcp(c, PLC, HMI.mac, IDENTIFIED, 5, 1, 2, station)
    dcp(c, PLC, mac("01:0e:cf:00:00:01"), HELLO, 6, 0, 4, said(2, 2, b"press-4.cell-2") + said(1, 2, hexa("c0a80a14 ffffff00 c0a80a01")) +
        said(2, 3, hexa("fff0 0001")) + said(6, 1, hexa("0001")))


def get_and_set(c):
    """Options are read; name, address, signal and reset are set, one of them refused, a request not supported."""
    dcp(c, HMI, PLC.mac, GET_SET, 3, 0, 1, hexa("0202 0102"))
    dcp(c, PLC, HMI.mac, GET_SET, 3, 1, 1, said(2, 2, b"press-4") + said(1, 2, hexa("c0a80a14 ffffff00 c0a80a01")))
    changes = [(block(2, 2, hexa("0001") + b"press-5"), 0), (block(1, 2, hexa("0001 c0a80a15 ffffff00 c0a80a01")), 0),
               (block(5, 3, hexa("0000 0100")), 0), (block(5, 5, hexa("0000")), 6), (block(5, 6, hexa("0004")), 0)]
    for transaction, (change, error) in enumerate(changes, 2):
        dcp(c, HMI, PLC.mac, GET_SET, 4, 0, transaction, change + block(5, 2, hexa("0000")))
        dcp(c, PLC, HMI.mac, GET_SET, 4, 1, transaction, block(5, 4, change[:2] + bytes([error])) + block(5, 4, hexa("0502 00")))
    dcp(c, HMI, PLC.mac, GET_SET, 3, 0, 9, hexa("0301"))
    dcp(c, PLC, HMI.mac, GET_SET, 3, 5, 9, b"")
