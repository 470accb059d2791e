/** Servers and clients for one test, and what waits for them. */
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { Manager } from "socket.io-client";

const here = fileURLToPath(new URL(".", import.meta.url));
const OURS = `${here}../../target/debug/interop-server`;

/** What every test runs over. */
export const MODES = {
  websocket: { transports: ["websocket"] },
  polling: { transports: ["polling"] },
  upgrade: { transports: ["polling", "websocket"] },
};

/** Runs `body({ mode, start, client, … })` once for each mode, with everything it opened closed afterwards. */
export function overEveryTransport(name, body) {
  describe(name, () => {
    for (const mode of Object.keys(MODES)) test(mode, { timeout: 30_000 }, (t) => scene(t, mode, body));
  });
}

async function scene(t, mode, body) {
  const open = [];
  t.after(async () => {
    for (const close of open.reverse()) await close();
  });
  const start = async (options) => {
    const server = await Server.start(options);
    open.push(() => server.kill());
    return server;
  };
  const client = (server, options = {}) => {
    const manager = new Manager(`http://127.0.0.1:${server.port}`, { ...MODES[mode], autoConnect: false, reconnectionDelay: 20, reconnectionDelayMax: 50, ...options });
    open.push(() => manager._close());
    return manager;
  };
  /** A socket of `nsp` that is connected, and in the mode `upgrade` already upgraded. */
  const connect = async (server, nsp = "/", auth = {}, options = {}) => {
    const manager = client(server, options);
    const upgraded = mode === "upgrade" && new Promise((resolve) => manager.once("open", () => manager.engine.once("upgrade", resolve)));
    const socket = manager.socket(nsp, { auth });
    socket.connect();
    await connected(socket);
    await upgraded;
    return socket;
  };
  await body({ mode, start, client, connect, t });
}

/** A socket of another namespace over the connection of `socket`. */
export function beside(socket, nsp, auth = {}) {
  return socket.io.socket(nsp, { auth }).connect();
}

/** Resolves when `socket` is connected, rejects when it was refused. */
export function connected(socket) {
  return new Promise((resolve, reject) => {
    if (socket.connected) return resolve(socket);
    socket.once("connect", () => resolve(socket));
    socket.once("connect_error", reject);
  });
}

/** The arguments of the next event `name`. */
export function next(socket, name) {
  return new Promise((resolve) => socket.once(name, (...args) => resolve(args)));
}

/** The first `n` events of any name, as `[name, ...args]`, in the order of their arrival. */
export function take(socket, n) {
  const seen = [];
  return new Promise((resolve) => {
    const listener = (...event) => {
      if (seen.push(event) < n) return;
      socket.offAny(listener);
      resolve(seen);
    };
    socket.onAny(listener);
  });
}

/** A server in a process of its own. */
export class Server {
  /** `node` starts the reference whatever is under test, with these further variables. */
  static async start({ port = 0, pingInterval = 25_000, pingTimeout = 20_000, node } = {}) {
    const server = new Server();
    const env = { ...process.env, PORT: String(port), PING_INTERVAL: String(pingInterval), PING_TIMEOUT: String(pingTimeout), ...node };
    const [program, args] = node ? REFERENCE : which();
    server.process = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    server.exited = once(server.process, "exit");
    server.exited.catch(() => {});
    server.lines = [];
    server.news = new EventEmitter();
    server.news.setMaxListeners(0);
    createInterface({ input: server.process.stdout }).on("line", (line) => {
      server.lines.push(JSON.parse(line));
      server.news.emit("line");
    });
    const gone = server.exited.then(([code]) => {
      throw new Error(`${program} ended with ${code} before it listened`);
    });
    gone.catch(() => {});
    const { listening } = await Promise.race([server.line((line) => line.listening), gone]);
    server.port = listening;
    return server;
  }

  /** The first line, past or to come, for which `wanted` holds. */
  async line(wanted) {
    for (;;) {
      const found = this.lines.find(wanted);
      if (found) return found;
      await once(this.news, "line");
    }
  }

  /** Why the server says that the socket `id` is gone. */
  async reason(id) {
    return (await this.line((line) => line.disconnected && line.id === id)).reason;
  }

  /** Ends it in good order. */
  async stop() {
    this.process.kill("SIGTERM");
    await this.exited;
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.process.kill("SIGKILL");
    await this.exited;
  }
}

const REFERENCE = [process.execPath, [`${here}reference.mjs`]];

function which() {
  const named = process.env.INTEROP_SERVER;
  if (named === "reference") return REFERENCE;
  return [named ?? OURS, []];
}

