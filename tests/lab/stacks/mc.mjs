// MELSEC communication protocol, frames 1E and 3E (SH-080008): mcprotocol asks, a controller of few words answers.
import net from "node:net";
import Mc from "mcprotocol";
import { did, run } from "./did.mjs";

const PORTS = { "1E": 5001, "3E": 5002 };
const ITEMS = { speed: "D100,4", recipe: "R20,8", lamps: "M50,6" };

const ANSWERS = {
  // Subheader, PC number, timer, first device, device code, points: read in words (1), in bits (0), or written.
  "1E": (request) => {
    const size = [(request[10] + 1) >> 1, 2 * request[10]][request[0]] ?? 0;
    return Buffer.concat([Buffer.from([0x80 | request[0], 0]), Buffer.alloc(size)]);
  },
  // Subheader, route, length, timer, command, subcommand, first device, device code, points; the route comes back.
  "3E": (request) => {
    const isRead = request.readUInt16LE(11) === 0x0401;
    const size = isRead ? (request[13] & 1 ? (request[19] + 1) >> 1 : 2 * request[19]) : 0;
    const answer = Buffer.alloc(11 + size);
    answer.writeUInt16LE(0x00d0, 0);
    request.copy(answer, 2, 2, 7);
    answer.writeUInt16LE(2 + size, 7);
    return answer;
  },
};

async function server(address) {
  for (const [frame, port] of Object.entries(PORTS)) {
    const listener = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (request) => socket.write(ANSWERS[frame](request)));
    });
    await new Promise((resolve) => listener.listen(port, address, resolve));
  }
}

async function connect(address, frame) {
  const plc = new Mc();
  await new Promise((resolve, reject) =>
    plc.initiateConnection({ port: PORTS[frame], host: address, ascii: false, frame }, (error) => (error ? reject(error) : resolve())),
  );
  plc.setTranslationCB((name) => ITEMS[name]);
  const read = async (name, times) => {
    plc.removeItems();
    plc.addItems(name);
    for (let i = 0; i < times; i++)
      await new Promise((resolve, reject) => plc.readAllItems((isBad) => (isBad ? reject(new Error(name)) : resolve())));
  };
  return { plc, read };
}

async function client(address) {
  const old = await connect(address, "1E");
  await old.read("speed", 4);
  await old.read("recipe", 3);
  await old.read("lamps", 2); // the library asks for the words around them
  did("mc1e", "0x01", { count: 9 });
  old.plc.dropConnection();

  const plc = await connect(address, "3E");
  await plc.read("speed", 3);
  await plc.read("recipe", 2);
  did("slmp", "0x0401", { count: 5 });
  // The library takes every answer to a write for a refusal: it looks for frame 1E's subheader.
  await new Promise((resolve) => plc.plc.writeItems("speed", [1, 2, 3, 4], resolve));
  did("slmp", "0x1401");
  plc.plc.dropConnection();
}

await run({ server, client });
