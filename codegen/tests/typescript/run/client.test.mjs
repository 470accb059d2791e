// The client with methods against a server in Rust.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { load, serve, soon, uncaught } from "./harness.mjs";

const { CallError, connectLive, connectRoom, liveClient, roomClient } = await load("fixtures/client/live.ts");
const options = { forceNew: true, transports: ["websocket"], reconnectionDelay: 10, reconnectionDelayMax: 20 };

function scene(name, body) {
  test(name, { timeout: 20_000 }, async (t) => {
    const url = await serve(t);
    const connect = () => {
      const socket = connectLive(url, { token: "secret" }, options);
      t.after(() => socket.disconnect());
      return liveClient(socket);
    };
    await body(connect(), { t, url, connect });
  });
}

/** The connection is lost, and found again. */
async function reconnected({ socket }) {
  const back = new Promise((resolve) => socket.once("connect", resolve));
  socket.io.engine.close();
  await back;
}

const failure = (promise) => promise.then(() => assert.fail("it has a value"), (error) => error);

scene("calls have values", async (live, { t, url }) => {
  assert.equal(await live.divide(7, 2), 3);
  assert.equal(await live.say("a b c", null), 3);
  assert.equal(await live.say("a b"), 2);
  assert.equal(live.note("one"), undefined);
  live.note("two", 2);
  live.then_();
  assert.deepEqual(await live.notes(), ["one None", "two Some(2)"]);
  const picture = { name: "a", data: new Uint8Array([1, 2, 3]), thumbs: [{ data: null }, { data: Buffer.from("ab") }] };
  const turned = await live.pictureTurn(picture);
  assert.deepEqual(turned, { name: "a", data: Buffer.from([3, 2, 1]), thumbs: [{ data: null }, { data: Buffer.from("ba") }] });
  const socket = connectRoom(url, { id: 7, part: "left" }, options);
  t.after(() => socket.disconnect());
  assert.equal(await roomClient(socket).which(), "7/left");
});

scene("only the contract's arguments are sent", async (live) => {
  const sent = [];
  live.socket.onAnyOutgoing((...args) => sent.push(args));
  await once(live.socket, "connect");
  // As in `button.onclick = live.then_`.
  live.then_({ type: "click" });
  await live.divide(1, 1, "more");
  assert.deepEqual(sent.map(([name, ...args]) => [name, args.filter((arg) => typeof arg !== "function")]), [["then", []], ["divide", [1, 1]]]);
});

scene("errors tell what happened", async (live) => {
  const app = await failure(live.divide(7, 0));
  assert.ok(app instanceof CallError && app instanceof Error);
  assert.deepEqual([app.name, app.kind, app.event, app.error, app.fault], ["CallError", "app", "divide", { code: "by_zero", dividend: 7 }, undefined]);
  assert.equal(String(app), 'CallError: divide: {"code":"by_zero","dividend":7}');
  const fault = await failure(live.crash());
  assert.deepEqual([fault.kind, fault.fault.code, fault.error], ["fault", "internal", undefined]);
  const late = await failure(live.timeout(20).silence());
  assert.deepEqual([late.kind, late.fault.code], ["timeout", "timeout"]);
  const lost = failure(live.silence());
  await live.notes();
  await reconnected(live);
  assert.equal((await lost).kind, "disconnected");
  // What is asked meanwhile waits.
  live.socket.io.engine.close();
  assert.equal(await live.divide(4, 2), 2);
  // What cannot be sent is no answer.
  assert.ok((await failure(live.say(1n))) instanceof TypeError);
  const bad = await failure(live.divide("7", 2));
  assert.deepEqual([bad.kind, bad.fault.code], ["fault", "bad_args"]);
});

scene("errors lead to who has called", async (live) => {
  async function whoHasCalled() {
    await live.divide(7, 0);
  }
  assert.match((await failure(whoHasCalled())).stack, /whoHasCalled/);
});

