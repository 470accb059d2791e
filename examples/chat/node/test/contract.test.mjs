// The same client in Rust sees the same at the server in Rust and at the one in Node.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const TARGET = process.env.CHAT_TARGET ?? path("../../../../target/debug");
const SERVERS = { Rust: [`${TARGET}/chat-server`], Node: [process.execPath, path("../dist/main.js")] };
const SCENES = ["denials", "returning", "full", "rooms", "messages", "typing", "pictures", "alone", "votes"];

/** A server that nobody has used yet, gone with the test. */
async function start(t, [program, ...args]) {
  // The page is not asked for.
  const env = { ...process.env, PORT: "0", CHAT_PAGE: path("../../web") };
  const server = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(server, "exit").then(([code]) => Promise.reject(new Error(`${program} ended with ${code}`)));
  gone.catch(() => {});
  t.after(async () => {
    server.kill("SIGKILL");
    await gone.catch(() => {});
  });
  for (const lines = createInterface({ input: server.stdout }); ; ) {
    const [line] = await Promise.race([once(lines, "line"), gone]);
    const found = /http:\S+/.exec(line);
    if (found) return found[0];
  }
}

for (const [name, command] of Object.entries(SERVERS)) {
  for (const transport of ["websocket", "polling"]) {
    describe(`the server in ${name}, over ${transport}`, () => {
      for (const scene of SCENES) {
        test(scene, { timeout: 60_000 }, async (t) => {
          const check = spawn(`${TARGET}/chat-check`, [await start(t, command), transport, scene], { stdio: ["ignore", "inherit", "inherit"] });
          assert.deepEqual(await once(check, "exit"), [0, null]);
        });
      }
    });
  }
}
