# The programs of the lab's machines: each role of factory.toml becomes real servers and clients from Debian.
import pathlib
import subprocess
import xml.sax.saxutils as xml

from network import OUTSIDE, PREFIX

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"  # Debian's own, which has python3-pymodbus


class Machines:
    """Starts what each machine runs. Configuration files go into the lab's state folder, one folder a machine."""

    def __init__(self, factory, processes, seed):
        self.factory, self.processes, self.seed = factory, processes, seed

    def start(self, machine):
        name = machine["name"]
        folder = self._folder(name)
        if machine.get("router"):
            self._router(machine)
        if "dhcp" in machine:
            dhcp = machine["dhcp"]
            self._run(name, "udhcpc", ["/sbin/udhcpc", "-f", "-i", "eth0", "-s", HERE / "lease", "-x",
                                       f"hostname:{dhcp['host_name']}", "-V", dhcp["vendor_class"], "-t", "10"])
        if "plc" in machine:
            plc = machine["plc"]
            self._run(name, "plc", [PYTHON, HERE / "plc.py", "--vendor", plc["vendor"], "--product", plc["product"],
                                    "--revision", plc["revision"]])
        for number, poll in enumerate(machine.get("polls", [])):
            reads = [word for read in poll["reads"] for word in ("--read", read)]
            flags = ["--identify"] if poll.get("identify") else []
            self._run(name, f"poll{number}", [PYTHON, HERE / "poller.py", poll["target"], "--every", poll["every"],
                                              "--write-every", poll.get("write_every", 0), *reads, *flags,
                                              "--seed", self.seed + number])
        if "netbios" in machine:
            self._netbios(name, folder, machine["netbios"])
        if "web" in machine:
            self._web(name, folder, machine["web"]["title"])
        if "services" in machine:
            self._announce(name, folder, machine["services"])
        if "errands" in machine:
            self._run(name, "errands", [PYTHON, HERE / "errands.py", self.seed, *machine["errands"]])

    def start_outside(self):
        folder = self._folder("outside")
        names = [name for host in self.factory["outside"] for name in host["names"]]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
                        "-keyout", folder / "key.pem", "-out", folder / "certificate.pem", "-subj", f"/CN={names[0]}",
                        "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)],
                       check=True, capture_output=True)
        self._nginx(OUTSIDE, "outside", folder, "Welcome", f"""
      listen 443 ssl;
      ssl_certificate {folder}/certificate.pem;
      ssl_certificate_key {folder}/key.pem;""")

    def _folder(self, name):
        folder = self.processes.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def _run(self, name, role, argv, mounts=()):
        resolver = self.processes.folder / "resolv.conf"
        self.processes.start(PREFIX + name, f"{name}-{role}", argv,
                             [f"--bind {resolver} /etc/resolv.conf", *mounts])

    def _router(self, machine):
        network, machines = self.factory["network"], self.factory["machine"]
        leases = [f"--dhcp-host={m['mac']},{m['ip']},{m['dhcp']['host_name']}" for m in machines if "dhcp" in m]
        hosts = [f"--host-record={m['name']}.{network['domain']},{m['ip']}" for m in machines]
        outside = [f"--host-record={name},{host['ip']}" for host in self.factory["outside"] for name in host["names"]]
        self._run(machine["name"], "dnsmasq", [
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--no-resolv", "--no-hosts",
            "--interface=eth0", "--bind-interfaces", f"--domain={network['domain']}", "--pid-file=",
            "--dhcp-authoritative", "--dhcp-range=192.168.10.200,192.168.10.220,10m", "--dhcp-no-override",
            f"--dhcp-leasefile={self._folder(machine['name'])}/leases", *leases, *hosts, *outside])

    def _netbios(self, name, folder, netbios):
        config = folder / "smb.conf"
        places = "\n".join(f"{key} = {folder}" for key in (
            "private dir", "lock directory", "state directory", "cache directory", "pid directory", "ncalrpc dir"))
        config.write_text(f"[global]\nnetbios name = {netbios['name']}\nworkgroup = {netbios['group']}\n"
                          f"interfaces = eth0\nbind interfaces only = yes\nlog file = {folder}/nmbd.log\n{places}\n")
        self._run(name, "nmbd", ["nmbd", "--foreground", "--no-process-group", "-s", config])

    def _web(self, name, folder, title):
        self._nginx(PREFIX + name, name, folder, title, "")

    def _nginx(self, namespace, name, folder, title, more):
        pages = folder / "pages"
        pages.mkdir(exist_ok=True)
        page = f'<!doctype html><meta charset="utf-8"><title>{xml.escape(title)}</title><h1>{xml.escape(title)}</h1>\n'
        for file in ("index.html", "status", "trend.csv", "orders.html", "snapshot.jpg", "mail", "manuals"):
            (pages / file).write_text(page)
        temporary = "\n".join(f"    {kind}_temp_path {folder};" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config = folder / "nginx.conf"
        config.write_text(f"""daemon off; worker_processes 1; user root; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ }}
http {{
{temporary}
    access_log off;
    server {{
      listen 80;{more}
      root {pages};
    }}
}}
""")
        self.processes.start(namespace, f"{name}-nginx", ["nginx", "-c", config, "-e", folder / "error.log"])

    def _announce(self, name, folder, services):
        config, described = folder / "avahi.conf", folder / "services"
        described.mkdir(exist_ok=True)
        config.write_text(f"[server]\nhost-name={name}\nenable-dbus=no\nallow-interfaces=eth0\n"
                          "[publish]\npublish-hinfo=no\npublish-workstation=no\n")
        for number, service in enumerate(services):
            text = "".join(f"<txt-record>{xml.escape(record)}</txt-record>" for record in service.get("text", []))
            (described / f"{number}.service").write_text(
                '<?xml version="1.0" standalone="no"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd">\n'
                f'<service-group><name>{name}</name><service><type>{service["type"]}</type>'
                f'<port>{service["port"]}</port>{text}</service></service-group>\n')
        # avahi's pid file and service folder have fixed places: each daemon gets its own view of them.
        self._run(name, "avahi", ["avahi-daemon", "-f", config, "--no-drop-root", "--no-rlimits", "--no-chroot"],
                  ["-t tmpfs none /run", f"--bind {described} /etc/avahi/services"])
