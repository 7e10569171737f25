// KNXnet/IP (EN 13321-2, ISO 22510): knx.js opens a tunnel through knxd, Debian's KNX daemon, to a bus without devices.
import { spawn } from "node:child_process";
import knx from "knx";
import { did, is, run } from "./did.mjs";

const PORT = 3671;
const GROUP = "1/0/7";
const WRITES = 5;
const READS = 3;

async function server() {
  const daemon = spawn("knxd", ["-e", "1.0.1", "-E", "1.0.10:4", "-n", "hall-3", "-D", "-T", "-S", "-b", "dummy:"], {
    stdio: "inherit",
  });
  process.on("SIGTERM", () => daemon.kill());
  daemon.on("exit", (code) => process.exit(code ?? 0));
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

function asked(code, answer) {
  did("knxnetip", code);
  did("knxnetip", answer, { from: "server" });
}

async function client(address) {
  const tunnel = await new Promise((resolve, reject) => {
    const connection = new knx.Connection({
      ipAddr: address,
      ipPort: PORT,
      physAddr: "1.0.20",
      minimumDelay: 20,
      handlers: { connected: () => resolve(connection), error: reject },
    });
  });
  asked("0x0205", "0x0206"); // connect
  is("knx_tunnel_address", "1.0.10", "client");
  asked("0x0207", "0x0208"); // the state of the connection
  for (let i = 0; i < WRITES; i++) tunnel.write(GROUP, i % 2);
  for (let i = 0; i < READS; i++) tunnel.read(GROUP);
  await new Promise((resolve) => setTimeout(resolve, 2000)); // the library sends them one by one
  did("knx", "0x080", { count: WRITES });
  did("knx", "0x000", { count: READS });
  did("knxnetip", "0x0420", { count: WRITES + READS }); // each is confirmed in a request of the daemon's
  did("knxnetip", "0x0421", { count: WRITES + READS, from: "server" });
  await new Promise((resolve) => tunnel.Disconnect(resolve));
  asked("0x0209", "0x020a");
}

await run({ server, client });
