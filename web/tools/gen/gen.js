// Makes src/wire/{rest,events}.ts from docs/api/*.json; `--check` fails where they differ instead.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const API = new URL("../../../docs/api/", import.meta.url);
const WIRE = new URL("../../src/wire/", import.meta.url);

const read = async (name) => JSON.parse(await readFile(new URL(name, API), "utf8"));

const routes = await restOf(await read("openapi.json"));
const socket = await eventsOf(await read("asyncapi.json"));
const stale = [];
await put("rest.ts", "openapi.json", routes);
await put("events.ts", "asyncapi.json", socket);
if (stale.length > 0) {
  console.error(`not as docs/api says: ${stale.join(", ")}; run \`npm run gen\``);
  process.exitCode = 1;
}

async function put(name, source, body) {
  const text = `// Made from docs/api/${source} by \`npm run gen\`. Do not edit.\n\n${body}`;
  const file = new URL(name, WIRE);
  if (!process.argv.includes("--check")) return writeFile(file, text);
  const old = await readFile(file, "utf8").catch(() => "");
  if (old !== text) stale.push(`src/wire/${name}`);
}

async function restOf(document) {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) operation.responses = briefly(operation.responses);
  }
  return astToString(await openapiTS(document));
}

/** All refusals look alike: said once, not by each status of each route. */
function briefly(responses) {
  const good = Object.entries(responses).filter(([status]) => status < "400");
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return { ...Object.fromEntries(good), default: { description: "Refused", content } };
}

/** The schemas go through the same generator, as an OpenAPI document without paths. */
async function eventsOf(document) {
  const schemas = await openapiTS({
    openapi: "3.1.0",
    info: document.info,
    paths: {},
    components: { schemas: document.components.schemas },
  });
  return astToString(schemas) + eventTables(document);
}

function eventTables({ operations, channels, components }) {
  const server = [];
  const client = [];
  for (const { action, channel, messages } of Object.values(operations)) {
    const address = channels[last(channel.$ref)].address;
    for (const message of messages) {
      const { name, summary, payload, "x-ack": ack } = components.messages[last(message.$ref)];
      const event = { name, summary, address, payload: typeOf(payload), ack: ack && typeOf(ack.oneOf[0]) };
      (action === "send" ? server : client).push(event);
    }
  }
  const tables = [
    "type Schemas = components['schemas'];",
    table("What the server sends, by name.", "ServerEvents", server, (event) => event.payload),
    table("What a client sends, and what success is acknowledged with.", "ClientEvents", client, pair),
    namespaces("SERVER_EVENTS", server),
    namespaces("CLIENT_EVENTS", client),
  ];
  return `\n${tables.join("\n\n")}\n`;
}

function table(doc, name, events, typed) {
  const rows = events.map((event) => `    /** ${event.summary} */\n    '${event.name}': ${typed(event)};`);
  return `/** ${doc} */\nexport interface ${name} {\n${rows.join("\n")}\n}`;
}

function namespaces(name, events) {
  const rows = events.map((event) => `    '${event.name}': '${event.address}',`);
  return `export const ${name} = {\n${rows.join("\n")}\n} as const;`;
}

function pair({ payload, ack }) {
  return `{ payload: ${payload}; ack: ${ack} }`;
}

function typeOf({ $ref }) {
  return `Schemas['${last($ref)}']`;
}

function last(reference) {
  return reference.slice(reference.lastIndexOf("/") + 1);
}
