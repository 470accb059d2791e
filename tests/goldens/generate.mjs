// Writes goldens.json: what the reference's parsers make of packets, and packets of bytes.
// Deterministic: no time, no randomness. Binary is {"$hex": "…"}; one case per line.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { decodePacket, decodePayload, encodePacket, encodePayload } from "engine.io-parser";
import { Decoder, Encoder, PacketType } from "socket.io-parser";

const require = createRequire(import.meta.url);
const hex = (buffer) => ({ $hex: Buffer.from(buffer).toString("hex") });
const bin = (...bytes) => Buffer.from(bytes);
const portable = (value) => (Buffer.isBuffer(value) ? hex(value) : value);

// Engine.IO ---------------------------------------------------------------------------------------------------------

const handshake = '{"sid":"2KbF","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';
const message = (data) => ({ type: "message", data });
const enginePackets = [
  { type: "open", data: handshake },
  { type: "close" },
  { type: "ping" },
  { type: "ping", data: "probe" },
  { type: "pong" },
  { type: "pong", data: "probe" },
  { type: "upgrade" },
  { type: "noop" },
  message("hello"),
  message("h€llo 𝄞"),
  message('2["a\\u001eb"]'),
  message(bin()),
  message(bin(0)),
  message(bin(1, 2)),
  message(bin(1, 2, 3)),
  message(bin(1, 2, 3, 4)),
  message(bin(0xfb, 0xff, 0xfe)),
];
const payloads = [
  [message("a")],
  [message("a"), message("b")],
  [{ type: "noop" }, { type: "close" }],
  [message("4€"), message(bin(1, 2, 3, 4)), { type: "ping" }],
  [message(bin()), message(bin(255))],
  Array.from({ length: 16 }, (_, n) => message(`2["n",${n}]`)),
];
const bodies = [
  "", "4", "4a", "4a\x1e4b", "\x1e", "4a\x1e", "\x1e4a", "1", "2", "2probe", "3", "3probe", "5", "6", "0{}", "7", "8", "a",
  "-", " ", "\n", "é", "€2345", "𝄞", "4é", "b", "bAQIDBA==", "bAQIDBA", "4a\x1e9\x1e4b", "4a\x1ebAQ==\x1e2", "b\x1eb",
  "4\x1e4", "4a\x1e\x1e4b",
];
const enginePacket = ({ type, data }) => (data === undefined ? { type } : { type, data: portable(data) });
const wire = (packet, supportsBinary) => {
  let out;
  encodePacket(packet, supportsBinary, (encoded) => (out = portable(encoded)));
  return out;
};
const payload = (packets) => {
  let out;
  encodePayload(packets, (encoded) => (out = encoded));
  return out;
};

// Socket.IO ---------------------------------------------------------------------------------------------------------

const T = PacketType;
const nested = () => ["bin", { a: bin(1), b: [bin(2, 3), { c: bin() }] }, bin(4), "end"];
const socketPackets = [
  { type: T.CONNECT, nsp: "/" },
  { type: T.CONNECT, nsp: "/", data: { sid: "oSO0OpakMV_3jnilAAAA" } },
  { type: T.CONNECT, nsp: "/admin", data: { token: "é" } },
  { type: T.CONNECT, nsp: "/custom?x=1", data: {} },
  { type: T.DISCONNECT, nsp: "/" },
  { type: T.DISCONNECT, nsp: "/admin" },
  { type: T.CONNECT_ERROR, nsp: "/", data: { message: "plain" } },
  { type: T.CONNECT_ERROR, nsp: "/random", data: { message: "Invalid namespace" } },
  { type: T.CONNECT_ERROR, nsp: "/deny2", data: { message: "with data", data: { code: 7, x: "y" } } },
  { type: T.EVENT, nsp: "/", data: ["a"] },
  { type: T.EVENT, nsp: "/", data: ["a", 1, -1.5, true, null, "x", [], {}] },
  { type: T.EVENT, nsp: "/", id: 0, data: ["a"] },
  { type: T.EVENT, nsp: "/", id: 123, data: ["a", 1] },
  { type: T.EVENT, nsp: "/admin", id: 456, data: ["project:delete", 123] },
  { type: T.EVENT, nsp: "/a?b=c", data: ["x"] },
  { type: T.EVENT, nsp: "/é", data: ["€", "𝄞", "\u2028", "quo\"te\\", "\u0000\u001e"] },
  { type: T.EVENT, nsp: "/", data: [5, "numeric name"] },
  { type: T.EVENT, nsp: "/", data: ["undef", undefined, NaN, -0, Infinity, 1e21, new Date(0)] },
  { type: T.EVENT, nsp: "/", data: ["connected"] },
  { type: T.EVENT, nsp: "/", id: Number.MAX_SAFE_INTEGER, data: ["big"] },
  { type: T.ACK, nsp: "/", id: 0, data: [] },
  { type: T.ACK, nsp: "/admin", id: 456, data: [null, { ok: true }] },
  { type: T.EVENT, nsp: "/", data: ["bin", bin(1, 2, 3)] },
  { type: T.EVENT, nsp: "/cool", id: 23, data: nested() },
  { type: T.EVENT, nsp: "/", data: ["ten", ...Array.from({ length: 10 }, (_, n) => bin(n))] },
  { type: T.EVENT, nsp: "/", data: ["array buffer", new Uint8Array([1, 2]).buffer, new Uint8Array([3])] },
  { type: T.ACK, nsp: "/", id: 789, data: [bin(1), bin(2)] },
  { type: T.ACK, nsp: "/n", id: 1, data: [{ deep: { er: bin(9) } }] },
];
const socketTexts = [
  "", " ", "0", "0{}", '0{"sid":"x"}', "0/custom", "0/custom,", "0/custom,{}", "0/custom?x=1,{}", "0/,", "0[1]", "0null",
  '0"x"', "0{", "0{}x", "1", "1/custom", "1/admin,", '1{"a":1}', "1[]", "2", "2[]", "2{}", "2[true]", "2[null]", "2[{}]",
  "2[", '2["a"]', '2["a"', '2["a"]x', '2["a"],', '2 ["a"]', '20["a"]', '2007["a",1]', '2/admin,12["a"]',
  '2/é,["a"]', '2/a,b,["a"]', "2[1]", "2[-1]", '2[ "a" ] ', '2["connect"]', '2["connect_error"]', '2["disconnect"]',
  '2["disconnecting"]', '2["newListener"]', '2["removeListener"]', '2["connected"]', '2["con\\u006eect"]', '2-1["a"]',
  '2["\\ud800"]', '2["a\nb"]', "3", "3[]", "31[null]", "31{}", '31"a"', "3/admin,1[]", '4{"message":"m"}', '4"m"', "4", "4[1]",
  "4null", '5["a"]', "5", '5-["a"]', '50-["a"]', '51["a"]', '51-["a"]', '501-["a"]', '510-["a"]', '511-["a"]', '5-1-["a"]',
  '51.5-["a"]', '5x-["a"]', "51-", '51-/n,3["a",{"_placeholder":true,"num":0}]', "62-789[]", "61-[]", "6", "7", '8["a"]',
  '9["a"]', "a", "é", "€", "-1", '2/é€𝄞,["a"]', '51-["a",{"_placeholder":true,"num":0}]',
  '22345678901["a"]', '218446744073709551616["a"]', '299999999999999999999999["a"]',
];
const encoded = (packet) => {
  // The encoder writes into what it is given.
  const frames = new Encoder().encode(packet);
  const json = new Decoder().decodeString(frames[0]).data;
  const { type, nsp, id } = packet;
  return { type, nsp, id, frames: frames.map((f) => (typeof f === "string" ? f : hex(f))), json: JSON.stringify(json) };
};
const decoded = (text) => {
  try {
    const { type, nsp, id, attachments, data } = new Decoder().decodeString(text);
    return { text, packet: { type, nsp, id, attachments, json: JSON.stringify(data) } };
  } catch (error) {
    return { text, error: error.message };
  }
};

