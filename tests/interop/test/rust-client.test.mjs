/** The Rust client against the server under test, and against others of Node's: `../server/src/client.rs` has the checks. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { MODES, Server } from "../harness.mjs";

const CLIENT = fileURLToPath(new URL("../../../target/debug/interop-client", import.meta.url));
const CHECKS = ["calls", "binary", "order", "denied", "kick", "leave", "restart", "namespaces", "retries"];

/** Runs the Rust client's check `name` against `server` and passes what it prints to `body`; it must end well. */
async function run(t, server, mode, name, body = async () => {}) {
  const client = spawn(CLIENT, [String(server.port), mode, name], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => client.kill());
  const ended = once(client, "exit");
  const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  await body(async () => (await lines.next()).value);
  assert.equal((await ended)[0], 0);
}

/** What a check needs of the test. */
const bodies = {
  leave: (server) => async (line) => assert.equal(await server.reason(await line()), "client namespace disconnect"),
  restart: (server, start) => async (line) => {
    assert.equal(await line(), "connected");
    await server.kill();
    assert.equal(await line(), "offline");
    await start({ port: server.port });
  },
  retries: (server, start) => async (line) => {
    assert.equal(await line(), "asked");
    await server.kill();
    await start({ port: server.port });
  },
};

function check(name, mode, options = {}) {
  test(name, { timeout: 30_000 }, async (t) => {
    const start = async (more = {}) => {
      const server = await Server.start({ ...options, ...more });
      t.after(() => server.kill());
      return server;
    };
    const server = await start();
    await run(t, server, mode, name, bodies[name]?.(server, start));
  });
}

/** What needs a certain server of Node's is run with the reference, once. */
const NODE = process.env.INTEROP_SERVER === "reference";

for (const mode of Object.keys(MODES)) {
  describe(`the Rust client over ${mode}`, () => {
    for (const name of CHECKS) check(name, mode);
    if (mode === "upgrade") check("upgrade", mode);
  });
  if (!NODE) continue;

  describe(`the Rust client over ${mode}, with socket.io 4.6`, () => {
    for (const name of CHECKS) check(name, mode, { node: { REFERENCE_PACKAGE: "socket.io-4.6" } });
    check("recovery", mode, { node: { REFERENCE_PACKAGE: "socket.io-4.6", RECOVERY: "1" } });
  });

  describe(`the Rust client over ${mode}, with connection state recovery`, () => {
    check("recovery", mode, { node: { RECOVERY: "1" } });
  });
}

for (const mode of NODE ? ["websocket", "polling"] : []) {
  test(`the Rust client over ${mode} tells a server of Socket.IO 2`, { timeout: 30_000 }, async (t) => {
    const { default: io } = await import("socket.io-2");
    const http = createServer();
    const server = io(http);
    await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    await run(t, { port: http.address().port }, mode, "old");
  });
}