scene("outcomes are values", async (live) => {
  assert.deepEqual(await live.try.divide(7, 2), { ok: true, value: 3 });
  assert.deepEqual(await live.try.notes(), { ok: true, value: [] });
  assert.deepEqual((await live.try.divide(7, 0)).error, { code: "by_zero", dividend: 7 });
  assert.equal((await live.try.crash()).fault.code, "internal");
  const late = await live.timeout(20).try.silence();
  assert.deepEqual(late, { ok: false, lost: true, fault: { code: "timeout", message: "operation has timed out" } });
});

scene("handlers hear, answer and are removed", async (live) => {
  const heard = [];
  const hear = (text) => void heard.push(text);
  const [off, offToo] = [live.on.said(hear), live.on.said(hear)];
  await live.say("one");
  off();
  off();
  await live.say("two");
  offToo();
  await live.say("three");
  assert.deepEqual(heard, ["one", "one", "two"]);

  live.on.confirm(async (prompt) => prompt === "yes");
  live.on.flip((data) => new Uint8Array(data.toReversed?.() ?? [...data].reverse()));
  assert.deepEqual(await live.ask("yes", Buffer.from("abc")), Buffer.from("cba"));
  assert.equal(await live.ask("no", Buffer.from("abc")), null);

  const stop = live.on.divide((a, b) => (b ? { ok: true, value: a / b } : { ok: false, error: { code: "by_zero", dividend: a } }));
  assert.equal(await live.delegate(9, 3), "3");
  assert.equal(await live.delegate(9, 0), "9 by zero");
  stop();
  live.on.divide(() => {
    throw new Error("a secret");
  });
  const told = uncaught();
  assert.equal(await live.delegate(9, 3), "fault: the handler failed");
  assert.equal((await told).message, "a secret");
});

scene("an answer stays on its connection", async (live) => {
  let answer;
  const asked = new Promise((resolve) => live.on.confirm(() => new Promise((done) => resolve((answer = done)))));
  const lost = failure(live.ask("yes", Buffer.from("")));
  await asked;
  await reconnected(live);
  assert.equal((await lost).kind, "disconnected");
  const packets = [];
  const { packet } = live.socket;
  live.socket.packet = (sent) => packets.push(sent) && packet.call(live.socket, sent);
  answer(true);
  await live.notes();
  assert.deepEqual(packets.map(({ type, data }) => [type, data[0]]), [[2, "notes"]]);
});

scene("streams are read", async (live) => {
  const items = [];
  for await (const item of live.count(4)) items.push(item);
  assert.deepEqual(items, [1, 2, 3, 4]);
  const failed = await failure(live.count(3).forEach((item) => items.push(item)));
  assert.deepEqual([failed.kind, failed.error], ["app", { code: "by_zero", dividend: 3 }]);
  assert.deepEqual(items, [1, 2, 3, 4, 1, 2, 3]);
  assert.equal(await live.count(0).forEach(assert.fail), undefined);
  const bad = await failure(live.count("three").next());
  assert.deepEqual([bad.kind, bad.fault.code], ["fault", "bad_args"]);
  assert.equal(live.socket.listeners("count:next").length, 0);
  assert.equal(live.socket.listeners("connect").length, 0);
});

scene("many at once keep their items apart", async (live) => {
  const all = await Promise.all(Array.from({ length: 20 }, async (_, n) => {
    let last = 0;
    await live.count(40 * n).forEach((item) => (assert.equal(item, last + 1), (last = item)));
    return last;
  }));
  assert.deepEqual(all, Array.from({ length: 20 }, (_, n) => 40 * n));
});

scene("a window goes on as it is read, and leaving stops", async (live) => {
  let last = 0;
  for await (const item of live.tick()) {
    assert.equal(item, ++last);
    if (item === 200) break;
  }
  await soon(() => live.openStreams(), 0);
  assert.equal(live.socket.listeners("tick:next").length, 0);
});

scene("who reads slowly holds a window up", async (live) => {
  const ticks = live.tick();
  assert.deepEqual(await ticks.next(), { done: false, value: 1 });
  const come = [];
  live.socket.on("tick:next", (_, item) => come.push(item));
  // Behind all that may be sent.
  await live.notes();
  assert.ok(come.at(-1) === undefined || come.at(-1) <= 8, String(come));
  for (let n = 2; n <= 20; n++) assert.equal((await ticks.next()).value, n);
  await ticks.return();
});

