import assert from "node:assert/strict";
import { connected, next, overEveryTransport, take } from "../harness.mjs";

const TRIPLES = 2000;
const NAMES = ["one", "two", "three"];
const expected = Array.from({ length: TRIPLES }, (_, n) => NAMES.map((name) => ["seen", name, n])).flat();

function emitTriples(socket) {
  for (let n = 0; n < TRIPLES; n++) for (const name of NAMES) socket.emit(name, n);
}

overEveryTransport("2 000 triples are handled in the order in which they were sent", async ({ start, connect }) => {
  const socket = await connect(await start());
  const seen = take(socket, expected.length);
  emitTriples(socket);
  assert.deepEqual(await seen, expected);
});

overEveryTransport("… also while the transport is being upgraded", async ({ start, client }) => {
  const manager = client(await start());
  const socket = manager.socket("/");
  const seen = take(socket, expected.length);
  socket.connect();
  await connected(socket);
  emitTriples(socket);
  assert.deepEqual(await seen, expected);
});

overEveryTransport("events and acks of the server keep their order", async ({ start, connect }) => {
  const socket = await connect(await start());
  const seen = [];
  socket.on("seen", (name) => seen.push(name));
  socket.emit("one", 1);
  socket.emit("echo", 0, () => seen.push("ack"));
  socket.emit("two", 2);
  await socket.emitWithAck("nothing");
  assert.deepEqual(seen, ["one", "ack", "two"]);
});

overEveryTransport("volatile events may be lost but never overtake", async ({ start, connect }) => {
  const socket = await connect(await start());
  const maybe = [];
  socket.on("maybe", (n) => maybe.push(n));
  const surely = next(socket, "surely");
  socket.emit("burst", 500);
  assert.deepEqual(await surely, [500]);
  assert.deepEqual(maybe, [...maybe].sort((a, b) => a - b));
  assert.ok(maybe.length <= 500);
});
