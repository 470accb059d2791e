// `socket.io-client`, doing what ../src/steps.rs does, line by line: `node client.mjs TRANSPORT URL`.

import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [transport, url] = process.argv.slice(2);
const clients = [];
const numbers = { seen: 0, wrong: 0, expected: 0, all: () => {} };

function connect() {
  return new Promise((resolve, reject) => {
    const socket = io(url, { transports: [transport], upgrade: false, forceNew: true });
    socket.on("number", (n) => {
      if (numbers.seen++ !== n) numbers.wrong++;
      if (numbers.seen === numbers.expected) numbers.all();
    });
    socket.once("connect", () => resolve(socket));
    socket.once("connect_error", reject);
  });
}

const ask = (socket, event, value) => new Promise((resolve) => socket.emit(event, value, resolve));

/// One call after the other, each with a text of its own, so that an answer to another call is seen.
async function call(socket, caller, size, until) {
  let [calls, wrong] = [0, 0];
  while (performance.now() < until) {
    const text = `${String(caller).padStart(4, "0")} ${String(calls).padStart(8, "0")} `.padEnd(size, "x");
    if ((await ask(socket, "echo", text)) !== text) wrong++;
    calls++;
  }
  return [calls, wrong, 0];
}

const steps = {
  async connect(count) {
    while (clients.length < count) {
      const some = Math.min(50, count - clients.length);
      clients.push(...(await Promise.all(Array.from({ length: some }, connect))));
    }
    return [count];
  },
  async acks(count, inFlight, size, ms) {
    const until = performance.now() + ms;
    const callers = clients.slice(0, count).flatMap((socket, n) =>
      Array.from({ length: inFlight }, (_, caller) => call(socket, n * inFlight + caller, size, until)));
    return (await Promise.all(callers)).reduce((sum, row) => sum.map((value, n) => value + row[n]));
  },
  async blobs(size, ms) {
    const until = performance.now() + ms;
    const data = Buffer.alloc(size, 0xa5);
    let [calls, wrong] = [0, 0];
    while (performance.now() < until) {
      if ((await ask(clients[0], "blob", data)).length !== size) wrong++;
      calls++;
    }
    return [calls, wrong, 0];
  },
  async events(count) {
    Object.assign(numbers, { seen: 0, wrong: 0, expected: count });
    const all = new Promise((resolve) => (numbers.all = resolve));
    clients[0].emit("count", count);
    await all;
    return [numbers.seen, numbers.wrong];
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...args] = line.split(" ");
  console.log(["done", ...(await steps[name](...args.map(Number)))].join(" "));
}
process.exit(0);
