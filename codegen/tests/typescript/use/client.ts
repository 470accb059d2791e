// Clients with methods: the chat, and the streams of the feed.
import { expectTypeOf } from "expect-type";
import { CallError, chatClient, connectChat } from "../../fixtures/client/chat.ts";
import type { Call, ChatApi, ChatSocket, Fault, Lost, Message, Outcome, SendError } from "../../fixtures/client/chat.ts";
import { connectMarket, marketClient } from "../../fixtures/client/feed.ts";
import type { Subscription, Tick, TickError } from "../../fixtures/client/feed.ts";
import { connectLive, liveClient } from "../../fixtures/client/live.ts";
import type { Binary, BinaryInput, Picture } from "../../fixtures/client/live.ts";

const chat = chatClient(connectChat("", { token: "t" }));
expectTypeOf(chat).toEqualTypeOf<ChatApi>();
expectTypeOf(chat.socket).toEqualTypeOf<ChatSocket>();
// @ts-expect-error: a socket of another namespace
chatClient(connectMarket(""));

// Calls.
expectTypeOf(chat.send("lobby", "hi", null)).toEqualTypeOf<Call<Message, SendError>>();
expectTypeOf(await chat.send("lobby", "hi", null)).toEqualTypeOf<Message>();
// What may be `null` at the end may be left out.
expectTypeOf(await chat.send("lobby", "hi")).toEqualTypeOf<Message>();
expectTypeOf(await chat.joinRoom("lobby")).toEqualTypeOf<number>();
expectTypeOf(await chat.leave()).toEqualTypeOf<void>();
expectTypeOf(await chat.find(1)).toEqualTypeOf<Message | null>();
expectTypeOf(await chat.clear("lobby")).toEqualTypeOf<null>();
expectTypeOf(await chat.filePut("a.png", new Uint8Array([1]))).toEqualTypeOf<number>();
expectTypeOf(await Promise.all([chat.joinRoom("a"), chat.find(1)])).toEqualTypeOf<[number, Message | null]>();
expectTypeOf(chat.typing("lobby")).toEqualTypeOf<void>();
chat.search(null, "lobby", 7);
// @ts-expect-error: an argument is missing
void chat.send("lobby");
// @ts-expect-error: a room is a string
chat.typing(7);
// @ts-expect-error: no such event
chat.tiping("lobby");
// @ts-expect-error: that is what the server sends
chat.message("lobby");
// @ts-expect-error: nothing can be assigned
chat.on = chat.on;

// Errors.
chat.send("lobby", "hi").catch((error) => {
  expectTypeOf(error).toEqualTypeOf<CallError<SendError>>();
  expectTypeOf(error).toExtend<Error>();
  switch (error.kind) {
    case "app":
      return expectTypeOf(error.error).toEqualTypeOf<SendError>();
    case "fault":
      return expectTypeOf(error.fault).toEqualTypeOf<Fault>();
    case "timeout":
    case "disconnected":
    case "lagged":
      return expectTypeOf(error.fault).toEqualTypeOf<Lost>();
  }
});
chat.joinRoom("lobby").catch((error) => {
  if (error.kind === "app") expectTypeOf(error.error).toBeNever();
});
chat.send("lobby", "hi").then(
  (message) => expectTypeOf(message).toEqualTypeOf<Message>(),
  (error) => expectTypeOf(error).toEqualTypeOf<CallError<SendError>>(),
);
try {
  await chat.send("lobby", "hi");
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  expectTypeOf(error).toEqualTypeOf<CallError>();
  if (error.kind === "app") expectTypeOf(error.error).toBeUnknown();
}

// Outcomes.
const outcome = await chat.try.send("lobby", "hi", 7);
expectTypeOf(outcome).toEqualTypeOf<Outcome<Message, SendError>>();
if (outcome.ok) expectTypeOf(outcome.value).toEqualTypeOf<Message>();
else if (outcome.fault) expectTypeOf(outcome.fault).toEqualTypeOf<Fault | Lost>();
else expectTypeOf(outcome.error).toEqualTypeOf<SendError>();
const joined = await chat.try.joinRoom("lobby");
if (!joined.ok) expectTypeOf(joined.fault.code).toExtend<string>();
// @ts-expect-error: there is no outcome of what is not answered
chat.try.typing("lobby");

// Timeouts.
expectTypeOf(await chat.timeout(100).joinRoom("lobby")).toEqualTypeOf<number>();
expectTypeOf(await chat.timeout(100).try.joinRoom("lobby")).toEqualTypeOf<Outcome<number>>();
// @ts-expect-error: handlers have none
chat.timeout(100).on;

// Handlers.
const off = chat.on.message((room, message) => {
  expectTypeOf(room).toBeString();
  expectTypeOf(message).toEqualTypeOf<Message>();
});
expectTypeOf(off).toEqualTypeOf<() => void>();
chat.on.confirm((prompt) => prompt.length > 0);
chat.on.confirm(async () => true);
chat.on.closing(() => {});
chat.on.message(async () => {});
// @ts-expect-error: the answer is a boolean
chat.on.confirm(() => "yes");
// @ts-expect-error: an answer is asked for
chat.on.confirm(() => {});
// @ts-expect-error: no such event
chat.on.mesage(() => {});

// Streams.
const market = marketClient(connectMarket(""));
expectTypeOf(market.priceTicks("ACME")).toEqualTypeOf<Subscription<Tick, TickError>>();
for await (const tick of market.priceTicks("ACME", 3)) expectTypeOf(tick).toEqualTypeOf<Tick>();
for await (const line of market.log()) expectTypeOf(line).toBeString();
market
  .priceTicks("ACME")
  .forEach((tick) => void tick.price)
  .catch((error) => expectTypeOf(error).toEqualTypeOf<CallError<TickError>>());
// @ts-expect-error: a symbol is a string
market.priceTicks(7);
market.on.frames(async function* () {
  yield 1;
  yield null;
});
// @ts-expect-error: frames are numbers
market.on.frames(async function* () {
  yield "text";
});

// Both directions with errors, and bytes.
const live = liveClient(connectLive("", { token: "t" }));
live.on.divide((a, b) => (b === 0 ? { ok: false, error: { code: "by_zero", dividend: a } } : { ok: true, value: a / b }));
// @ts-expect-error: no such error
live.on.divide((a) => ({ ok: false, error: { code: "by_one", dividend: a } }));
live.on.readings(async function* (n) {
  for (let i = 1; i <= n; i++) yield { ok: true, value: i };
  yield { ok: false, error: { code: "by_zero", dividend: n } };
});
live.on.flip((data) => {
  expectTypeOf(data).toEqualTypeOf<Binary>();
  return new Uint8Array(data);
});
expectTypeOf<Picture>().toEqualTypeOf<Picture<Buffer>>();
expectTypeOf(await live.pictureTurn({ name: "a", data: new ArrayBuffer(1), thumbs: [{ data: null }] })).toEqualTypeOf<Picture>();
// @ts-expect-error: not bytes
live.pictureTurn({ name: "a", data: "text", thumbs: [] });
expectTypeOf<Parameters<typeof live.pictureTurn>[0]>().toEqualTypeOf<Picture<BinaryInput>>();
// A client is no promise.
expectTypeOf(live).not.toHaveProperty("then");
live.then_();
