// MQTT, all three qualities of service: MQTT.js on an aedes broker (versions 3.1 and 3.1.1) and on mosquitto (version 5).
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { Aedes } from "aedes";
import mqtt from "mqtt";
import { did, is, refused, run } from "./did.mjs";

const PORT = 1883;
const PORT_OF_VERSION_5 = 1884;
const SECRET = "not-the-password";

async function server(address) {
  const broker = await Aedes.createBroker({
    authenticate: (client, name, password, done) =>
      String(password) === SECRET ? done(Object.assign(new Error("no"), { returnCode: 4 }), null) : done(null, true),
  });
  const listener = createServer(broker.handle);
  await new Promise((resolve) => listener.listen(PORT, address, resolve));
  const settings = `${process.env.HOME}/mosquitto.conf`;
  writeFileSync(settings, `listener ${PORT_OF_VERSION_5} ${address}\nallow_anonymous true\nuser root\n`);
  const mosquitto = spawn("mosquitto", ["-c", settings], { stdio: ["ignore", "inherit", "pipe"] });
  process.on("SIGTERM", () => mosquitto.kill());
  mosquitto.on("exit", (code) => process.exit(code ?? 0));
  await new Promise((resolve) => mosquitto.stderr.on("data", (log) => String(log).includes("running") && resolve()));
}

const connect = (address, { port = PORT, ...more }) =>
  mqtt.connectAsync(`mqtt://${address}:${port}`, { reconnectPeriod: 0, keepalive: 0, ...more });

/** What either end says in the exchange of one published message. */
const EXCHANGE = [[], [["4", true]], [["5", true], ["6", false], ["7", true]]];

function published(qos, from) {
  const other = from === "client" ? "server" : "client";
  did("mqtt", "3", { from });
  for (const [code, isAnswer] of EXCHANGE[qos]) did("mqtt", code, { from: isAnswer ? other : from });
}

function asked(code, answer, more) {
  did("mqtt", code, more);
  did("mqtt", answer, { from: "server" });
}

async function session(address, protocolVersion, protocolId, port) {
  const clientId = `panel-${protocolVersion}`;
  const panel = await connect(address, { port, protocolVersion, protocolId, clientId, username: "operator", password: "x" });
  asked("1", "2");
  is("mqtt_client_id", clientId, "client");
  await panel.subscribeAsync("plant/line1/#", { qos: 2 });
  asked("8", "9");
  for (const qos of [0, 1, 2]) {
    const back = new Promise((resolve) => panel.once("message", resolve));
    await panel.publishAsync("plant/line1/speed", String(100 + qos), { qos });
    published(qos, "client");
    await back;
    published(qos, "server");
  }
  await new Promise((resolve) => setTimeout(resolve, 300)); // the last acknowledgement
  await panel.unsubscribeAsync("plant/line1/#");
  asked("10", "11");
  panel.sendPing();
  await new Promise((resolve) => panel.on("packetreceive", (packet) => packet.cmd === "pingresp" && resolve()));
  asked("12", "13");
  await panel.endAsync();
  did("mqtt", "14");
}

async function client(address) {
  await session(address, 3, "MQIsdp");
  await session(address, 4, "MQTT");
  await session(address, 5, "MQTT", PORT_OF_VERSION_5);
  is("user_name", "operator", "client");
  await refused(connect(address, { clientId: "stranger", username: "admin", password: SECRET }));
  asked("1", "2", { errors: 1 });
  // aedes knows no version 5 and says so in the words of version 3.1.1.
  await refused(connect(address, { clientId: "newcomer", protocolVersion: 5 }));
  asked("1", "2", { errors: 1 });
}

await run({ server, client });