scene("a stream can be stopped from elsewhere", async (live) => {
  const [ticks, unread] = [live.tick(), live.tick()];
  await unread.return();
  assert.deepEqual(await unread.next(), { done: true, value: undefined });
  await ticks.next();
  const reading = ticks.forEach(() => {});
  await live.notes();
  await ticks.return();
  await reading;
  await soon(() => live.openStreams(), 0);
  // Before the server has answered.
  const early = live.tick();
  const first = early.next();
  await early.return();
  assert.deepEqual(await first, { done: true, value: undefined });
  await soon(() => live.openStreams(), 0);
});

scene("a stream begins anew with a new connection, and ends with the socket", async (live) => {
  const ticks = live.tick();
  for (let n = 1; n <= 20; n++) assert.equal((await ticks.next()).value, n);
  await reconnected(live);
  // What had come is still there.
  let next;
  do next = (await ticks.next()).value;
  while (next > 20 && next <= 28);
  assert.equal(next, 1);
  await soon(() => live.openStreams(), 1);
  live.socket.disconnect();
  const ended = await failure(ticks.forEach(() => {}));
  assert.deepEqual([ended.kind, ended.event], ["disconnected", "tick"]);
  assert.deepEqual(await ticks.next(), { done: true, value: undefined });
});

scene("a stream that has ended stays so", async (live) => {
  const [ended, lagged] = [live.count(6), live.count(5000)];
  assert.deepEqual([(await ended.next()).value, (await lagged.next()).value], [1, 1]);
  // Behind all that may be sent.
  await live.notes();
  const sent = [];
  live.socket.onAnyOutgoing((name) => sent.push(name));
  await reconnected(live);
  const items = [];
  await ended.forEach((item) => items.push(item));
  assert.deepEqual(items, [2, 3, 4, 5, 6]);
  assert.equal((await failure(lagged.forEach(() => {}))).kind, "lagged");
  assert.deepEqual(sent, []);
});

scene("a stream waits for a connection", async (live) => {
  live.socket.disconnect();
  const ticks = live.tick();
  const first = ticks.next();
  live.socket.connect();
  assert.equal((await first).value, 1);
  await ticks.return();
});

scene("too many items that nobody reads are told", async (live) => {
  const items = live.count(5000);
  await items.next();
  await live.notes();
  let last = 1;
  const lagged = await failure(items.forEach((item) => (last = item)));
  assert.deepEqual([lagged.kind, last > 1000 && last < 1100], ["lagged", true]);
});

scene("the client's own streams", async (live) => {
  let ended = 0;
  const stop = live.on.readings(async function* (n) {
    try {
      for (let value = 1; value <= n; value++) yield { ok: true, value };
      if (n % 2) yield { ok: false, error: { code: "by_zero", dividend: n } };
    } finally {
      ended++;
    }
  });
  assert.equal(await live.sum(4), "10");
  assert.equal(await live.sum(3), "6, 3 by zero");
  assert.equal(await live.sum(2 ** 31), "1035 is enough");
  await soon(async () => (await live.notes(), ended), 3);
  stop();
  live.on.readings(async function* () {
    yield { ok: true, value: 1 };
    throw new Error("a secret");
  });
  const told = uncaught();
  assert.match(await live.sum(4), /^1, .*the stream failed/);
  assert.equal((await told).message, "a secret");
});

scene("the client's own streams end with their connection", async (live) => {
  const ended = new Promise((resolve) => {
    live.on.readings(async function* () {
      try {
        for (;;) yield await new Promise((value) => setImmediate(value, { ok: true, value: 0 }));
      } finally {
        resolve();
      }
    });
  });
  const lost = failure(live.sum(1));
  await live.notes();
  await reconnected(live);
  assert.equal((await lost).kind, "disconnected");
  await ended;
});
