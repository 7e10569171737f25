// Words for the closed lists of the product (device types, access classes, ...) and names of protocols as people write them.
import i18next from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from './api';
import { nameFunction, type FunctionWords } from './function-name';
import { loadFunctionWords } from './i18n';
import { protocolName } from './protocol-name';

const deviceTypes = [
  'plc',
  'hmi',
  'rtu',
  'io',
  'drive',
  'robot',
  'gateway',
  'engineering',
  'historian',
  'scada',
  'pc',
  'server',
  'switch',
  'router',
  'access_point',
  'firewall',
  'printer',
  'camera',
  'phone',
  'nas',
  'mobile',
  'vm',
  'cnc',
  'sensor',
  'meter',
  'safety',
  'ied',
  'building',
  'media',
] as const;

/** What the UI has a word for; the cloud may know more, which are shown as they are. */
export type DeviceType = (typeof deviceTypes)[number];

export function asDeviceType(type: string | null): DeviceType | undefined {
  return deviceTypes.find((one) => one === type);
}

/** Where in a Modbus unit; the words of sensor/dissect/modbus_pdu.cpp. */
const areas = ['coil', 'discrete', 'input', 'holding', 'fifo', 'file', 'record', 'write', 'identification', 'basic', 'regular', 'extended'] as const;
const isArea = (word: string): word is (typeof areas)[number] => areas.some((one) => one === word);

const attributes = [
  'vendor',
  'model',
  'firmware',
  'serial',
  'os',
  'host_name',
  'type',
  'name',
  'role',
  'user_agent',
  'dns_name',
  'server_name',
  'netbios_name',
  'workgroup',
  'service',
  'product_code',
  'ip',
  'router',
  'page_title',
  'server_software',
  'certificate_subject',
  'certificate_issuer',
  'dhcp_vendor_class',
  'dhcp_fingerprint',
  'tls_version',
  'cleartext_login',
  'ssh_version',
  'hassh',
  'hassh_server',
  'system_type',
  'hops',
  'rfb_version',
  'authentication',
  'rdp_security',
  'rdp_client_build',
  'device_name',
  'fqdn',
  'kerberos_realm',
  'kerberos_encryption',
  'windows_domain',
  'server_version',
  'product_name',
  'database_instance',
  'application_name',
  'certificate_expires',
  'certificate_self_signed',
  'remote_tool',
  'http_realm',
  'os_build',
  'family',
  'hardware',
  'level',
  'mac_kind',
  'module',
  'order_number',
  'station_name',
  'system_name',
  'device_type',
  'profinet_role',
  'dhcp_client_id',
  'chassis_id',
  'slot',
  'chassis_mac',
  'port_id',
  'port_description',
  'port_vlan',
  'asset_id',
  'software',
  'description',
  'location',
  'stp_version',
  'stp_root',
  'stp_bridge',
  'lacp_partner',
  'virtual_router',
  'dns_domain',
  'smb_dialect',
  'smb_dialects_offered',
  'smb_signing',
  'smb_server_guid',
  'smb_native_os',
  'smb_lan_manager',
  'insecure_protocol',
  'browser_version',
  'snmp_object_id',
  'snmp_engine_id',
  'default_community',
  'default_community_used',
  'ntp_stratum',
  'ntp_reference',
  'wsd_types',
  'wsd_endpoint',
  'endpoint_url',
  'user_token',
  'user_token_used',
  'security_policy',
  'security_policy_used',
] as const;
const sources = ['person', 'ip', 'mac', 'oui', 'behaviour', 'vendor', 'address', 'traffic', 'model', 'os'] as const;

/** The words for functions in the language that is on; none until they have come. */
function functionWords(): FunctionWords {
  const locale = i18next.language === 'en' ? 'en' : 'ja';
  loadFunctionWords(locale);
  const section = (name: string) => (i18next.getResource(locale, 'functions', name) ?? {}) as Record<string, string>;
  return { names: section('names'), verbs: section('verbs'), words: section('words'), isVerbLast: locale === 'ja' };
}

/** Functions that put words to values; all of them keep what they do not know as it is. The same object while the language stays. */
export function useVocabulary() {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      type: (type: string | null) => {
        const known = asDeviceType(type);
        return known !== undefined ? t(`deviceType.${known}`) : (type ?? t('common.unknown'));
      },
      access: (access: Schemas['Access']) => t(`access.${access}`),
      accessHelp: (access: Schemas['Access']) => t(`accessHelp.${access}`),
      protocol: (protocol: string | null) => (protocol === null ? t('common.unrecognised') : protocolName(protocol)),
      attribute: (attribute: string) => {
        const known = attributes.find((one) => one === attribute);
        return known !== undefined ? t(`attribute.${known}`) : attribute;
      },
      source: (source: string) => {
        const known = sources.find((one) => one === source);
        return known !== undefined ? t(`source.${known}`) : protocolName(source);
      },
      transport: (transport: string, port: number) =>
        transport === 'tcp' || transport === 'udp' || transport === 'sctp'
          ? `${transport.toUpperCase()} ${String(port)}`
          : transport === 'ethernet'
            ? `Ethernet 0x${port.toString(16).padStart(4, '0')}`
            : transport.toUpperCase(),
      /** "unit 1 holding 0..9" in the reader's words; anything else is as the protocol names it. */
      target: (target: string | null) => {
        if (target === null) return '–';
        const [, unit, rest = ''] = /^unit (\d+)( .+)?$/.exec(target) ?? [];
        if (unit === undefined) return target;
        return t('operation.unit', { number: unit }) + rest.replace(/[a-z]+/g, (word) => (isArea(word) ? t(`operation.area.${word}`) : word));
      },
      functionName: (name: string) => nameFunction(name, functionWords()),
    }),
    [t],
  );
}
