import assert from "node:assert/strict";
import { beside, connected, next, overEveryTransport } from "../harness.mjs";

overEveryTransport("two namespaces share one connection", async ({ start, connect }) => {
  const root = await connect(await start());
  const admin = beside(root, "/admin", { token: "secret" });
  await connected(admin);
  assert.equal(admin.io.engine, root.io.engine);
  assert.notEqual(admin.id, root.id);
  const [who, echo] = await Promise.all([admin.emitWithAck("whoami"), root.emitWithAck("echo", "root")]);
  assert.deepEqual(who, { id: admin.id, token: "secret" });
  assert.equal(echo, "root");
});

overEveryTransport("a denial carries its typed data and leaves the connection alone", async ({ start, connect }) => {
  const root = await connect(await start());
  const admin = beside(root, "/admin", { token: "guess" });
  const error = await connected(admin).then(assert.fail, (error) => error);
  assert.deepEqual(error.data, { code: "bad_token", got: "guess" });
  assert.equal(admin.active, false);
  assert.equal(await root.emitWithAck("echo", 1), 1);
  admin.auth = { token: "secret" };
  await connected(admin.connect());
});

overEveryTransport("a namespace that does not exist", async ({ start, connect }) => {
  const root = await connect(await start());
  const error = await connected(beside(root, "/nowhere")).then(assert.fail, (error) => error);
  assert.equal(error.message, "Invalid namespace");
  assert.equal(error.data, undefined);
  assert.equal(await root.emitWithAck("echo", 1), 1);
});

overEveryTransport("leaving one namespace leaves the other one open", async ({ start, connect }) => {
  const server = await start();
  const root = await connect(server);
  const admin = beside(root, "/admin", { token: "secret" });
  await connected(admin);
  const { id } = admin;
  admin.disconnect();
  assert.equal(await server.reason(id), "client namespace disconnect");
  assert.equal(await root.emitWithAck("echo", 1), 1);
  await connected(admin.connect());
  assert.notEqual(admin.id, id);
});

overEveryTransport("rooms: the others hear it, the speaker and those who left do not", async ({ start, connect }) => {
  const server = await start();
  const [ada, bob, cyd] = await Promise.all([connect(server), connect(server), connect(server)]);
  const heard = { ada: [], bob: [], cyd: [] };
  for (const [name, socket] of Object.entries({ ada, bob, cyd })) {
    socket.on("said", (room, text) => heard[name].push(`${room}:${text}`));
    await socket.emitWithAck("join", "den");
  }
  await cyd.emitWithAck("leave", "den");
  const all = [ada, bob, cyd].map((socket) => new Promise((resolve) => socket.on("said", (room) => room === "" && resolve())));
  ada.emit("say", "den", "hi");
  ada.emit("shout", "end");
  await Promise.all(all);
  assert.deepEqual(heard, { ada: [":end"], bob: ["den:hi", ":end"], cyd: [":end"] });
});

overEveryTransport("a question to a room is answered by everybody in it", async ({ start, connect }) => {
  const server = await start();
  const sockets = await Promise.all([connect(server), connect(server), connect(server)]);
  for (const [index, socket] of sockets.entries()) {
    socket.on("confirm", (_prompt, ack) => ack(index !== 1));
    await socket.emitWithAck("join", "den");
  }
  assert.equal(await sockets[0].emitWithAck("poll", "den"), 2);
  assert.equal(await sockets[0].emitWithAck("poll", "nobody here"), 0);
});

overEveryTransport("what was emitted before the connection is sent after it", async ({ start, client }) => {
  const socket = client(await start()).socket("/");
  const seen = next(socket, "seen");
  socket.emit("one", 1);
  socket.connect();
  assert.deepEqual(await seen, ["one", 1]);
});
