// The recipe of the documentation, with values good and bad; and every schema of every fixture, with zod and with Ajv.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { z } from "zod";
import schema from "../fixtures/chat.schema.json" with { type: "json" };
import { checked, login, messageArgs, sendAck, sendArgs } from "./recipe.mjs";

const msg = { id: 1, from: "A".repeat(20), text: "hi", reply_to: null, preview: null };

function takes(type, values, want) {
  for (const value of values) assert.equal(type.safeParse(value).success, want, JSON.stringify(value));
}

test("the recipe takes what is in the contract, and nothing else", () => {
  takes(messageArgs, [["lobby", msg], ["lobby", { ...msg, preview: new Uint8Array(3) }]], true);
  takes(messageArgs, [["lobby"], ["lobby", msg, 1], ["lobby", { ...msg, id: -1 }], [null, msg], ["lobby", { ...msg, text: undefined }]], false);
  takes(sendArgs, [["lobby", "hi"], ["lobby", "hi", null], ["lobby", "hi", 3]], true);
  takes(sendArgs, [["lobby"], ["lobby", "hi", "3"], ["lobby", "hi", 1.5]], false);
  const fault = { code: "internal", message: "" };
  takes(sendAck, [{ ok: true, value: msg }, { ok: false, error: { code: "too_long", max: 3 } }, { ok: false, fault }], true);
  takes(sendAck, [{ ok: true }, { ok: false, error: { code: "too_long" } }, { ok: true, value: null }, null], false);
  takes(login, [{ token: "t" }], true);
  takes(login, [{}, null], false);
});

test("a socket can be watched", () => {
  let listener;
  const bad = [];
  const socket = { onAny: (f) => (listener = f) };
  checked(socket, schema["x-socketio"]["/chat"], (event) => bad.push(event));
  listener("message", "lobby", msg);
  listener("confirm", "Sure?");
  listener("message", "lobby", {});
  listener("unknown");
  assert.deepEqual(bad, ["message", "unknown"]);
});

test("the recipe is the one of the documentation", async () => {
  const [recipe, docs] = await Promise.all(
    ["recipe.mjs", "../../src/docs/schema.md"].map((path) => readFile(new URL(path, import.meta.url), "utf8")),
  );
  assert.ok(docs.includes(recipe.replace("../fixtures/", "./").replaceAll("export ", "")), "not in schema.md");
});

/** Every schema of a document with its place. */
function* parts(document) {
  for (const [nsp, space] of Object.entries(document["x-socketio"])) {
    for (const name of ["auth", "denied", "params"]) if (name in space) yield [`${nsp} ${name}`, space[name]];
    for (const direction of ["clientToServer", "serverToClient"]) {
      for (const [event, { args, ack }] of Object.entries(space[direction])) {
        yield [`${nsp} ${event}`, args];
        for (const name of ["value", "answer", "error"]) if (ack && name in ack) yield [`${nsp} ${event} ${name}`, ack[name]];
      }
    }
  }
}

for (const name of ["chat", "feed", "reading", "shapes", "small"]) {
  test(`${name}: zod and Ajv read every schema`, async () => {
    const document = JSON.parse(await readFile(new URL(`../fixtures/${name}.schema.json`, import.meta.url), "utf8"));
    // Rust's own formats, `uint32` and so on, say no more than `minimum` and `maximum` do.
    const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(document, "document");
    const { $schema, $defs } = document;
    for (const [place, part] of parts(document)) {
      assert.doesNotThrow(() => z.fromJSONSchema({ $schema, $defs, allOf: [part] }), place);
      assert.doesNotThrow(() => ajv.compile({ $defs, allOf: [part] }), place);
    }
  });
}

test("Ajv finds a schema by its place", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(schema, "chat");
  const isMessage = ajv.compile({ $ref: "chat#/x-socketio/~1chat/serverToClient/message/args" });
  assert.deepEqual([isMessage(["lobby", msg]), isMessage(["lobby", {}])], [true, false]);
});

test("zod reads what serde reads: other names, and variants that nobody knows", async () => {
  const { $schema, $defs, "x-socketio": namespaces } = JSON.parse(await readFile(new URL("../fixtures/reading.schema.json", import.meta.url), "utf8"));
  const { clientToServer } = namespaces["/"];
  const type = (event) => z.fromJSONSchema({ $schema, $defs, allOf: [clientToServer[event].args] });
  takes(type("named"), [[{ id: 1, text: "" }], [{ id: 1, words: "", mark: "Top" }]], true);
  takes(type("named"), [[{ id: 1 }], [{ id: 1, words: 1 }], [{ id: 1, words: "", mark: 1 }]], false);
  takes(type("closed"), [[{ first: 1, b: "Low" }]], true);
  takes(type("closed"), [[{ a: 1 }], [{ a: 1, b: 1 }]], false);
  takes(type("level"), [["Low"], ["whatever"]], true);
  takes(type("external"), [[{ Rectangle: { w: 1 } }], [{ Value: 1 }], ["Nothing"]], true);
  takes(type("external"), [["Value"], [{ x: 1 }]], false);
  takes(type("internal"), [[{ kind: "rectangle", width: 1 }], [{ kind: "whatever" }]], true);
  takes(type("internal"), [[{ width: 1 }]], false);
});
