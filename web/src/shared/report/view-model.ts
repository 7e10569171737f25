// The view model of an assessment report as cloud/report writes it (its testing/plant.json is one).

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

export interface LocalText {
  ja: string;
  en: string;
}

export interface Figures {
  score: number;
  devices: number;
  devices_new: number;
  end_of_support: number;
  habit: number;
  advisory: number;
  write_paths: number;
  outside_devices: number;
  remote_paths: number;
  open_alerts: Record<Severity, number>;
}

export interface Sensor {
  name: string;
  ports: string[];
  packets: number;
  bytes: number;
  dropped: number;
  gap_seconds: number;
  first_seen: string | null;
  last_seen: string | null;
  last_counted: string | null;
}

export interface Device {
  id: number;
  name: string;
  type: string;
  vendor: string;
  model: string;
  firmware: string;
  os: string;
  host_name: string;
  level: string;
  is_router: boolean;
  has_internet: boolean;
  ips: string[];
  macs: string[];
  first_seen: string;
  last_seen: string;
  is_new: boolean;
}

export interface Weakness {
  kind: 'end_of_support' | 'advisory' | 'habit';
  rule: string;
  verdict: 'affected' | 'possible';
  severity: Severity;
  title: LocalText;
  measure: LocalText;
  cves: string[];
  device: number;
  name: string;
  host_name: string;
  ip: string | null;
  mac: string | null;
  vendor: string;
  model: string;
  firmware: string;
  os: string;
  first_seen: string;
  last_seen: string;
}

export interface Alert {
  rule: string;
  severity: Severity;
  state: 'new' | 'investigating' | 'closed';
  title: LocalText | null;
  detail: Record<string, unknown>;
  client: string | null;
  server: string | null;
  count: number;
  first_seen: string;
  last_seen: string;
}

export interface Action {
  source: 'coverage' | 'alert' | 'weakness';
  rule: string;
  when: 'now' | 'next';
  severity: Severity;
  title: LocalText | null;
  measure: LocalText | null;
  detail: Record<string, unknown> | null;
  names: string[];
  count: number;
}

export interface ViewModel {
  format: number;
  from: string;
  to: string;
  made_at: string;
  site: { organization: string; site: string; place: string; time_zone: string; learning: 'learning' | 'review' | 'operating' };
  sensors: Sensor[];
  counts: { devices: number; alerts: number; bytes: number };
  figures: Figures;
  score: { value: number; grade: string; areas: { area: 'weaknesses' | 'alerts' | 'exposure' | 'coverage'; points: number; most: number }[] };
  types: { type: string; devices: number }[];
  vendors: { vendor: string; devices: number }[];
  traffic: { at: string; protocol: string; bytes: number }[];
  devices: Device[];
  edges: { client: number; server: number; protocols: string[]; bytes: number }[];
  outside: { name: string; is_entry: boolean; peers: number; peer_names: string[]; protocols: string[]; bytes: number; last_seen: string }[];
  remote: {
    client: string;
    client_ip: string | null;
    is_from_outside: boolean;
    server: string;
    server_ip: string | null;
    protocol: string;
    flows: number;
    last_seen: string;
  }[];
  writers: {
    client: string;
    client_ip: string | null;
    server: string;
    server_ip: string | null;
    protocol: string;
    accesses: ('write' | 'control' | 'program' | 'config')[];
    functions: string[];
    count: number;
    last_seen: string;
  }[];
  weaknesses: Weakness[];
  alert_counts: { severity: Severity; is_open: boolean; alerts: number }[];
  alerts: Alert[];
  cycles: { client: string; server: string; protocol: string; function: string; cycle_us: number; jitter_us: number }[];
  refusals: { client: string; server: string; protocol: string; count: number; errors: number }[];
  actions: Action[];
  previous: { begins_at: string; ends_at: string; figures: Partial<Figures> } | null;
}
