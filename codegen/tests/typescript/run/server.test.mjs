// A server in Node that implements the contract, and clients of it: ours in Rust, and the generated one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Server } from "socket.io";
import { check, load, uncaught } from "./harness.mjs";

const { listen } = await load("typescript/run/live-server.ts", "fixtures/server/live.ts");
const { liveNamespace } = await load("fixtures/server/live.ts");
const { connectLive, connectRoom, liveClient, roomClient } = await load("fixtures/client/live.ts");

async function open(t) {
  const server = await listen();
  t.after(() => server.close());
  return server.url;
}

test("the Rust client talks to it", { timeout: 20_000 }, async (t) => {
  assert.equal(await check(await open(t)), 0);
});

test("the generated client talks to it", { timeout: 20_000 }, async (t) => {
  const url = await open(t);
  const live = liveClient(connectLive(url, { token: "secret" }, { forceNew: true }));
  t.after(() => live.socket.disconnect());
  assert.equal(await live.divide(7, 2), 3);
  live.on.confirm(() => true);
  live.on.flip((data) => data);
  assert.deepEqual(await live.ask("yes", Buffer.from("abc")), Buffer.from("abc"));
  assert.deepEqual((await live.count(3).forEach(() => {}).catch((error) => error)).error, { code: "by_zero", dividend: 3 });
  const socket = connectRoom(url, { id: 7, part: "a b" }, { forceNew: true });
  t.after(() => socket.disconnect());
  assert.equal(await roomClient(socket).which(), "7/a b");
});

test("parameters have no slash, as in Rust", { timeout: 20_000 }, async (t) => {
  const socket = connectRoom(await open(t), { id: 7, part: "a/b" }, { forceNew: true });
  t.after(() => socket.disconnect());
  const { message } = await new Promise((resolve) => socket.once("connect_error", resolve));
  assert.equal(message, "Invalid namespace");
});

/** What a client is told that may not come in. */
async function refused(t, url) {
  const socket = connectLive(url, { token: "wrong" }, { forceNew: true });
  t.after(() => socket.disconnect());
  return new Promise((resolve) => socket.once("connect_error", resolve));
}

test("who is refused sees why", { timeout: 20_000 }, async (t) => {
  assert.deepEqual((await refused(t, await open(t))).data, { code: "bad_token", got: "wrong" });
});

test("what goes wrong is not the client's business", { timeout: 20_000 }, async (t) => {
  const io = new Server(0);
  t.after(() => io.close());
  liveNamespace(io, () => {
    throw new Error("a secret");
  });
  const told = uncaught();
  const error = await refused(t, `http://127.0.0.1:${io.httpServer.address().port}`);
  assert.deepEqual([error.message, error.data], ["internal error", undefined]);
  assert.equal((await told).message, "a secret");
});
