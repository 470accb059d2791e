/** What `interop-server` does, done with the npm package: the oracle for the tests themselves. */
import { createServer } from "node:http";

const { Server } = await import(process.env.REFERENCE_PACKAGE ?? "socket.io");

const http = createServer();
const io = new Server(http, {
  pingInterval: Number(process.env.PING_INTERVAL ?? 25_000),
  pingTimeout: Number(process.env.PING_TIMEOUT ?? 20_000),
  allowRequest: (request, callback) => callback("not you", !request.url.includes("banned=")),
  ...(process.env.RECOVERY && { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } }),
});
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const fault = (argument) => ({ ok: false, fault: { code: "bad_args", message: argument } });

function watch(socket) {
  const nsp = socket.nsp.name;
  print({ connected: nsp, id: socket.id });
  socket.on("disconnect", (reason) => print({ disconnected: nsp, id: socket.id, reason }));
}

/** `#[event(stream)]` by hand: `items` makes an iterator, and every `window`-th item wants an ack. */
function stream(socket, name, items, window, dropped = () => {}) {
  const open = new Map();
  const forget = (sub) => {
    if (open.delete(sub)) dropped();
  };
  socket.on(name, (...args) => {
    const ack = args.pop();
    if (name === "count" && typeof args[0] !== "number") return ack(fault("n"));
    const sub = (socket.data.subs = (socket.data.subs ?? 0) + 1);
    const source = items(...args);
    open.set(sub, source);
    ack({ ok: true, value: sub });
    let [sent, unacked] = [0, 0];
    const go = () => {
      while (open.has(sub) && unacked < 2) {
        const { done, value } = source.next();
        if (done) {
          forget(sub);
          return socket.emit(`${name}:end`, sub, value ?? { ok: true });
        }
        if (!window || ++sent % window) {
          socket.emit(`${name}:next`, sub, value);
          continue;
        }
        unacked++;
        socket.emit(`${name}:next`, sub, value, () => {
          unacked--;
          go();
        });
      }
    };
    go();
  });
  socket.on(`${name}:stop`, (sub, ack) => {
    forget(sub);
    ack?.();
  });
  socket.on("disconnect", () => [...open.keys()].forEach(forget));
}

io.on("connection", (socket) => {
  watch(socket);
  stream(socket, "count", function* (n) {
    for (let i = 1; i <= n; i++) yield i;
    return n % 2 ? { ok: false, error: "odd" } : undefined;
  });
  stream(socket, "tick", function* () {
    for (let i = 1; ; i++) yield i;
  }, 4, () => print({ dropped: "tick", id: socket.id }));
  socket.on("echo", (value, ack) => ack(value));
  socket.on("nothing", (ack) => ack());
  socket.on("greet", (...args) => {
    const ack = args.pop();
    ack(`hello ${args[0]}${args[1] ? `, ${args[1]}` : ""}`);
  });
  socket.on("divide", (a, b, ack) => {
    if (typeof a !== "number") return ack(fault("a"));
    ack(b === 0 ? { ok: false, error: { code: "by_zero", dividend: a } } : { ok: true, value: Math.trunc(a / b) });
  });
  socket.on("reverse", (data, ack) => ack(Buffer.from(data).reverse()));
  socket.on("swap", (first, second, ack) => ack({ first: second, second: first }));
  socket.on("push", (data) => socket.emit("pushed", data.length, data));
  for (const name of ["one", "two", "three"]) socket.on(name, (n) => socket.emit("seen", name, n));
  socket.on("ask", (prompt, ack) => socket.timeout(5000).emit("confirm", prompt, (_, answer) => ack(answer)));
  socket.on("ask:bytes", (data, ack) => socket.timeout(5000).emit("flip", data, (_, answer) => ack(answer)));
  socket.on("ask:nobody", (ms, ack) => socket.timeout(ms).emit("silence", (error) => ack(error ? "timeout" : "answer")));
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
  socket.on("leave", (room, ack) => {
    socket.leave(room);
    ack();
  });
  socket.on("say", (room, text) => socket.to(room).emit("said", room, text));
  // An event that needs no answer is acknowledged all the same when the client asks for it.
  socket.on("shout", (text, ack) => {
    io.emit("said", "", text);
    ack?.();
  });
  socket.on("poll", async (room, ack) => {
    const votes = await io.to(room).timeout(5000).emitWithAck("confirm", room);
    ack(votes.filter((vote) => vote).length);
  });
  socket.on("burst", (n) => {
    for (let i = 0; i < n; i++) socket.volatile.emit("maybe", i);
    socket.emit("surely", n);
  });
  socket.on("farewell", (n) => {
    for (let i = 0; i < n; i++) socket.emit("maybe", i);
    socket.disconnect(true);
  });
  // Breaks the connection, and says something to `room` when it is broken.
  socket.on("cut", (room) => {
    socket.once("disconnect", () => io.to(room).emit("said", room, "meanwhile"));
    socket.conn.close();
  });
  socket.on("kick", () => socket.disconnect());
  socket.on("kick:all", () => socket.disconnect(true));
});

const admin = io.of("/admin");
admin.use((socket, next) => {
  const { token } = socket.handshake.auth;
  next(token === "secret" ? undefined : Object.assign(new Error("denied"), { data: { code: "bad_token", got: token } }));
});
admin.on("connection", (socket) => {
  watch(socket);
  socket.on("whoami", (ack) => ack({ id: socket.id, token: socket.handshake.auth.token }));
  socket.on("kick", () => socket.disconnect());
});

http.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => print({ listening: http.address().port }));
process.on("SIGTERM", () => io.close(() => process.exit(0)));
