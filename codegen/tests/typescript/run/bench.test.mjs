// Typed sockets must not be more work for the compiler than the stock ones. Times are for `node bench.mjs`; this is the same wherever it runs.
import assert from "node:assert/strict";
import { test } from "node:test";

process.env.EVENTS = "300";
const { compilers, measure } = await import("../bench.mjs");

test("the compiler has no more to do than with the stock socket", (t) => {
  for (const compiler in compilers) {
    const [stock, typed, methods] = ["stock", "typed socket", "methods"].map((variant) => measure(variant, compiler).instantiations);
    t.diagnostic(`TypeScript ${compiler}: ${stock} instantiations, typed socket ${typed}, methods ${methods}`);
    assert.ok(typed <= stock && methods <= stock);
  }
});
