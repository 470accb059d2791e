// A server in Node that has the contract.
import { expectTypeOf } from "expect-type";
import { Server } from "socket.io";
import { liveNamespace, roomNamespace } from "../../fixtures/server/live.ts";
import type { Denied, LiveNamespace, LiveSocket, Login, Namespaces, Picture } from "../../fixtures/server/live.ts";
import { rootNamespace } from "../../fixtures/server/small.ts";
import type { Files, NoEvents, RootIo } from "../../fixtures/server/small.ts";

const io = new Server();
const live = liveNamespace(io, (auth, { socket, refuse, params }) => {
  expectTypeOf(auth).toEqualTypeOf<Login>();
  expectTypeOf(params).toEqualTypeOf<{}>();
  expectTypeOf(refuse).toEqualTypeOf<(denied: Denied) => never>();
  expectTypeOf(socket.id).toBeString();
  return auth.token === "secret" ? { user: "ann" } : refuse({ code: "bad_token", got: auth.token });
});
export const typed: LiveNamespace<{ user: string }> = live;
liveNamespace(io, async () => ({}));
// @ts-expect-error: no such denial
liveNamespace(io, (_, { refuse }) => refuse("Full"));
// @ts-expect-error: `data` is an object
liveNamespace(io, () => "ann");

live.on("connection", (socket) => {
  expectTypeOf(socket.data.user).toBeString();
  expectTypeOf<LiveSocket<{ user: string }>>().toExtend<typeof socket>();
  socket.on("say", (text, to, ack) => {
    expectTypeOf(to).toEqualTypeOf<string | null>();
    live.emit("said", text);
    ack(text.length);
  });
  socket.on("divide", (a, b, ack) => ack(b ? { ok: true, value: a / b } : { ok: false, error: { code: "by_zero", dividend: a } }));
  // @ts-expect-error: no such error
  socket.on("divide", (_a, _b, ack) => ack({ ok: false, error: { code: "by_one" } }));
  // @ts-expect-error: an ack is a number
  socket.on("say", (_text, _to, ack) => ack("text"));
  // @ts-expect-error: the server sends that one
  socket.on("said", () => {});
  // @ts-expect-error: the client sends that one
  socket.emit("say", "text");
  socket.on("picture:turn", (picture, ack) => {
    expectTypeOf(picture).toEqualTypeOf<Picture>();
    ack({ ...picture, data: new Uint8Array(picture.data) });
  });
  expectTypeOf(socket.timeout(100).emitWithAck("confirm", "Sure?")).toEqualTypeOf<Promise<boolean>>();
  socket.timeout(100).emitWithAck("flip", new ArrayBuffer(1));
  socket.on("tick", (ack) => {
    ack({ ok: true, value: 1 });
    socket.emit("tick:next", 1, 7);
    socket.emit("tick:end", 1, { ok: true });
  });
});

// Between servers.
live.serverSideEmit("reload");
live.on("load", (ack) => ack({ sockets: 1 }));
// @ts-expect-error: no such event
live.serverSideEmit("relaod");

roomNamespace(io, (_auth, { params }) => {
  expectTypeOf(params).toEqualTypeOf<{ id: string; part: string }>();
  return params;
}).on("connection", (socket) => socket.on("which", (ack) => ack(socket.data.id)));

rootNamespace(io, () => ({ size: 1 }));
// For who has the namespace `/` only.
const root: RootIo<{ size: number }> = new Server();
root.on("connection", (socket) => socket.on("put", (data, ack) => ack(data.subarray(socket.data.size))));
export const same: RootIo<{ size: number }> = new Server<Files, NoEvents, {}, { size: number }>();
expectTypeOf<Namespaces["/live"]["cluster"]>().toHaveProperty("load");
