// What a stack was asked to do, counted by the script that asked, printed as JSON lines when it is done.
const counts = new Map();

/** One operation: protocol and code as `osect-sensor analyze` names them; `from` says which end began it. */
export function did(protocol, code, { errors = 0, from = "client", count = 1 } = {}) {
  const key = JSON.stringify([protocol, code, from]);
  const old = counts.get(key) ?? { protocol, code, from, count: 0, errors: 0 };
  counts.set(key, { ...old, count: old.count + count, errors: old.errors + errors });
}

/** A request that the other end must refuse. */
export async function refused(promise) {
  const answer = await promise.then(() => "accepted", () => "refused");
  if (answer !== "refused") throw new Error("the server accepted what it should have refused");
}

export function say(record) {
  console.log(JSON.stringify(record));
}

/** An identity that the server was given and the client asked for. */
export function is(attribute, value, of = "server") {
  say({ record: "fact", of, attribute, value });
}

export function finish() {
  for (const count of counts.values()) say({ record: "operation", ...count });
  process.exit(0);
}

/** `node STACK.mjs server ADDRESS-OF-THE-SERVER ADDRESS-OF-THE-CLIENT`, or `client` in the place of the role. */
export async function run({ server, client }) {
  const [role, address, self] = process.argv.slice(2);
  if (role === "server") {
    await server(address);
    say({ record: "ready" });
  } else {
    await client(address, self);
    finish();
  }
}
