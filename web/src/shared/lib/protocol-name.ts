// Names of protocols as people write them.
import { protocolNames } from 'virtual:protocol-names';

/**
 * Protocols are written as their specifications write them, in every language alike. The sensor's own names come from
 * docs/protocols.md; here stand those that are too long for a column, and sources that no dissector reads.
 */
const otherNames: Record<string, string> = {
  ads_discovery: 'ADS Discovery',
  bacnet: 'BACnet',
  browser: 'NetBIOS Browser',
  cclink_ie: 'CC-Link IE',
  cclink_ieb: 'CC-Link IE Basic',
  ftp: 'FTP',
  http: 'HTTP',
  icmp: 'ICMP',
  mc1e: 'MC (1E)',
  nbns: 'NetBIOS Name',
  nd: 'IPv6 ND',
  ntp: 'NTP',
  oui: 'IEEE OUI',
  rdp: 'RDP',
  smb: 'SMB',
  snmp: 'SNMP',
  ssh: 'SSH',
  tcp: 'TCP handshake',
  wsd: 'WS-Discovery',
};

export function protocolName(protocol: string): string {
  return otherNames[protocol] ?? protocolNames[protocol] ?? protocol;
}
