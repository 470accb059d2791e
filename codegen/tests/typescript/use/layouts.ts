// One file, a folder and JavaScript have the same types.
import { expectTypeOf } from "expect-type";
import * as one from "../../fixtures/everything.ts";
import * as folder from "../../fixtures/folder/index.ts";
import { connectMarket } from "../../fixtures/folder/market.ts";
import * as many from "../../fixtures/javascript/many/index.js";
import * as script from "../../fixtures/javascript/everything.js";

/** Of interfaces that are declared twice one cannot ask for more. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

expectTypeOf<keyof typeof folder>().toEqualTypeOf<keyof typeof one>();
expectTypeOf<keyof typeof script>().toEqualTypeOf<keyof typeof one>();
expectTypeOf<keyof typeof many>().toEqualTypeOf<keyof typeof one>();
expectTypeOf(connectMarket).toEqualTypeOf(folder.connectMarket);
expectTypeOf<Same<folder.LiveApi, one.LiveApi>>().toEqualTypeOf<true>();
expectTypeOf<Same<many.LiveApi, one.LiveApi>>().toEqualTypeOf<true>();
expectTypeOf<Same<script.LiveApi, one.LiveApi>>().toEqualTypeOf<true>();
expectTypeOf<Same<script.Namespaces, one.Namespaces>>().toEqualTypeOf<true>();
expectTypeOf<Same<many.CallError<string>, one.CallError<string>>>().toEqualTypeOf<true>();
expectTypeOf<Same<many.CallError<string>, one.CallError<number>>>().toEqualTypeOf<false>();
expectTypeOf(script.paths.room({ id: 1, part: "a" })).toEqualTypeOf(one.paths.room({ id: 1, part: "a" }));
