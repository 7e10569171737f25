# MELFA robots: robot, slot, command with what belongs to it, CR; the answer "QoK", "Qok" (an alarm is on) or "QeR", CR.
from packets import HMI, PLC, Tcp

CONTROLLER = "3F;3F;7,0;3,5,A,1E,32,46,64;MB4;PRM;RV-7FRL;CR800-D;MELFA;20-07-14;Ver.C2;ENG;COPYRIGHT;1;1;8;"


def exchange(t, pairs, end="\r", slot="1;1;"):
    for request, response in pairs:
        t.up((slot + request + end).encode())
        t.down((response + end).encode())


def functions(c):
    """Every command with its answer."""
    t = Tcp(c, HMI, PLC, 49152, 10001)
    exchange(t, [
        ("OPEN=NARCUSR", "QoK" + CONTROLLER), ("KEYWDsecret", "QoK"), ("CNTLON", "QoK"), ("SRVON", "QoK"), ("STATE", "QoKMAIN;10;100;0;C0"),
        ("DSTATE", "QoK"), ("PDIRTOP", "QoKMAIN.MB4"), ("PRGRD", "QoKMAIN.MB4"), ("PRGUP", "QoK"), ("PRGDOWN", "QoK"), ("PRGLOAD=PICK1", "QoK"),
        ("RUNPICK1;1", "QoK"), ("RUN", "QoK"), ("STOP", "QoK"), ("CSTOP", "QoK"), ("SLOTINIT", "QoK"), ("RSTPRG", "QoK"), ("RSTALRM", "QoK"),
        ("OVRD", "QoK50"), ("OVRD=10", "QoK"), ("JPOSF", "QoKJ1;0.00"), ("PPOSF", "QoKX;1.00"), ("XPOSF", "QoKX;1.00"), ("RPOSF", "QoKR;1.00"),
        ("IN16", "QoK0001"), ("OUT16", "QoK0001"), ("OUT=16;00FF", "QoK"), ("HNDON1", "QoK"), ("HNDOFF1", "QoK"), ("VALM_SVO", "QoKM_SVO=+1"),
        ("PARRLNG", "QoKRLNG;1"), ("PAW=MEJAR;-90,90", "QoK"), ("EXECMOV P1", "QoK"), ("EXEC2=TEMP=(1,2,3,4,5,6)", "QoK"), ("JOG00;00;01;00;00", "QoK"),
        ("MOVSP", "QoK"), ("HO", "QoK"), ("ERRORLOGTOP", "QoK1;2;3;H0010"), ("TIME", "QoK25-06-15;12:00:00"), ("FCHECKPICK1.MB4", "QoK"), ("SRVOFF", "QoK"),
    ])
    exchange(t, [("LOAD=PICK1", "QoK"), ("LISTITOP", "QoK10 MOV P1"), ("EDATA20 MVS P2", "QoK"), ("EDINS=30;END", "QoK"), ("ECLR", "QoK"), ("SAVE", "QoK"),
                 ("NEW", "QoK")], slot="1;9;")
    exchange(t, [("CNTLOFF", "QoK"), ("CLOSE", "QoK"), ("ZQMAGIC=1", "QeR5000")])
    t.close()


def errors(c):
    """Refused, an alarm is on, an answer to nobody, no command, another robot, another answer to the opening."""
    t = Tcp(c, HMI, PLC, 49153, 10001)
    t.down(b"QoK\r")
    exchange(t, [("OPEN=USERTOOL", "QoK"), ("RUN", "QeR6020"), ("STATE", "QokMAIN;10"), ("SRVON", "Qer4410")])
    t.up(b"1;1;\r", b"3;2;STOP\r")
    t.down(b"QoK\r")
    t.close()


def stream(c):
    """Split and joined by TCP; line feeds behind the carriage returns; an answer is lost."""
    t = Tcp(c, HMI, PLC, 49154, 10001)
    t.up(b"1;1;OPEN=NARCUSR\r")
    t.down(b"QoK\r")
    t.up(b"1;1;STA", b"TE\r")
    t.down(b"Qo", b"KMAIN;10\r")
    t.up(b"1;1;SRVON\r\n")
    t.down(b"QoK\r\n")
    t.up(b"1;2;STOP\r", b"\n")
    t.down(b"Qok\r", b"\n")
    t.up(b"1;1;PPOSF\r")
    t.lost(1, 12)
    t.up(b"1;1;PPOSF\r")
    t.down(b"QoKX;1.00\r")
    t.close()


def midstream_bare(c):
    """A program of the users' own that ends no message, in a connection opened before the capture began: where one ends the segment shows."""
    t = Tcp(c, HMI, PLC, 49155, 10002, handshake=False)
    t.down(b"oKMAIN")
    exchange(t, [("OPEN=USERTOOL", "QoK" + CONTROLLER), ("CNTLON", "QoK"), ("RUN", "QeR6020"), ("STOP", "QoK")], end="")


def other_port(c):
    """A port of the plant's own: stated once three messages and an answer were consistent."""
    t = Tcp(c, HMI, PLC, 49156, 30101)
    exchange(t, [("OPEN=NARCUSR", "QoK"), ("SRVON", "QoK"), ("RUNMAIN;1", "QoK")])
    t.close()
