# The instrument information server of Yokogawa recorders: words that ask, lines between EA and EN that tell.
from packets import BROADCAST, HMI, PLC, Host, hexa, ip

OTHER = Host("02:00:5e:00:01:15", "192.168.10.21")


def search(c):
    """One recorder is asked, then all of them."""
    c.udp(HMI, 50040, PLC, 34264, b"serial ip host model\r\n")
    c.udp(PLC, 34264, HMI, 50040, b"EA\r\nserial = S5E802101\r\nip = 192.168.10.20\r\nhost = cx2000\r\nmodel = YOKOGAWA,CX2000,1.01\r\nEN\r\n")
    c.udp(HMI, 50041, BROADCAST, 34264, b"ALL", dst=ip("192.168.10.255"))
    c.udp(OTHER, 34264, HMI, 50041, b"EA\r\nSERIAL = S5C501234\r\nIP = 192.168.10.21\r\nHOST = dx1\r\nMODEL = YOKOGAWA,DX1000,4.11\r\nEN\r\n")
    c.udp(HMI, 50042, PLC, 34264, b"serial\thost")
    c.udp(PLC, 34264, HMI, 50042, b"EA\r\nserial = S5E802101\r\nhost = \r\nEN\r\n")


def malformed(c):
    """Words that nobody knows, an answer without its end."""
    c.udp(HMI, 50043, PLC, 34264, b"model")
    c.udp(PLC, 34264, HMI, 50043, b"EA\r\nmodel = YOKOGAWA\r\nEN\r\n")
    c.udp(HMI, 50043, PLC, 34264, b"model users")
    c.udp(PLC, 34264, HMI, 50043, b"EA\r\nmodel = YOKO")
