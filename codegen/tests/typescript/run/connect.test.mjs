// What the generated functions give the stock client. Nothing is sent: the sockets are told not to connect.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import ts from "typescript-5.9";

const modules = {};
let folder;

before(async () => {
  // Inside this package, where `socket.io-client` is found.
  folder = await mkdtemp(new URL("../node_modules/.fixtures-", import.meta.url).pathname);
  for (const name of ["chat", "shapes", "browser"]) {
    const source = await readFile(new URL(`../../fixtures/${name}.ts`, import.meta.url), "utf8");
    const { outputText } = ts.transpileModule(source, { compilerOptions: { target: "es2022", module: "esnext", verbatimModuleSyntax: true } });
    await writeFile(`${folder}/${name}.mjs`, outputText);
    modules[name] = await import(`${folder}/${name}.mjs`);
  }
});

after(() => rm(folder, { recursive: true }));

const off = { autoConnect: false, forceNew: true };

test("the namespace comes from the contract, the server from the url", () => {
  for (const url of ["https://example.com:8443", "https://example.com:8443/", "https://example.com:8443//"]) {
    const socket = modules.chat.connectChat(url, { token: "t" }, off);
    assert.equal(socket.nsp, "/chat");
    assert.equal(socket.io.uri, "https://example.com:8443/chat");
    assert.equal(socket.io.opts.path, "/socket.io");
    assert.deepEqual(socket.auth, { token: "t" });
  }
});

test("options are kept, and `path` is the server's", () => {
  const auth = (send) => send({ token: "fresh" });
  const socket = modules.chat.connectChat("http://localhost", auth, { ...off, path: "/ws/", query: { v: "1" } });
  assert.equal(socket.nsp, "/chat");
  assert.equal(socket.io.opts.path, "/ws/");
  assert.deepEqual(socket.io.opts.query, { v: "1" });
  assert.equal(socket.auth, auth);
});

test("parameters go into the path as they are", () => {
  const socket = modules.chat.connectOrg("http://localhost", { id: 7, team: "größe a" }, { token: "t" }, off);
  assert.equal(socket.nsp, "/org-7/größe a");
  assert.equal(modules.chat.paths.chat, "/chat");
  assert.equal(modules.chat.paths.org({ id: 7, team: "red" }), "/org-7/red");
  assert.equal(modules.shapes.paths.api({ x: "y" }), "/api`$y\\");
});

test("parameters that would end the path are refused", () => {
  for (const team of ["a,b", "a?b", "a#b"]) {
    const connect = () => modules.chat.connectOrg("http://localhost", { id: 7, team }, { token: "t" }, off);
    assert.throws(connect, { message: `"/org-7/${team}" cannot be the path of a namespace` });
  }
});

test("a namespace without auth sends none", () => {
  const socket = modules.browser.connectRoot("http://localhost", off);
  assert.equal(socket.nsp, "/");
  assert.equal(socket.auth, undefined);
  assert.equal(modules.browser.connectRoot("http://localhost", off).io === socket.io, false);
});
