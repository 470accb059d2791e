import { expectTypeOf } from "expect-type";
import { connectRoot } from "../../fixtures/node.ts";

const root = connectRoot("https://example.com");
expectTypeOf(root.emitWithAck("put", Buffer.from("text"))).toEqualTypeOf<Promise<Buffer>>();
// @ts-expect-error: a `Buffer` is asked for
root.emitWithAck("put", new Uint8Array([1]));
expectTypeOf(root.emitWithAck("size", "a.png")).toEqualTypeOf<Promise<number | string>>();
