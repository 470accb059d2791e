/** The contract, implemented in Node. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { liveNamespace, roomNamespace } from "../../fixtures/server/live.ts";
import type { Ack, DivideError, LiveSocket } from "../../fixtures/server/live.ts";

const PATIENCE = 5000;

type Session = { notes: string[] };

export async function listen(): Promise<{ url: string; close(): Promise<void> }> {
  const http = createServer();
  const io = new Server(http);
  const live = liveNamespace<Session>(io, async (auth, { refuse }) => {
    return auth.token === "secret" ? { notes: [] } : refuse({ code: "bad_token", got: auth.token });
  });
  live.on("connection", (socket) => {
    calls(socket);
    questions(socket);
    streams(socket);
    socket.on("say", (text, to, ack) => {
      live.emit("said", to === null ? text : `${text}, ${to}`);
      ack(text.split(" ").length);
    });
  });
  roomNamespace(io, (_, { params }) => params).on("connection", (socket) => {
    const { id, part } = socket.data;
    socket.on("which", (ack) => ack(`${id}/${part}`));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close: () => io.close() };
}

function divide(a: number, b: number): Ack<number, DivideError> {
  return b === 0 ? { ok: false, error: { code: "by_zero", dividend: a } } : { ok: true, value: Math.trunc(a / b) };
}

const backwards = (data: Buffer) => Buffer.from(data).reverse();

function calls(socket: LiveSocket<Session>): void {
  socket.on("divide", (a, b, ack) => ack(divide(a, b)));
  socket.on("note", (text, more) => void socket.data.notes.push(`${text} ${more ?? null}`));
  socket.on("notes", (ack) => ack(socket.data.notes));
  socket.on("picture:turn", ({ name, data, thumbs }, ack) => {
    ack({ name, data: backwards(data), thumbs: thumbs.map((thumb) => ({ data: thumb.data && backwards(thumb.data) })) });
  });
  socket.on("crash", (ack) => ack({ ok: false, fault: { code: "internal", message: "as it should" } }));
  socket.on("openStreams", (ack) => ack(0));
}

function questions(socket: LiveSocket<Session>): void {
  socket.on("ask", async (prompt, data, ack) => {
    const yes = await socket.timeout(PATIENCE).emitWithAck("confirm", prompt);
    ack(yes ? await socket.timeout(PATIENCE).emitWithAck("flip", data) : null);
  });
  socket.on("delegate", async (a, b, ack) => {
    const res = await socket.timeout(PATIENCE).emitWithAck("divide", a, b);
    if (res.ok) ack(String(res.value));
    else if (res.fault) ack(`fault: ${res.fault.message}`);
    else ack(`${res.error.dividend} by zero`);
  });
}

function streams(socket: LiveSocket<Session>): void {
  let subs = 0;
  socket.on("count", (n, ack) => {
    const sub = ++subs;
    ack({ ok: true, value: sub });
    for (let item = 1; item <= n; item++) socket.emit("count:next", sub, item);
    socket.emit("count:end", sub, n % 2 ? { ok: false, error: { code: "by_zero", dividend: n } } : { ok: true });
  });
  // As a subscriber: the id is taken in the callback.
  socket.on("sum", (n, ack) => {
    let [sum, id]: [number, number?] = [0];
    socket.on("readings:next", (sub, item, acked) => {
      if (sub === id) sum += item;
      acked?.();
    });
    socket.on("readings:end", (sub, end) => {
      if (sub === id) ack(end.ok ? String(sum) : `${sum}, failed`);
    });
    socket.emit("readings", n, (res) => {
      if (res.ok) id = res.value;
    });
  });
}
