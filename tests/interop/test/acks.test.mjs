import assert from "node:assert/strict";
import { next, overEveryTransport } from "../harness.mjs";

overEveryTransport("a value comes back as it went", async ({ start, connect }) => {
  const socket = await connect(await start());
  for (const value of [1, "é\u{1f600}\u2028\"\\", null, true, [], { a: [{ b: null }] }, -0.5, "x".repeat(100_000)]) {
    assert.deepEqual(await socket.emitWithAck("echo", value), value);
  }
});

overEveryTransport("an ack without a value has no arguments", async ({ start, connect }) => {
  const socket = await connect(await start());
  const args = await new Promise((resolve) => socket.emit("nothing", (...args) => resolve(args)));
  assert.deepEqual(args, []);
});

overEveryTransport("an absent, a null and a given optional argument", async ({ start, connect }) => {
  const socket = await connect(await start());
  assert.equal(await socket.emitWithAck("greet", "ada"), "hello ada");
  assert.equal(await socket.emitWithAck("greet", "ada", null), "hello ada");
  assert.equal(await socket.emitWithAck("greet", "ada", "bye"), "hello ada, bye");
  assert.equal(await socket.emitWithAck("greet", "ada", "bye", "too many"), "hello ada, bye");
});

overEveryTransport("a result is a value, an error or a fault", async ({ start, connect }) => {
  const socket = await connect(await start());
  assert.deepEqual(await socket.emitWithAck("divide", 7, 2), { ok: true, value: 3 });
  assert.deepEqual(await socket.emitWithAck("divide", 7, 0), { ok: false, error: { code: "by_zero", dividend: 7 } });
  const refused = await socket.emitWithAck("divide", "seven", 2);
  assert.equal(refused.ok, false);
  assert.equal(refused.fault.code, "bad_args");
  assert.match(refused.fault.message, /\ba\b/);
  assert.deepEqual(await socket.emitWithAck("divide", 8, 2), { ok: true, value: 4 }, "the socket is as good as before");
});

overEveryTransport("the server asks and gets an answer", async ({ start, connect }) => {
  const socket = await connect(await start());
  socket.on("confirm", (prompt, ack) => ack(prompt === "sure?"));
  assert.equal(await socket.emitWithAck("ask", "sure?"), true);
  assert.equal(await socket.emitWithAck("ask", "really?"), false);
});

overEveryTransport("an answer that does not come is a timeout, and a late one is ignored", async ({ start, connect }) => {
  const socket = await connect(await start());
  const asked = next(socket, "silence");
  assert.equal(await socket.emitWithAck("ask:nobody", 30), "timeout");
  const [late] = await asked;
  late("at last");
  assert.equal(await socket.emitWithAck("echo", "still here"), "still here");
});

overEveryTransport("a thousand calls at once find their own answers", async ({ start, connect }) => {
  const socket = await connect(await start());
  const calls = Array.from({ length: 1000 }, (_, n) => socket.emitWithAck("echo", n));
  assert.deepEqual(await Promise.all(calls), [...calls.keys()]);
});

overEveryTransport("an emit with retries is acknowledged, and so delivered once", async ({ start, client, connect }) => {
  const server = await start();
  const other = await connect(server);
  const manager = client(server);
  const socket = manager.socket("/", { retries: 3, ackTimeout: 5000 });
  const heard = [];
  other.on("said", (_room, text) => heard.push(text));
  socket.connect();
  const [end] = await Promise.all([next(other, "said").then(() => new Promise((resolve) => socket.emit("nothing", (error) => resolve(error)))), socket.emit("shout", "once")]);
  assert.equal(end, null);
  assert.deepEqual(heard, ["once"]);
});
