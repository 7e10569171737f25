# The SQL Server Resolution Protocol as the specification writes it: [MC-SQLR].
from packets import HMI, SERVER


def instances(c):
    """All instances of a server, one of them; a list that is cut."""
    one = b"ServerName;SERVER-05;InstanceName;HISTORIAN;IsClustered;No;Version;15.0.2000.5;tcp;49433;;"
    two = b"ServerName;SERVER-05;InstanceName;MSSQLSERVER;IsClustered;No;Version;10.50.1600.1;tcp;1433;;"
    for asked, text in ((b"\x03", one + two), (b"\x04HISTORIAN\0", one), (b"\x02", one[:30])):
        c.udp(HMI, 51434, SERVER, 1434, asked)
        c.udp(SERVER, 1434, HMI, 51434, b"\x05" + len(text).to_bytes(2, "little") + text)
