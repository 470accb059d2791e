// AsyncAPI's own parser reads what was generated, and finds in it what the contract says.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { DiagnosticSeverity, Parser } from "@asyncapi/parser";

const fixture = (name) => readFile(new URL(`../fixtures/${name}.asyncapi.json`, import.meta.url), "utf8");

async function parse(text) {
  const { document, diagnostics } = await new Parser().parse(text);
  const told = diagnostics.filter(({ severity }) => severity <= DiagnosticSeverity.Warning);
  return { document, told: told.map(({ code, message, path }) => `${code} ${path.join(".")}: ${message}`) };
}

// Only those who publish a document know whom to ask, and under which license.
const OURS_NOT = ["asyncapi-info-contact", "asyncapi-info-license"];
const problems = ({ told }) => told.filter((line) => !OURS_NOT.some((code) => line.startsWith(`${code} `)));

for (const name of ["chat", "feed", "shapes", "small"]) {
  test(`${name} is valid, in 3.0 and in 3.1`, async () => {
    const text = await fixture(name);
    for (const version of ["3.0.0", "3.1.0"]) {
      const parsed = await parse(text.replace(/"asyncapi": "3\.\d\.0"/, `"asyncapi": "${version}"`));
      assert.equal(parsed.document?.version(), version, parsed.told.join("\n"));
      assert.deepEqual(problems(parsed), []);
    }
  });
}

test("a document that is broken is refused", async () => {
  const text = await fixture("chat");
  const broken = [
    text.replace('"action": "receive"', '"action": "ask"'),
    text.replace('"minItems": 1', '"minItems": "one"'),
    text.replace("#/components/schemas/SendError", "#/components/schemas/Gone"),
  ];
  for (const text of broken) assert.notDeepEqual(problems(await parse(text)), []);
});

test("namespaces, events and acks are where a reader looks for them", async () => {
  const { document } = await parse(await fixture("chat"));
  const [server] = document.servers().all();
  assert.deepEqual([server.url(), server.protocol()], ["wss://chat.example.com/socket.io/", "wss"]);
  const org = document.channels().get("Org");
  assert.equal(org.address(), "/org-{id}/{team}");
  assert.deepEqual(org.parameters().all().map((parameter) => parameter.id()), ["id", "team"]);

  const send = document.operations().get("Chat.on.send");
  assert.equal(send.action(), "receive");
  assert.equal(send.summary(), "Says `text` in `room`.");
  const [message] = send.messages().all();
  assert.equal(message.name(), "send");
  const payload = message.payload().json();
  assert.deepEqual(payload.items.map(({ title }) => title), ["room", "text", "reply_to"]);
  assert.deepEqual([payload.minItems, payload.additionalItems], [2, false]);
  const [ack] = send.reply().messages().all();
  assert.equal(ack.payload().json().items.length, 1);

  const told = document.operations().get("Chat.emit.message");
  assert.deepEqual([told.action(), told.reply()], ["send", undefined]);
  const connecting = document.channels().get("Chat").extensions().get("x-socketio").value();
  assert.deepEqual(Object.keys(connecting), ["auth", "denied"]);
});

test("the events of a stream are marked", async () => {
  const { document } = await parse(await fixture("feed"));
  const role = (name) => document.operations().get(`Market.${name}`).extensions().get("x-socketio").value();
  assert.deepEqual(role("on.priceTicks"), { ack: "stream", stream: "subscribe" });
  assert.deepEqual(role("emit.priceTicks_next"), { ack: "unit", stream: "next", window: 16 });
  assert.deepEqual(role("emit.priceTicks_end"), { stream: "end" });
  assert.deepEqual(role("on.priceTicks_stop"), { stream: "stop" });
});
