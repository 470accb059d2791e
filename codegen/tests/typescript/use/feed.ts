import { expectTypeOf } from "expect-type";
import { connectMarket } from "../../fixtures/feed.ts";
import type { Camera, CameraItems, Feed, FeedItems, Namespaces, StreamEnd, Subscribed, Tick, TickError } from "../../fixtures/feed.ts";

const market = connectMarket("https://example.com");

// Subscribing, with the id from the callback.
const prices = new Map<number, (tick: Tick) => void>();
market.on("priceTicks:next", (sub, tick, ack) => {
  expectTypeOf(sub).toBeNumber();
  expectTypeOf(tick).toEqualTypeOf<Tick>();
  prices.get(sub)?.(tick);
  ack?.();
});
market.on("priceTicks:end", (sub, end) => {
  expectTypeOf(end).toEqualTypeOf<StreamEnd<TickError>>();
  prices.delete(sub);
  if (end.ok) return;
  if (end.fault) expectTypeOf(end.fault.code).toBeString();
  else expectTypeOf(end.error).toEqualTypeOf<TickError>();
});
market.emit("priceTicks", "ACME", null, (res) => {
  expectTypeOf(res).toEqualTypeOf<Subscribed>();
  if (res.ok) prices.set(res.value, (tick) => void tick.price);
  else expectTypeOf(res.fault.message).toBeString();
});
expectTypeOf(market.emitWithAck("priceTicks", "ACME", 3)).toEqualTypeOf<Promise<Subscribed>>();
market.emit("priceTicks:stop", 1);

// Without an error, and without a window.
market.on("log:next", (sub, line) => expectTypeOf([sub, line]).toEqualTypeOf<(string | number)[]>());
market.on("log:end", (_, end) => {
  expectTypeOf(end).toEqualTypeOf<StreamEnd<never>>();
  if (!end.ok) expectTypeOf(end.fault.message).toBeString();
});

// The other direction.
market.on("blink", () => {});
market.on("frames", (ack) => {
  expectTypeOf(ack).toEqualTypeOf<(res: Subscribed) => void>();
  ack({ ok: true, value: 1 });
  market.emit("frames:next", 1, null);
  market.emit("frames:end", 1, { ok: true });
});
market.on("frames:stop", (sub) => expectTypeOf(sub).toBeNumber());

// @ts-expect-error: a symbol is a string
market.emit("priceTicks", 7, null, () => {});
// @ts-expect-error: an id is a number
market.emit("priceTicks:stop", "1");
// @ts-expect-error: to subscribe wants an ack
market.emit("log");
// @ts-expect-error: items are the server's to send
market.emit("log:next", 1, "line");
// @ts-expect-error: without a window nothing is acked
market.on("log:next", (sub, line, ack) => ack(sub, line));
// @ts-expect-error: an ack may be missing
market.on("priceTicks:next", (_sub, _tick, ack) => ack());
// @ts-expect-error: the name is the event's, not the method's
market.on("logLines:next", () => {});
// @ts-expect-error: an alias is only received
market.on("lines:next", () => {});
// @ts-expect-error: frames are the client's to yield
market.on("frames:next", () => {});

expectTypeOf<Namespaces["/market"]["up"]>().toEqualTypeOf<Feed & CameraItems>();
expectTypeOf<Namespaces["/market"]["down"]>().toEqualTypeOf<Camera & FeedItems>();
