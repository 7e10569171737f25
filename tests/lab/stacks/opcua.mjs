// OPC UA: node-opcua's server and client, without encryption, which the sensor could not read.
import { did, is, run } from "./did.mjs";

const PORT = 4840;
const NAME = "Beispiel line server";
const BUILD = { productName: "BX-UA", productUri: "urn:beispiel.example:bx-ua", manufacturerName: "Beispiel AG",
                softwareVersion: "7.0.1", buildNumber: "70" };
const NO_SECURITY = 1, TELLS_NOBODY = 1;
const MISSING = "ns=1;s=missing";

async function server(address) {
  const opcua = await import("node-opcua-server");
  const { DataType, StatusCodes } = await import("node-opcua-client");
  const line = new opcua.OPCUAServer({
    host: address,
    port: PORT,
    hostname: address,
    buildInfo: BUILD,
    serverInfo: { applicationName: { text: NAME }, applicationUri: "urn:beispiel.example:line" },
    securityPolicies: ["http://opcfoundation.org/UA/SecurityPolicy#None"],
    securityModes: [NO_SECURITY],
    registerServerMethod: TELLS_NOBODY,
  });
  await line.initialize();
  const space = line.engine.addressSpace.getOwnNamespace();
  const device = space.addObject({ organizedBy: line.engine.addressSpace.rootFolder.objects, browseName: "Press" });
  space.addVariable({ componentOf: device, browseName: "Force", nodeId: "s=force", dataType: "Double",
                      value: { dataType: DataType.Double, value: 1 } });
  const start = space.addMethod(device, { browseName: "Start", nodeId: "s=start" });
  start.bindMethod((inputs, context, done) => done(null, { statusCode: StatusCodes.Good, outputArguments: [] }));
  await line.start();
}

const code = (message) => String(message.schema.encodingDefaultBinary.value);

async function client(address) {
  const { OPCUAClient, AttributeIds, DataType } = await import("node-opcua-client");
  const reader = OPCUAClient.create({ applicationName: "Panel", endpointMustExist: false, keepSessionAlive: false,
                                      connectionStrategy: { maxRetry: 0 } });
  // The stack itself tells what it sends and gets: it adds requests of its own to those asked for here.
  reader.on("send_request", (request) => {
    did("opcua", code(request));
    did("opcua", request.constructor.name === "CloseSecureChannelRequest" ? "CLO" : "MSG");
  });
  reader.on("receive_response", (response) => did("opcua", code(response), { from: "server" }));
  // What opens the connection and the channel comes before the stack tells anything.
  for (const one of ["HEL", "OPN", "446"]) did("opcua", one);
  for (const one of ["ACK", "449"]) did("opcua", one, { from: "server" });
  await reader.connect(`opc.tcp://${address}:${PORT}`);
  await reader.getEndpoints();
  const session = await reader.createSession();
  const found = await session.browse("ObjectsFolder");
  const press = found.references.find((reference) => reference.browseName.name === "Press").nodeId;
  await session.read([
    { nodeId: "ns=1;s=force", attributeId: AttributeIds.Value }, { nodeId: MISSING, attributeId: AttributeIds.Value }]);
  for (const id of [2261, 2263, 2264]) await session.read({ nodeId: `i=${id}`, attributeId: AttributeIds.Value });
  const value = { value: { dataType: DataType.Double, value: 2 } };
  await session.write({ nodeId: "ns=1;s=force", attributeId: AttributeIds.Value, value });
  await session.call({ objectId: press, methodId: "ns=1;s=start", inputArguments: [] });
  await session.close();
  await reader.disconnect();
  is("application_name", NAME);
  is("product_name", BUILD.productName);
  is("vendor", BUILD.manufacturerName);
  is("firmware", BUILD.softwareVersion);
}

await run({ server, client });
