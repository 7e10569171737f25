// S7 communication over ISO on TCP (RFC 1006): nodes7 asks, a controller of few words answers.
import net from "node:net";
import NodeS7 from "nodes7";
import { did, is, run } from "./did.mjs";

const PORT = 102;
const TPKT_HEADER = 4;
const ITEMS = { speed: "DB10,INT0", recipe: "DB20,BYTE100.16", lamps: "MB50", limit: "DB10,INT40" };
const CONFIRMED = Buffer.from([0x11, 0xd0, 0, 1, 0, 2, 0, 0xc0, 1, 0x0a, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2]); // COTP
const SET_UP = Buffer.from([0xf0, 0, 0, 1, 0, 1, 0x01, 0xe0]);
const ITEM_SIZE = 12;

// Item: 12 0a 10, transport size, count, data block, area, address.
function dataOf(item, isLast) {
  const size = item.readUInt16BE(4);
  const padding = isLast ? 0 : size % 2;
  return Buffer.concat([Buffer.from([0xff, 4, (8 * size) >> 8, (8 * size) & 0xff]), Buffer.alloc(size + padding)]);
}

// Parameter and data of the acknowledgement, by function.
const ANSWERS = {
  0xf0: () => [SET_UP, Buffer.alloc(0)],
  0x04: (parameter) => {
    const items = Array.from({ length: parameter[1] }, (_, i) => parameter.subarray(2 + ITEM_SIZE * i, 2 + ITEM_SIZE * (i + 1)));
    return [parameter.subarray(0, 2), Buffer.concat(items.map((item, i) => dataOf(item, i === items.length - 1)))];
  },
  0x05: (parameter) => [parameter.subarray(0, 2), Buffer.alloc(parameter[1], 0xff)],
};

function answer(cotp) {
  if (cotp[1] === 0xe0) return CONFIRMED;
  const job = cotp.subarray(3);
  const parameter = job.subarray(10, 10 + job.readUInt16BE(6));
  const [said, data] = ANSWERS[parameter[0]](parameter);
  const header = Buffer.from([0x32, 3, 0, 0, job[4], job[5], 0, said.length, data.length >> 8, data.length & 0xff, 0, 0]);
  return Buffer.concat([Buffer.from([2, 0xf0, 0x80]), header, said, data]);
}

function server(address) {
  const listener = net.createServer((socket) => {
    let waiting = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (more) => {
      waiting = Buffer.concat([waiting, more]);
      for (let size; waiting.length >= TPKT_HEADER && waiting.length >= (size = waiting.readUInt16BE(2)); ) {
        const body = answer(waiting.subarray(TPKT_HEADER, size));
        socket.write(Buffer.concat([Buffer.from([3, 0, (body.length + 4) >> 8, (body.length + 4) & 0xff]), body]));
        waiting = waiting.subarray(size);
      }
    });
  });
  return new Promise((resolve) => listener.listen(PORT, address, resolve));
}

async function client(address) {
  const plc = new NodeS7({ silent: true });
  await new Promise((resolve, reject) =>
    plc.initiateConnection({ port: PORT, host: address, rack: 0, slot: 2 }, (error) => (error ? reject(error) : resolve())),
  );
  did("s7comm", "func 0xf0");
  is("slot", "rack 0 slot 2");
  plc.setTranslationCB((name) => ITEMS[name]);
  const read = async (names, times) => {
    plc.removeItems();
    plc.addItems(names);
    for (let i = 0; i < times; i++)
      await new Promise((resolve, reject) => plc.readAllItems((isBad) => (isBad ? reject(new Error(`${names}`)) : resolve())));
  };
  await read(["speed"], 4);
  await read(["recipe"], 3);
  await read(["lamps"], 2);
  did("s7comm", "func 0x04", { count: 9 });
  await read(["speed", "recipe", "lamps"], 2); // one request of several items
  did("s7comm", "func 0x04", { count: 2 });
  for (const value of [100, 200])
    await new Promise((resolve, reject) =>
      plc.writeItems("limit", value, (isBad) => (isBad ? reject(new Error("limit")) : resolve())),
    );
  did("s7comm", "func 0x05", { count: 2 });
  await new Promise((resolve) => plc.dropConnection(resolve));
}

await run({ server, client });
