# Niagara Fox: text frames as public decoders agree on them; the maker publishes none of it.
from packets import HMI, PLC, Tcp

# tshark knows nothing of it.


def frame(kind, sequence, reply, words, *lines):
    return f"fox {kind} {sequence} {reply} {words}\n{{\n".encode() + b"".join(line.encode() + b"\n" for line in lines) + b"};;\n"


WORKBENCH = frame("a", 1, -1, "fox hello", "fox.version=s:1.0.1", "id=i:7", "hostName=s:ENG-PC-4", "hostAddress=s:192.168.10.10", "app.name=s:Workbench",
                  "app.version=s:4.10.3.20", "vm.name=s:OpenJDK 64-Bit Server VM", "vm.version=s:25.332-b09", "os.name=s:Windows 10", "os.version=s:10.0", "lang=s:en",
                  "timeZone=s:Asia/Tokyo;32400000;0;null;null", "hostId=s:Win-1234-ABCD-5678-EF01", "brandId=s:vykon")
STATION = frame("a", 0, -1, "fox hello", "fox.version=s:1.0", "id=i:2", "hostName=s:192.168.10.20", "hostAddress=s:192.168.10.20", "app.name=s:Station",
                "app.version=s:3.5.41.1", "vm.name=s:J9", "vm.version=s:2.3", "os.name=s:QNX", "os.version=s:6.3.2", "station.name=s:Plant_HQ_V4", "lang=s:en",
                "hostId=s:Qnx-NPM6-0000-1490-C30C", "brandId=s:vykon", 'sysInfo=o:bog 61[<bog version="1.0">', '<p m="b=baja" t="b:Facets" v=""/>', "</bog>", "]")


def begin(t):
    t.up(WORKBENCH)
    t.down(STATION)


def session(c):
    """Both greet; challenge, requests of either side, an error, keeping alive."""
    t = Tcp(c, HMI, PLC, 49152, 1911)
    begin(t)
    t.down(frame("a", 1, -1, "fox challenge", "method=s:digest-md5", "nonce=b:4[1234]"))
    t.up(frame("s", 2, -1, "fox login", "user=s:admin", "pass=s:secret"))
    t.down(frame("r", 2, 2, "fox login"))
    t.up(frame("s", 3, -1, "station loadRoot", "path=s:/"))
    t.up(frame("s", 4, -1, "file read", "path=s:/px/Floor1.px"))
    t.down(frame("r", 3, 4, "file read"))
    t.down(frame("e", 4, 3, "station loadRoot", "msg=s:no"))
    t.down(frame("s", 5, -1, "alarm update"))
    t.up(frame("r", 5, 5, "alarm update"))
    t.up(frame("k", 6, -1, "fox keepAlive"))
    t.down(frame("k", 6, -1, "fox keepAlive"))
    t.up(frame("a", 7, -1, "fox keepAlive"))
    t.down(frame("a", 7, -1, "station changed", "value=f:21.5"))
    t.up(frame("n", 8, -1, "fox close"))
    t.close()


def stream(c):
    """Frames split and joined; a long one, whose end is searched; a gap; a first line that never ends."""
    t = Tcp(c, HMI, PLC, 49153, 1911)
    begin(t)
    ask = lambda n: frame("s", n, -1, f"history query{n}")
    reply = lambda n, *lines: frame("r", n, n, f"history query{n}", *lines)
    t.up(ask(2) + ask(3))
    t.down(reply(3) + reply(2))
    t.up(ask(4)[:3], ask(4)[3:20], ask(4)[20:])
    long = reply(4, *(f"row{i}=s:{'x' * 50}" for i in range(200)))
    t.down(*(long[i:i + 1000] for i in range(0, len(long), 1000)))
    t.up(ask(5))
    t.down(reply(5)[:-3], reply(5)[-3:])
    t.up(ask(6))
    t.lost(1, len(reply(6)))
    t.up(ask(7))
    t.down(reply(7))
    t.up(b"fox s 8 -1 " + b"y" * 200 + b"\n{\n};;\n")
    t.up(frame("ss", 9, -1, "history query9"))
    t.close()


def midstream(c):
    """Another port, the capture begins within a frame."""
    t = Tcp(c, HMI, PLC, 49154, 21911, handshake=False)
    t.down(STATION[100:])
    t.up(frame("s", 3, -1, "station sub"))
    t.down(frame("r", 3, 3, "station sub"))
