/** The Rust client against the server under test: `../server/src/client.rs` has the checks. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Server } from "../harness.mjs";

const CLIENT = fileURLToPath(new URL("../../../target/debug/interop-client", import.meta.url));

/** Starts a server and the Rust client, and passes both to `body`; the client must end well. */
function check(name, body = async () => {}) {
  test(`the Rust client: ${name}`, { timeout: 30_000 }, async (t) => {
    const server = await Server.start();
    const servers = [server];
    t.after(() => Promise.all(servers.map((one) => one.kill())));
    const client = spawn(CLIENT, [String(server.port), name], { stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => client.kill());
    const ended = once(client, "exit");
    const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
    await body({ server, servers, line: async () => (await lines.next()).value });
    assert.equal((await ended)[0], 0);
  });
}

for (const name of ["calls", "binary", "order", "denied", "kick"]) check(name);

check("leave", async ({ server, line }) => {
  assert.equal(await server.reason(await line()), "client namespace disconnect");
});

check("restart", async ({ server, servers, line }) => {
  assert.equal(await line(), "connected");
  await server.kill();
  assert.equal(await line(), "offline");
  servers.push(await Server.start({ port: server.port }));
});
