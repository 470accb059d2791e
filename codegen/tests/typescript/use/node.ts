import { expectTypeOf } from "expect-type";
import { connectRoot } from "../../fixtures/node.ts";

const root = connectRoot("https://example.com");
expectTypeOf(root.emitWithAck("put", Buffer.from("text"))).toEqualTypeOf<Promise<Buffer>>();
// What is sent may be more than what arrives.
root.emitWithAck("put", new Uint8Array([1]));
root.emitWithAck("put", new ArrayBuffer(1));
root.emitWithAck("put", new DataView(new ArrayBuffer(1)));
// @ts-expect-error: Node does not send it
root.emitWithAck("put", new Blob([]));
// @ts-expect-error: not bytes
root.emitWithAck("put", [1]);
expectTypeOf(root.emitWithAck("size", "a.png")).toEqualTypeOf<Promise<number | string>>();
