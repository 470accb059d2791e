/** Generated code as it is run, and the Rust side to run it against. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.9";

const here = fileURLToPath(new URL("..", import.meta.url));
const PEER = process.env.TYPESCRIPT_PEER ?? fileURLToPath(new URL("../../../../target/debug/examples/typescript-peer", import.meta.url));
const compilerOptions = { target: "es2022", module: "esnext", verbatimModuleSyntax: true, jsx: ts.JsxEmit.ReactJSX };

let folder;
after(() => folder && rm(folder, { recursive: true }));

/** Inside this package, where its dependencies are found. */
async function place(path) {
  folder ??= await mkdtemp(`${here}node_modules/.run-`);
  const file = `${folder}/${path}`;
  await mkdir(dirname(file), { recursive: true });
  return file;
}

/** The module of a TypeScript file, by its path from `codegen/tests`; `beside` are those that it imports. */
export async function load(path, ...beside) {
  for (const other of beside) await compile(other);
  return import(await compile(path));
}

async function compile(path) {
  const source = await readFile(`${here}../${path}`, "utf8");
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const file = await place(path.replace(/\.tsx?$/, ".mjs"));
  await writeFile(file, outputText.replace(/(from "\.[^"]*)\.tsx?"/g, '$1.mjs"'));
  return file;
}

/** The module of JavaScript that is there already. */
export async function script(directory, name) {
  await cp(`${here}../${directory}`, dirname(await place(`${directory}/${name}`)), { recursive: true });
  return import(`${folder}/${directory}/${name}`);
}

/** A Rust server, gone with the test. */
export async function serve(t) {
  const peer = spawn(PEER, ["serve"], { stdio: ["ignore", "pipe", "ignore"] });
  const gone = once(peer, "exit");
  t.after(async () => {
    peer.kill();
    await gone;
  });
  const [url] = await Promise.race([once(createInterface({ input: peer.stdout }), "line"), gone.then(() => Promise.reject(new Error("no server")))]);
  return url;
}

/** The Rust client's checks. */
export async function check(url) {
  const peer = spawn(PEER, ["check", url], { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(peer, "exit");
  return code;
}

/** Asks, a round trip a time, until the answer is what is wanted. */
export async function soon(ask, wanted) {
  let answer;
  for (let n = 0; n < 2000; n++) {
    answer = await ask();
    if (answer === wanted) return;
  }
  throw new Error(`it is ${answer}, not ${wanted}`);
}

/** The next error that nobody has caught, which is how a handler's error is told. */
export function uncaught() {
  // The runner's own listener fails the test.
  const others = process.rawListeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  return new Promise((resolve) => process.once("unhandledRejection", resolve)).finally(() => others.forEach((other) => process.on("unhandledRejection", other)));
}
