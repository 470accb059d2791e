import { expectTypeOf } from "expect-type";
import { connectChat, connectOrg, paths } from "../../fixtures/chat.ts";
import type {
  Ack,
  Binary,
  ChatClient,
  ChatConnectError,
  ChatServer,
  ChatSocket,
  ConnectOptions,
  Denied,
  Fault,
  FaultCode,
  Login,
  Message,
  Namespaces,
  OrgSocket,
  SendError,
  TypedSocket,
} from "../../fixtures/chat.ts";

// Connecting.
const chat = connectChat("https://example.com", { token: "t" });
expectTypeOf(chat).toEqualTypeOf<ChatSocket>();
expectTypeOf<ChatSocket>().toEqualTypeOf<TypedSocket<ChatClient, ChatServer>>();
connectChat("", (send) => send({ token: "fresh" }), { path: "/ws/", transports: ["websocket"], autoConnect: false });
// @ts-expect-error: the token is missing
connectChat("", {});
// @ts-expect-error: a token is a string
connectChat("", { token: 1 });
// @ts-expect-error: no auth at all
connectChat("");
// @ts-expect-error: a function's auth is checked too
connectChat("", (send) => send({}));
// @ts-expect-error: auth is an argument of its own
connectChat("", { token: "t" }, { auth: { token: "t" } });
// @ts-expect-error: no such option
connectChat("", { token: "t" }, { pth: "/ws/" });
expectTypeOf(connectOrg("", { id: 7, team: "red" }, { token: "t" })).toEqualTypeOf<OrgSocket>();
// @ts-expect-error: a parameter is missing
connectOrg("", { id: 7 }, { token: "t" });
expectTypeOf<ConnectOptions>().not.toHaveProperty("auth");

// Paths.
expectTypeOf(paths.chat).toEqualTypeOf<"/chat">();
expectTypeOf(paths.org({ id: 7, team: "red" })).toEqualTypeOf<`/org-${string}/${string}`>();
// @ts-expect-error: parameters are strings or numbers
paths.org({ id: true, team: "red" });

// The map.
type Socket<P extends keyof Namespaces> = Namespaces[P]["socket"];
expectTypeOf<Socket<"/chat">>().toEqualTypeOf<ChatSocket>();
expectTypeOf<Namespaces["/org-{id}/{team}"]["params"]>().toEqualTypeOf<{ id: string | number; team: string | number }>();
expectTypeOf<Namespaces["/chat"]["auth"]>().toEqualTypeOf<Login>();
expectTypeOf<Namespaces["/chat"]["denied"]>().toEqualTypeOf<Denied>();
expectTypeOf<Namespaces["/org-{id}/{team}"]["denied"]>().toBeNever();

// Sending without an ack.
chat.emit("typing", "lobby");
// @ts-expect-error: no such event
chat.emit("tiping", "lobby");
// @ts-expect-error: a room is a string
chat.emit("typing", 7);
// @ts-expect-error: an argument is missing
chat.emit("typing");
// @ts-expect-error: nobody will call this
chat.emit("typing", "lobby", () => {});
chat.emit("search", null, "lobby");
chat.emit("search", "hi", "lobby", 7);
chat.emit("search", "hi", "lobby", null, 9);
// @ts-expect-error: only what is at the end may be left out
chat.emit("search", "lobby");

// Sending with an ack.
chat.emit("send", "lobby", "hi", null, (res) => {
  expectTypeOf(res).toEqualTypeOf<Ack<Message, SendError>>();
});
// @ts-expect-error: with an ack nothing may be left out
chat.emit("send", "lobby", "hi", (res) => res);
// @ts-expect-error: the ack takes no number
chat.emit("send", "lobby", "hi", null, (res: number) => res);
// @ts-expect-error: the ack is missing
chat.emit("send", "lobby", "hi", null);
expectTypeOf(chat.emitWithAck("send", "lobby", "hi", 7)).toEqualTypeOf<Promise<Ack<Message, SendError>>>();
expectTypeOf(chat.emitWithAck("joinRoom", "lobby")).toEqualTypeOf<Promise<number>>();
expectTypeOf(chat.emitWithAck("leave")).toEqualTypeOf<Promise<void>>();
expectTypeOf(chat.emitWithAck("find", 1)).toEqualTypeOf<Promise<Message | null>>();
expectTypeOf(chat.emitWithAck("clear", "lobby")).toEqualTypeOf<Promise<Ack<null, SendError>>>();
// @ts-expect-error: this would wait for ever
chat.emitWithAck("typing", "lobby");
// @ts-expect-error: no such event
chat.emitWithAck("nothing");
// @ts-expect-error: an argument is missing
chat.emitWithAck("joinRoom");
// @ts-expect-error: a room is a string
chat.emitWithAck("joinRoom", 7);

