import assert from "node:assert/strict";
import { next, overEveryTransport } from "../harness.mjs";

const bytes = (n) => Buffer.from(Array.from({ length: n }, (_, i) => (i * 7) & 0xff));

overEveryTransport("bytes there and back in an ack", async ({ start, connect }) => {
  const socket = await connect(await start());
  for (const n of [0, 1, 125, 126, 65_535, 65_536, 300_000]) {
    const back = await socket.emitWithAck("reverse", bytes(n));
    assert.ok(Buffer.isBuffer(back));
    assert.deepEqual(back, bytes(n).reverse());
  }
});

overEveryTransport("an ArrayBuffer and a typed array are bytes, too", async ({ start, connect }) => {
  const socket = await connect(await start());
  assert.deepEqual(await socket.emitWithAck("reverse", Uint8Array.of(1, 2, 3)), Buffer.of(3, 2, 1));
  assert.deepEqual(await socket.emitWithAck("reverse", Uint8Array.of(1, 2, 3).buffer), Buffer.of(3, 2, 1));
});

overEveryTransport("two attachments keep their places, also inside of a value", async ({ start, connect }) => {
  const socket = await connect(await start());
  assert.deepEqual(await socket.emitWithAck("swap", Buffer.from("a"), Buffer.from("bb")), { first: Buffer.from("bb"), second: Buffer.from("a") });
});

overEveryTransport("bytes in an event of the server", async ({ start, connect }) => {
  const socket = await connect(await start());
  const pushed = next(socket, "pushed");
  socket.emit("push", bytes(5000));
  assert.deepEqual(await pushed, [5000, bytes(5000)]);
});

overEveryTransport("bytes in a question of the server, and in its answer", async ({ start, connect }) => {
  const socket = await connect(await start());
  socket.on("flip", (data, ack) => ack(data.map((byte) => byte ^ 0xff)));
  assert.deepEqual(await socket.emitWithAck("ask:bytes", Buffer.of(0, 1, 255)), Buffer.of(255, 254, 0));
});

overEveryTransport("text between two binary events stays between them", async ({ start, connect }) => {
  const socket = await connect(await start());
  const answers = [];
  const calls = [socket.emitWithAck("reverse", bytes(9)), socket.emitWithAck("echo", "text"), socket.emitWithAck("reverse", bytes(3))];
  calls.forEach((call, index) => call.then(() => answers.push(index)));
  assert.deepEqual(await Promise.all(calls), [bytes(9).reverse(), "text", bytes(3).reverse()]);
  assert.deepEqual(answers, [0, 1, 2]);
});
