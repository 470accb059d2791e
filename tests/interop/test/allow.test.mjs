import assert from "node:assert/strict";
import { connected, overEveryTransport } from "../harness.mjs";

overEveryTransport("a client that `allowRequest` refuses", async ({ mode, start, client }) => {
  const manager = client(await start(), { query: { banned: "1" } });
  const socket = manager.socket("/");
  const refused = new Promise((resolve) => {
    socket.once("connect_error", (error) => resolve([error, error.context?.responseText]));
  });
  socket.connect();
  const [error, body] = await refused;
  if (mode === "websocket") {
    assert.equal(error.message, "websocket error");
  } else {
    assert.equal(error.message, "xhr poll error");
    assert.equal(error.description, 403);
    assert.deepEqual(JSON.parse(body), { code: 4, message: "not you" });
  }
  // It tries again, with what it has by then.
  assert.equal(socket.active, true);
  manager.opts.query = {};
  await connected(socket);
});
