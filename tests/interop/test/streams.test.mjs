import assert from "node:assert/strict";
import { next, overEveryTransport } from "../harness.mjs";

/** Subscribes as the typings say: the id is taken in the callback, before any item is there. */
function subscribe(socket, name, ...args) {
  const items = [];
  return new Promise((resolve, reject) => {
    let id;
    const onNext = (sub, item) => sub === id && items.push(item);
    const onEnd = (sub, end) => {
      if (sub !== id) return;
      socket.off(`${name}:next`, onNext).off(`${name}:end`, onEnd);
      resolve({ id, items, end });
    };
    socket.on(`${name}:next`, onNext).on(`${name}:end`, onEnd);
    socket.emit(name, ...args, (res) => (res.ok ? (id = res.value) : reject(res.fault)));
  });
}

overEveryTransport("a stream is its items and its end", async ({ start, connect }) => {
  const socket = await connect(await start());
  assert.deepEqual(await subscribe(socket, "count", 4), { id: 1, items: [1, 2, 3, 4], end: { ok: true } });
  assert.deepEqual(await subscribe(socket, "count", 3), { id: 2, items: [1, 2, 3], end: { ok: false, error: "odd" } });
  assert.deepEqual(await subscribe(socket, "count", 0), { id: 3, items: [], end: { ok: true } });
});

overEveryTransport("several at once keep their items apart", async ({ start, connect }) => {
  const socket = await connect(await start());
  const all = await Promise.all(Array.from({ length: 20 }, (_, n) => subscribe(socket, "count", 50 * n)));
  assert.equal(new Set(all.map(({ id }) => id)).size, 20);
  for (const [n, { items }] of all.entries()) {
    assert.deepEqual(items, Array.from({ length: 50 * n }, (_, i) => i + 1));
  }
});

overEveryTransport("ten thousand items come in order", async ({ start, connect }) => {
  const socket = await connect(await start());
  const { items } = await subscribe(socket, "count", 10_000);
  assert.equal(items.length, 10_000);
  assert.ok(items.every((item, i) => item === i + 1));
});

overEveryTransport("a subscription with bad arguments is refused", async ({ start, connect }) => {
  const socket = await connect(await start());
  const fault = await subscribe(socket, "count", "three").then(assert.fail, (fault) => fault);
  assert.equal(fault.code, "bad_args");
  assert.match(fault.message, /\bn\b/);
});

overEveryTransport("a window goes on as it is acked, and a stop ends it", async ({ start, connect }) => {
  const server = await start();
  const socket = await connect(server);
  const items = [];
  const acks = [];
  let [wanted, reached] = [8, () => {}];
  socket.on("tick:next", (_, item, ack) => {
    items.push(item);
    if (ack) acks.push(ack);
    if (items.length === wanted) reached();
  });
  const until = (n) => new Promise((resolve) => ([wanted, reached] = items.length >= n ? [n, resolve()] : [n, resolve]));
  const { value: id } = await new Promise((resolve) => socket.emit("tick", resolve));
  await until(8);
  // The answer is behind all that the server could send.
  await socket.emitWithAck("nothing");
  assert.deepEqual(items, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(acks.length, 2);
  for (let n = 12; n <= 400; n += 4) {
    acks.shift()();
    await until(n);
  }
  assert.deepEqual(items, Array.from({ length: 400 }, (_, i) => i + 1));
  socket.emit("tick:stop", id);
  await server.line((line) => line.dropped === "tick" && line.id === socket.id);
  acks.forEach((ack) => ack());
  await socket.emitWithAck("nothing");
  assert.equal(items.length, 400, "nothing comes behind a stop");
});

overEveryTransport("a stream is dropped with its socket", async ({ start, connect }) => {
  const server = await start();
  const socket = await connect(server);
  const { id } = socket;
  const first = next(socket, "tick:next");
  await socket.emitWithAck("tick");
  await first;
  socket.disconnect();
  await server.line((line) => line.dropped === "tick" && line.id === id);
});
