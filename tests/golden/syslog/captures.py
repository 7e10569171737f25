# Syslog as the specifications write it: RFC 5424, RFC 3164.
from packets import HMI, PLC, SERVER

# tshark fields of which every value must stand in a fact.
IDENTITY = ["syslog.hostname", "syslog.appname"]


def messages(c):
    """Both forms, names left out, and what is none. What is said may not come out."""
    for sender, text in ((PLC, b"<165>1 2026-11-30T22:14:15.003Z press-07.plant.example evntslog - ID47 - SECRET"),
                         (PLC, b"<34>1 - - - - - - SECRET"),
                         (HMI, b"<34>Oct 11 22:14:15 hmi-10 sshd[4711]: SECRET"),
                         (HMI, b"<133>Apr  5 12:56:51 robin: SECRET"),
                         (HMI, b"<14>SECRET SECRET: SECRET"),
                         (HMI, b"SECRET")):
        c.udp(sender, 50514, SERVER, 514, text)


# Without a host tshark takes the program for one.
KNOWN = {"messages: syslog.hostname 'robin:' is in no fact", "messages: tshark finds frame 4 malformed"}
