# KEYENCE KV host link: a command and its arguments, CR; the answer, CR LF.
from packets import HMI, PLC, Tcp

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"cmd": "code {}", "error": "error", "count": "target x{}"}


def exchange(t, pairs):
    for request, response in pairs:
        t.up(request.encode() + b"\r")
        t.down(response.encode() + b"\r\n")


def functions(c):
    """Every command with its answer."""
    t = Tcp(c, HMI, PLC, 49400, 8501)
    exchange(t, [
        ("?K", "57"), ("?M", "1"), ("?M", "0"), ("?E", "000"), ("M0", "OK"), ("M1", "OK"), ("ER", "OK"), ("ST MR500", "OK"), ("RS MR500", "OK"),
        ("STS R000 4", "OK"), ("RSS R000 4", "OK"), ("RD DM100.U", "00012"), ("RDS DM100.U 3", "00001 00002 00003"),
        ("RDE DM100.U 3", "00001 00002 00003"), ("WR DM100.U 1234", "OK"), ("WRS DM100.U 2 1 2", "OK"), ("WRE DM100.U 2 1 2", "OK"),
        ("WS T10.D 100", "OK"), ("WSS T10.D 2 100 200", "OK"), ("MBS R000 R001", "OK"), ("MWS DM0.U DM1.U", "OK"), ("MBR", "0 1"),
        ("MWR", "00000 00001"), ("RDC DM100", "Speed"), ("BE 1", "OK"), ("URD 01 100.U 2", "00001 00002"), ("UWR 01 100.U 1 5", "OK"),
        ("WRT 26 03 12 22 05 09 5", "OK"),
    ])
    t.close()


def errors(c):
    """Refused: device, command, no program, write protected; datagrams; an answer to nothing."""
    t = Tcp(c, HMI, PLC, 49401, 8501)
    exchange(t, [("RD XX1", "E0"), ("RD DM99999999", "E0"), ("M1", "E2"), ("WR DM100 1", "E4"), ("?K", "63"), ("?K", "99")])
    t.down(b"OK\r\n")
    t.close()
    c.udp(HMI, 50020, PLC, 8501, b"RD DM0\r")
    c.udp(PLC, 8501, HMI, 50020, b"00000\r\n")


def stream(c):
    """Split and joined by TCP; the line feed comes later; an answer is lost."""
    t = Tcp(c, HMI, PLC, 49402, 8501)
    t.up(b"RDS DM", b"100.U 3\r")
    t.down(b"00001 00002", b" 00003\r", b"\n")
    t.up(b"RD DM1\r\n")
    t.down(b"00001\r\n")
    t.up(b"RD DM2\rRD DM3\r")
    t.down(b"00002\r\n00003\r\n")
    t.close()
