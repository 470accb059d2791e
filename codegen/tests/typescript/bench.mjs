// How long 2 000 events take to check, as a ratio to the stock typings: `node bench.mjs [rounds]`. The budget is 1.1 for the socket.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const EVENTS = Number(process.env.EVENTS ?? 2000);
const here = fileURLToPath(new URL(".", import.meta.url));
const names = Array.from({ length: EVENTS }, (_, i) => `event${i}`);
const each = (line) => names.map(line).join("\n");

// Everything but the events is what the generator writes.
const fixture = readFileSync(`${here}../fixtures/client/chat.ts`, "utf8");
const from = (start, end) => fixture.slice(fixture.indexOf(start), end && fixture.indexOf(end));
const header = fixture.slice(0, fixture.search(/\/\*\* What (a client|the server) sends/));
const support = from("/** The answer of an event that may fail", "/** A call on its way");
const payloads = each((name, i) => `export type P${i} = { id: number; text: string; kind: "a" | "b"; more: ${i ? `P${i - 1}` : "string"} | null };`);
const up = `export interface Up {\n${each((name, i) => `  ${name}: (room: string, p: P${i}, ack: (res: Ack<P${i}, { code: "e${i}" }>) => void) => void;`)}\n}\n`;
const down = `export interface Down {\n${each((name, i) => `  ${name}: (room: string, p: P${i}) => void;`)}\n}\n`;
const contract = header + payloads + "\n" + up + down + support;
const calls = `export interface UpCalls {\n${each((name, i) => `  ${name}(room: string, p: P${i}): Call<P${i}, { code: "e${i}" }>;`)}\n}
function _UpCalls($: _Caller): UpCalls {\n  return {\n${each((name) => `    ${name}: (room, p) => $.call("${name}", [room, p]),`)}\n  };\n}
export interface DownHandlers {\n${each((name, i) => `  ${name}(handler: (room: string, p: P${i}) => void | PromiseLike<void>): () => void;`)}\n}
function _DownHandlers(socket: any): DownHandlers {\n  return {\n${each((name) => `    ${name}: (handler) => _on(socket, "${name}", 0, handler),`)}\n  };\n}
export interface Api extends UpCalls, _Api<TypedSocket<Down, Up>, UpCalls, DownHandlers> {}
export function client(socket: TypedSocket<Down, Up>): Api {\n  return _client(socket, _UpCalls, _DownHandlers(socket));\n}\n`;
const uses = (socket) => `import type { Socket } from "socket.io-client";
import type { Ack, Up, Down${socket.startsWith("Typed") ? ", TypedSocket" : ""}, ${names.map((_, i) => `P${i}`).join(", ")} } from "./contract";
declare const s: ${socket};
${each((name, i) => `s.on("${name}", (room, p) => void [room.length, p.id]);
export const r${i}: Promise<Ack<P${i}, { code: "e${i}" }>> = s.emitWithAck("${name}", "room", null! as P${i});`)}\n`;
const methods = `import type { Api, ${names.map((_, i) => `P${i}`).join(", ")} } from "./contract";
declare const s: Api;
${each((name, i) => `s.on.${name}((room, p) => void [room.length, p.id]);
export const r${i}: Promise<P${i}> = s.${name}("room", null! as P${i});`)}\n`;

const variants = {
  stock: [contract, uses("Socket<Down & {}, Up & {}>")],
  "typed socket": [contract, uses("TypedSocket<Down, Up>")],
  methods: [contract + calls + from("/** A call on its way"), methods],
};
export const compilers = { "7.0": "typescript", "5.9": "typescript-5.9" };

/** Its check time in seconds, and how many types the compiler has made of others for it. */
export function measure(variant, compiler) {
  const [contract, use] = variants[variant];
  const folder = mkdtempSync(`${here}node_modules/.bench-`);
  try {
    writeFileSync(`${folder}/contract.ts`, contract);
    writeFileSync(`${folder}/use.ts`, use);
    const compilerOptions = { noUnusedLocals: false, isolatedDeclarations: false, declaration: false, typeRoots: ["../@types"], paths: {} };
    writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ extends: "../../tsconfig.json", compilerOptions, include: [], files: ["use.ts"] }));
    const tsc = spawnSync(process.execPath, [`${here}node_modules/${compilers[compiler]}/bin/tsc`, "-p", folder, "--extendedDiagnostics"], { encoding: "utf8" });
    if (tsc.status !== 0) throw new Error(`${variant}: ${tsc.stdout.slice(0, 2000)}`);
    const figure = (name) => Number(new RegExp(`${name}:\\s+([\\d.]+)`).exec(tsc.stdout)[1]);
    return { time: figure("Check time"), instantiations: figure("Instantiations") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rounds = Number(process.argv[2] ?? 5);
  for (const compiler of (process.env.COMPILERS ?? Object.keys(compilers).join()).split(",")) {
    const times = Object.fromEntries(Object.keys(variants).map((variant) => [variant, []]));
    // Interleaved: whatever else the machine does is the same for all.
    for (let round = 0; round < rounds; round++) for (const variant in variants) times[variant].push(measure(variant, compiler).time);
    for (const variant in variants) {
      const ratio = (of) => (of(times[variant]) / of(times.stock)).toFixed(2);
      console.log(`TypeScript ${compiler}, ${variant}: ${median(times[variant]).toFixed(3)} s, ${ratio(median)} × stock (of the minima ${ratio((list) => Math.min(...list))})`);
    }
  }
}