// Sequences of frames, which a decoder takes one after the other: what comes out, or the text of the error.
const sequences = [
  ['2["a"]'],
  ['51-["a",{"_placeholder":true,"num":0}]', bin(1, 2)],
  ['52-["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]', bin(1), bin(2)],
  ['52-["same",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]', bin(1), bin(2)],
  ['51-["never referenced"]', bin(1)],
  ['51-["a",{"_placeholder":true,"num":0}]', '2["b"]'],
  ['51-["a",{"_placeholder":true,"num":0}]', bin(1), bin(2)],
  [bin(1)],
  ['51-["a",{"_placeholder":true,"num":1}]', bin(1)],
  ['51-["a",{"_placeholder":true,"num":-1}]', bin(1)],
  ['51-["a",{"_placeholder":true,"num":"0"}]', bin(1)],
  ['51-["a",{"_placeholder":true}]', bin(1)],
  ['61-7[{"_placeholder":true,"num":0}]', bin(1)],
];
const bytes = (value) =>
  Buffer.isBuffer(value) ? hex(value)
  : Array.isArray(value) ? value.map(bytes)
  : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, bytes(v)]))
  : value;
const sequence = (frames) => {
  const out = [];
  const decoder = new Decoder();
  decoder.on("decoded", ({ type, nsp, id, data }) => out.push({ type, nsp, id, data: bytes(data) }));
  let error;
  try {
    frames.forEach((frame) => decoder.add(frame));
  } catch (e) {
    error = e.message;
  }
  return { frames: frames.map(portable), out, error };
};

const goldens = {
  enginePackets: enginePackets.map((p) => ({ ...enginePacket(p), ws: wire(p, true), polling: wire(p, false) })),
  payloads: payloads.map((p) => ({ packets: p.map(enginePacket), body: payload(p) })),
  wsTexts: bodies.filter((text) => !text.includes("\x1e")).map((text) => ({ text, ...enginePacket(decodePacket(text)) })),
  bodies: bodies.map((body) => ({ body, packets: decodePayload(body).map(enginePacket) })),
  socketPackets: socketPackets.map(encoded),
  socketTexts: socketTexts.map(decoded),
  sequences: sequences.map(sequence),
};
const version = (name) => JSON.parse(readFileSync(require.resolve(name).replace(/build\/.*$/, "package.json"))).version;
const lines = [`"versions": ${JSON.stringify({ engineParser: version("engine.io-parser"), socketParser: version("socket.io-parser") })}`];
for (const [name, cases] of Object.entries(goldens)) {
  lines.push(`"${name}": [\n  ${cases.map((c) => JSON.stringify(c)).join(",\n  ")}\n]`);
}
writeFileSync(new URL("goldens.json", import.meta.url), `{\n${lines.join(",\n")}\n}\n`);
