// What is written in three languages says the same in each; what a page loads of it is small.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { build } from "esbuild";
import ts from "typescript-5.9";
import { script } from "./harness.mjs";

const fixtures = new URL("../../fixtures/", import.meta.url);
const compilerOptions = { target: "es2022", module: "esnext", strict: true, verbatimModuleSyntax: true, isolatedDeclarations: true };
const printer = ts.createPrinter({ removeComments: true });

/** Of declarations, what is nobody's to import. */
const PRIVATE = /^(export )?(declare (function|class|const|let) _|interface _Caller)/;

/** A file's text, whatever its layout. */
function normal(text, name) {
  const file = ts.createSourceFile(name, text.replaceAll(/from "(\.\/\w+)\.[jt]s"/g, 'from "$1"'), ts.ScriptTarget.ES2022);
  const shown = file.statements.filter((node) => !name.endsWith(".d.ts") || !(ts.isImportDeclaration(node) || PRIVATE.test(node.getText(file))));
  return shown.map((node) => printer.printNode(ts.EmitHint.Unspecified, node, file)).join("\n").replaceAll(/\s+/g, " ");
}

const read = (path) => readFile(new URL(path, fixtures), "utf8");
const files = async (folder) => (await readdir(new URL(folder, fixtures))).map((name) => `${folder}/${name}`);

async function compare(source, target) {
  const text = await read(source);
  const declarations = target.endsWith(".d.ts");
  const made = declarations ? ts.transpileDeclaration(text, { compilerOptions }) : ts.transpileModule(text, { compilerOptions });
  assert.deepEqual(made.diagnostics, []);
  // What makes a module of a file that has only types.
  const bare = (text) => normal(text, target).replace(/ ?export \{ ?\};/, "");
  const [found, wanted] = [bare(await read(target)), bare(made.outputText)];
  const at = [...wanted].findIndex((c, i) => c !== found[i]);
  assert.ok(found === wanted, `${target}: …${found.slice(at - 40, at + 80)} instead of …${wanted.slice(at - 40, at + 80)}`);
}

test("JavaScript and declarations are what the compiler makes of the TypeScript", async () => {
  await compare("everything.ts", "javascript/everything.js");
  await compare("everything.ts", "javascript/everything.d.ts");
  for (const target of await files("javascript/many")) await compare(`folder/${target.split("/").at(-1).replace(/\.(d\.ts|js)$/, ".ts")}`, target);
});

test("JavaScript runs as it is", async () => {
  const [one, many] = [await script("fixtures/javascript", "everything.js"), await script("fixtures/javascript/many", "index.js")];
  for (const { connectLive, liveClient, paths } of [one, many]) {
    const live = liveClient(connectLive("http://localhost", { token: "t" }, { autoConnect: false }));
    assert.equal(live.socket.nsp, paths.live);
    assert.equal(typeof live.on.said(() => {}), "function");
  }
  assert.deepEqual(Object.keys(many).sort(), Object.keys(one).sort());
});

/** The code that a page loads which has `contents`, without `socket.io-client`. */
async function page(contents) {
  const stdin = { contents, resolveDir: fixtures.pathname, loader: "ts" };
  const options = { bundle: true, minify: true, format: "esm", target: "es2022", external: ["socket.io-client"], write: false };
  return (await build({ stdin, ...options })).outputFiles[0].text;
}

const runtime = new URL("../../../src/typescript/runtime/", import.meta.url).pathname;
/** The size of what a page loads that uses these functions of the shared code. */
async function minified(...used) {
  const parts = await Promise.all(["client", "listen", "on", "subscribe", "feed"].map((name) => readFile(`${runtime}${name}.ts`, "utf8")));
  const code = parts.join("\n");
  // What is not there would be nothing to load.
  for (const name of used) assert.match(code, new RegExp(`^function ${name}\\(`, "m"));
  return (await page(`${code}\nexport { ${used} };`)).replace(/export\{.*?\};\n?$/, "").length;
}

test("what all clients share is small", async (t) => {
  const budgets = [
    ["calls", 700, ["_client"]],
    ["calls and handlers", 1050, ["_client", "_on"]],
    ["calls and subscriptions", 1500, ["_client", "_subscribe"]],
    ["all that goes from the server to the client", 1710, ["_client", "_on", "_subscribe"]],
    ["all", 2460, ["_client", "_on", "_subscribe", "_feed"]],
  ];
  for (const [what, budget, used] of budgets) {
    const size = await minified(...used);
    t.diagnostic(`${what}: ${size} B`);
    assert.ok(size <= budget, `${what}: ${size} B`);
  }
});

test("a page has only what it uses", async () => {
  const socketOnly = await page('import { connectLive } from "./folder/index.ts"; connectLive("", { token: "t" });');
  assert.ok(!/CallError|priceTicks|asyncIterator|said/.test(socketOnly), socketOnly);
  const oneFile = await page('import { connectLive } from "./everything.ts"; connectLive("", { token: "t" });');
  assert.ok(!/CallError|priceTicks|asyncIterator|said/.test(oneFile), oneFile);
  const chat = await page('import { chatClient } from "./client/chat.ts"; window.chat = chatClient;');
  assert.ok(!/subscribe|:next|:stop/.test(chat), chat);
  const room = await page('import { roomClient } from "./folder/index.ts"; window.room = roomClient;');
  assert.ok(!/:next|said/.test(room), room);
  const nothing = await page('import "./folder/index.ts";');
  assert.equal(nothing.replaceAll(/import\{.*?;/g, "").trim(), "");
});
