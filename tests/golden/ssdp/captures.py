# SSDP as the specifications write it: UPnP Device Architecture 2.0 clause 1.
from packets import HMI, PLC, ip

# tshark fields of which every value must stand in a fact.
IDENTITY = ["http.user_agent", "http.server"]


def device(c):
    """A search and its answer, an announcement: UPnP Device Architecture 2.0."""
    group = ip("239.255.255.250")
    to = b"\x01\0\x5e\x7f\xff\xfa"
    c.udp(HMI, 52000, to, 1900, b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n"
          b"MX: 1\r\nST: ssdp:all\r\nUSER-AGENT: ExampleOS/1.0 UPnP/2.0 Finder/3\r\n\r\n", dst=group)
    reply = b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:0f-1::upnp:rootdevice\r\n" \
            b"SERVER: ExampleOS/2.4 UPnP/1.0 EX-CAM/1.7\r\nLOCATION: http://192.168.10.20/d.xml\r\n\r\n"
    c.udp(PLC, 1900, HMI, 52000, reply)
    c.udp(PLC, 1900, to, 1900, b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\n"
          b"NT: upnp:rootdevice\r\nUSN: uuid:0f-1::upnp:rootdevice\r\nSERVER: ExampleOS/2.4 UPnP/1.0 EX-CAM/1.7\r\n\r\n", dst=group)
    c.udp(PLC, 1900, to, 1900, b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\nLOCATION: https://192.168.10.20:8443?x\r\n"
          b"USN: uuid:0f-1::urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nSERVER: FreeBSD/12.1 UPnP/1.1 MiniUPnPd/2.2\r\n\r\n", dst=group)
