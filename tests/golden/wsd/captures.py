# WS-Discovery as OASIS writes it (version 1.1 and that of 2005); a camera's scopes as ONVIF Core Specification clause 7.3 does.
from packets import HMI, PLC, SERVER, ip

# tshark fields of which every value must stand in a fact.
IDENTITY = []

GROUP, MAC = ip("239.255.255.250"), b"\x01\0\x5e\x7f\xff\xfa"
SOAP = ('<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">'
        '<s:Header><a:To>urn:discovery</a:To><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/{}</a:Action></s:Header>'
        '<s:Body>{}</s:Body></s:Envelope>')


def said(action, types, addresses, scopes="", uuid="urn:uuid:0f-1"):
    match = (f"<a:EndpointReference><a:Address>{uuid}</a:Address></a:EndpointReference><d:Types>{types}</d:Types>"
             f"<d:Scopes>{scopes}</d:Scopes><d:XAddrs>{addresses}</d:XAddrs>")
    return SOAP.format(action, f"<d:{action}>{match}</d:{action}>").encode()


def devices(c):
    """A search and what a camera, a printer and a PC answer or announce; one that says nothing of itself."""
    c.udp(HMI, 53702, MAC, 3702, SOAP.format("Probe", "<d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe>").encode(), dst=GROUP)
    c.udp(PLC, 3702, HMI, 53702, said("ProbeMatches", "dn:NetworkVideoTransmitter", "http://192.168.10.20/onvif/device http://[fe80::1]:80/x",
                                      "onvif://www.onvif.org/name/Gate\n onvif://www.onvif.org/hardware/EX-CAM1 onvif://www.onvif.org/location/yard x:y"))
    c.udp(SERVER, 3702, MAC, 3702, said("Hello", "wsdp:Device pub:Computer", "http://192.168.10.5:5357/0f-1/"), dst=GROUP)
    c.udp(SERVER, 3702, MAC, 3702, said("Hello", "wsdp:Device wprt:PrintDeviceType", "", uuid="urn:uuid:0f-2"), dst=GROUP)
    c.udp(SERVER, 3702, MAC, 3702, SOAP.format("Bye", "<d:Bye><d:Types/></d:Bye>").encode(), dst=GROUP)
