import { expectTypeOf } from "expect-type";
import { connectApi, paths } from "../../fixtures/shapes.ts";
import type {
  Adjacent,
  Ack,
  Containers,
  Empty,
  External,
  Flattened,
  Internal,
  JsonValue,
  Level,
  Page,
  Pair,
  Renamed,
  Shapes,
  Tagged,
  Tree,
  Unit,
  Untagged,
} from "../../fixtures/shapes.ts";

const api = connectApi("http://localhost:3000", { x: 1 }, { any: "strings" });
// @ts-expect-error: values are strings
connectApi("http://localhost:3000", { x: 1 }, { any: 1 });
expectTypeOf(paths.api({ x: "y" })).toEqualTypeOf<`/api\`$${string}\\`>();

export const renamed: Renamed = { firstName: "a", "last-name": "b", withDefault: 1, type: "max!" };
export const renamedNull: Renamed = { ...renamed, maybeLeftOut: null };
// @ts-expect-error: `undefined` does not survive JSON
export const renamedUndefined: Renamed = { ...renamed, maybeLeftOut: undefined };
// @ts-expect-error: never on the wire
export const skipped: Renamed = { ...renamed, secret: "s" };
expectTypeOf<Level>().toEqualTypeOf<"VERY_LOW" | "HIGH" | "max!">();

export const externals: External[] = ["Unit", { One: 1 }, { Two: [1, "a"] }, { Named: { a: true, b: null } }];
export const adjacents: Adjacent[] = [
  { type: "noData" },
  { type: "oneValue", data: "x" },
  { type: "fields", data: { firstField: 1, secondField: [{ type: "noData" }] } },
  // @ts-expect-error: the data is missing
  { type: "oneValue" },
];
export const internals: Internal[] = [
  { kind: "nothing" },
  { kind: "wrapped", id: 1, tags: [] },
  { kind: "with_fields", someField: 1, otherField: { kind: "nothing" } },
  // @ts-expect-error: no such kind
  { kind: "other" },
];
export const untagged: Untagged[] = ["text", [1, 2], { x: 1 }];
export const flattened: Flattened[] = [
  { own: true, id: 1, tags: [], kind: "nothing" },
  { own: true, id: 1, tags: [], kind: "with_fields", someField: 1, otherField: null },
  // @ts-expect-error: a flattened field is missing
  { own: true, id: 1, kind: "nothing" },
];
export const tagged: Tagged = { t: "Tagged", value: 1 };
export const pairs: Pair[] = [[1, 2], [1, null]];
export const empty: Empty = {};
// @ts-expect-error: nothing in it
export const notEmpty: Empty = [];
expectTypeOf<Unit>().toEqualTypeOf<null>();
export const tree: Tree = { label: "a", children: [{ label: "b", children: [] }] };
export const page: Page<string> = { items: ["a"], next: 1 };
export const json: JsonValue = { a: [1, "b", null, { c: true }] };
export const containers: Pick<Containers, "map" | "by_level" | "tuple" | "array" | "result"> = {
  map: { a: [] },
  by_level: { HIGH: 1 },
  tuple: [1, "a", null],
  array: [1, 2, 3],
  result: { Ok: 1 },
};
expectTypeOf<Containers["big"]>().toEqualTypeOf<number>();
expectTypeOf<Containers["nested"]>().toEqualTypeOf<(Page<{ id: number; tags: string[] }> | null)[] | null>();

expectTypeOf(api.emitWithAck("pages", { items: [1], next: "n" })).toEqualTypeOf<Promise<Page<Page<{ id: number; tags: string[] }>>>>();
expectTypeOf<Parameters<Parameters<Shapes["containers"]>[1]>[0]>().toEqualTypeOf<Ack<number, { [key: string]: number }>>();
api.emit("odd names", 1, 2, 3, 4, 5);
// @ts-expect-error: `this` counts as an argument
api.emit("odd names", 1, 2, 3, 4);
api.emit("taken", 1, null, () => {});
api.on("taken", (_first, _second, ack) => ack());
// Also what is sent both ways is typed both ways.
api.on("renamed", (value, ack) => ack(value));