// With a timeout.
expectTypeOf(chat.timeout(1000).emitWithAck("joinRoom", "lobby")).toEqualTypeOf<Promise<number>>();
chat.timeout(1000).emit("joinRoom", "lobby", (err, count) => {
  expectTypeOf(err).toEqualTypeOf<Error | null>();
  expectTypeOf(count).toEqualTypeOf<number | undefined>();
});
chat.timeout(1000).emit("leave", (err) => expectTypeOf(err).toEqualTypeOf<Error | null>());
chat.timeout(1000).emit("typing", "lobby");
// @ts-expect-error: this would wait for ever
chat.timeout(1000).emitWithAck("typing", "lobby");
// @ts-expect-error: a room is a string
chat.timeout(1000).emitWithAck("joinRoom", 7);
// @ts-expect-error: a room is a string
chat.timeout(1000).emit("typing", 7);

// Attachments.
chat.emitWithAck("file:put", "a.png", new Uint8Array([1]));
chat.emitWithAck("file:put", "a.png", new ArrayBuffer(1));
// @ts-expect-error: not bytes
chat.emitWithAck("file:put", "a.png", [1]);
expectTypeOf<Binary>().toEqualTypeOf<ArrayBuffer | Uint8Array>();

// Handling.
chat.on("message", (room, msg) => {
  expectTypeOf(room).toEqualTypeOf<string>();
  expectTypeOf(msg).toEqualTypeOf<Message>();
});
chat.on("confirm", (prompt, ack) => ack(prompt.length > 0));
chat.on("closing", (ack) => ack());
chat.on("connect_error", (error) => {
  const { data } = error as ChatConnectError;
  expectTypeOf(data).toEqualTypeOf<Denied | undefined>();
});
// @ts-expect-error: a message is an object
chat.on("message", (room: string, msg: string) => [room, msg]);
// @ts-expect-error: the answer is a boolean
chat.on("confirm", (_prompt, ack) => ack("yes"));
// @ts-expect-error: no such event
chat.on("mesage", () => {});
// @ts-expect-error: the client sends that one
chat.on("typing", () => {});

// Answers that may fail.
export function told(res: Ack<number, SendError>): string {
  if (res.ok) {
    return expectTypeOf(res.value).toEqualTypeOf<number>(), "done";
  }
  if (res.fault) {
    expectTypeOf(res.fault).toEqualTypeOf<Fault>();
    expectTypeOf(res.fault.code).toEqualTypeOf<FaultCode>();
    return res.fault.message;
  }
  expectTypeOf(res.error).toEqualTypeOf<SendError>();
  switch (res.error.code) {
    case "not_in_room":
      return "join first";
    case "too_long":
      return `at most ${res.error.max}`;
  }
}
export const answers: Ack<number, string>[] = [
  { ok: true, value: 1 },
  { ok: false, error: "e" },
  { ok: false, fault: { code: "internal", message: "m" } },
  // @ts-expect-error: either a value or an error
  { ok: true, error: "e" },
  // @ts-expect-error: no such code
  { ok: false, fault: { code: "other", message: "m" } },
];

// Payloads.
export const message: Message = { id: 1, from: "s", text: "t", reply_to: null, preview: null };
// @ts-expect-error: `null` is said, not left out
export const partial: Message = { id: 1, from: "s", text: "t", preview: null };

// Contracts that say themselves what a type is.
declare const own: TypedSocket<{}, { a: (ack: (res: unknown) => void) => void; b: (ack: (res: any) => void) => void; c: (ack: () => void) => void }>;
expectTypeOf(own.emitWithAck("a")).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(own.emitWithAck("b")).toEqualTypeOf<Promise<any>>();
expectTypeOf(own.emitWithAck("c")).toEqualTypeOf<Promise<void>>();
