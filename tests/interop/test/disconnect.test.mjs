import assert from "node:assert/strict";
import { beside, connected, next, overEveryTransport } from "../harness.mjs";

overEveryTransport("the server ends one namespace", async ({ start, connect }) => {
  const server = await start();
  const socket = await connect(server);
  const admin = beside(socket, "/admin", { token: "secret" });
  await connected(admin);
  const { id } = admin;
  const gone = next(admin, "disconnect");
  admin.emit("kick");
  assert.equal((await gone)[0], "io server disconnect");
  assert.equal(await server.reason(id), "server namespace disconnect");
  assert.equal(admin.active, false, "the client does not come back by itself");
  assert.equal(await socket.emitWithAck("echo", 1), 1);
});

overEveryTransport("the server ends the connection with all its namespaces", async ({ start, connect }) => {
  const server = await start();
  const socket = await connect(server);
  const admin = beside(socket, "/admin", { token: "secret" });
  await connected(admin);
  const ids = [socket.id, admin.id];
  const gone = [next(socket, "disconnect"), next(admin, "disconnect")];
  socket.emit("kick:all");
  for (const [reason] of await Promise.all(gone)) assert.equal(reason, "io server disconnect");
  for (const id of ids) assert.equal(await server.reason(id), "server namespace disconnect");
});

overEveryTransport("what was emitted before the server ends the connection arrives first", async ({ start, connect }) => {
  const socket = await connect(await start());
  const seen = [];
  socket.on("maybe", (n) => seen.push(n));
  const gone = next(socket, "disconnect");
  socket.emit("farewell", 200);
  assert.equal((await gone)[0], "io server disconnect");
  assert.deepEqual(seen, [...Array(200).keys()]);
});

overEveryTransport("the client leaves a namespace", async ({ start, connect }) => {
  const server = await start();
  const socket = await connect(server);
  const admin = beside(socket, "/admin", { token: "secret" });
  await connected(admin);
  const { id } = admin;
  admin.disconnect();
  assert.equal(await server.reason(id), "client namespace disconnect");
});

overEveryTransport("the client closes the connection", async ({ start, connect }) => {
  const server = await start();
  const socket = await connect(server);
  const { id } = socket;
  socket.io.engine.close();
  assert.equal(await server.reason(id), "transport close");
});

overEveryTransport("a client that no longer answers", async ({ start, connect }) => {
  const server = await start({ pingInterval: 100, pingTimeout: 100 });
  const socket = await connect(server, "/", {}, { reconnection: false });
  const { id } = socket;
  // It still reads but hears nothing: no ping is answered. Its own deadline, the same as the server's, must not come first.
  socket.io.engine.transport.onPacket = () => {};
  clearTimeout(socket.io.engine._pingTimeoutTimer);
  const gone = next(socket, "disconnect");
  assert.equal(await server.reason(id), "ping timeout");
  assert.match((await gone)[0], /^transport (close|error)$/);
});

overEveryTransport("a client that answers stays", async ({ start, connect }) => {
  const server = await start({ pingInterval: 50, pingTimeout: 2000 });
  const socket = await connect(server);
  const { id } = socket;
  for (let pings = 0; pings < 6; pings++) await new Promise((resolve) => socket.io.engine.once("ping", resolve));
  assert.equal(socket.id, id);
  assert.equal(await socket.emitWithAck("echo", 1), 1);
});

overEveryTransport("the server shuts down", async ({ start, connect }) => {
  const server = await start();
  const socket = await connect(server, "/", {}, { reconnection: false });
  const { id } = socket;
  const gone = next(socket, "disconnect");
  await server.stop();
  assert.equal(await server.reason(id), "server shutting down");
  assert.match((await gone)[0], /^transport (close|error)$/, "nobody told it to stay away");
});

overEveryTransport("after a restart the client is back, with what it emitted meanwhile", async ({ start, connect }) => {
  const server = await start();
  const socket = await connect(server);
  const { id } = socket;
  const gone = next(socket, "disconnect");
  await server.kill();
  assert.match((await gone)[0], /^transport (close|error)$/);
  const answer = socket.emitWithAck("echo", "written meanwhile");
  await start({ port: server.port });
  assert.equal(await answer, "written meanwhile");
  assert.notEqual(socket.id, id);
});

overEveryTransport("a call in flight fails when the connection is lost", async ({ start, connect }) => {
  const server = await start();
  const socket = await connect(server, "/", {}, { reconnection: false });
  const asked = next(socket, "silence");
  const failure = assert.rejects(socket.emitWithAck("ask:nobody", 20_000), /socket has been disconnected/);
  await asked;
  await server.kill();
  await failure;
});
