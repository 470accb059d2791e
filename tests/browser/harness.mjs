/** One browser per file, one chat server and fresh pages per test. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const SERVER = process.env.CHAT_SERVER ?? fileURLToPath(new URL("../../target/debug/chat-server", import.meta.url));
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ARGS });
});
after(() => browser?.close());

/** A test with a server of its own; a page that throws or logs an error fails it. */
export function scene(name, body) {
  test(name, { timeout: 60_000 }, async (t) => {
    const open = [];
    const errors = [];
    t.after(async () => {
      for (const close of open.reverse()) await close();
    });
    const start = async (port = 0) => {
      const server = await startServer(port);
      open.push(() => server.kill());
      return server;
    };
    const visit = async (server, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1100, height: 700 }, ...options });
      open.push(() => context.close());
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      page.on("pageerror", (error) => errors.push(error));
      await page.goto(server.url);
      return page;
    };
    /** A page that has entered the chat as `name`. */
    const enter = async (server, name, options) => {
      const page = await visit(server, options);
      await login(page, name);
      await page.getByRole("heading", { name: "# lobby" }).waitFor();
      return page;
    };
    await body({ start, visit, enter });
    assert.deepEqual(errors, [], "a page threw");
  });
}

async function startServer(port) {
  const child = spawn(SERVER, { env: { ...process.env, PORT: String(port) }, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  // A program that is not there is reported below.
  exited.catch(() => {});
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /http:\/\/\S+?:(\d+)/.exec(line);
      if (found) resolve(found[0]);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${SERVER} ended with ${code} before it listened`)));
  });
  const end = (signal) => async () => {
    child.kill(signal);
    return await exited;
  };
  return { url, port: Number(new URL(url).port), stop: end("SIGTERM"), kill: end("SIGKILL") };
}

export async function login(page, name) {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Enter the chat" }).click();
}

export const composer = (page) => page.getByRole("textbox", { name: /^Message #/ });

export async function say(page, text) {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** The row of a message, in one of the states in which it can be. */
export const row = (page, text, delivery = "sent") => page.locator(`li[data-delivery="${delivery}"]`, { hasText: text });
