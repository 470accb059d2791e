import { expectTypeOf } from "expect-type";
import { connectRoot, paths } from "../../fixtures/browser.ts";
import type { Namespaces } from "../../fixtures/browser.ts";

const root = connectRoot("https://example.com", { forceNew: true });
expectTypeOf(paths.root).toEqualTypeOf<"/">();
expectTypeOf(root.emitWithAck("put", new ArrayBuffer(1))).toEqualTypeOf<Promise<ArrayBuffer>>();
// @ts-expect-error: not bytes
root.emitWithAck("put", "text");
// @ts-expect-error: this namespace asks for nothing
connectRoot("https://example.com", { token: "t" });
// @ts-expect-error: the server sends nothing
root.on("put", () => {});
root.on("connect", () => {});
root.on("disconnect", (reason) => expectTypeOf(reason).toBeString());
expectTypeOf<Namespaces["/"]["auth"]>().toEqualTypeOf<undefined>();
expectTypeOf(root.emitWithAck("size", "a.png")).toEqualTypeOf<Promise<number | string>>();

// What is sent may be more than what arrives.
root.emitWithAck("put", new Blob(["text"]));
root.emitWithAck("put", new File(["text"], "a.txt"));
root.emitWithAck("put", new Uint8Array([1]));
root.emit("remove", { name: "a.png" });
// @ts-expect-error: a payload that is called `Blob` is none of the browser's
root.emitWithAck("put", { name: "a.png" });
