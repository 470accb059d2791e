/** A call on its way. It rejects with a `CallError<E>`, whose type `catch` and `then` know. */
export interface Call<T, E = never> extends Promise<T> {
  then<A = T, B = never>(
    done?: ((value: T) => A | PromiseLike<A>) | null | undefined,
    failed?: ((error: CallError<E>) => B | PromiseLike<B>) | null | undefined,
  ): Promise<A | B>;
  catch<B = never>(failed?: ((error: CallError<E>) => B | PromiseLike<B>) | null | undefined): Promise<T | B>;
}

/**
 * What became of a call: `if (res.ok) res.value; else if (res.fault) res.fault.code; else res.error`. `lost` tells the faults of this side
 * from those of the other.
 */
export type Outcome<T, E = never> =
  | { ok: true; value: T; error?: never; fault?: never; lost?: never }
  | ([E] extends [never] ? never : { ok: false; error: E; value?: never; fault?: never; lost?: never })
  | { ok: false; fault: Fault; lost?: never; value?: never; error?: never }
  | { ok: false; fault: Lost; lost: true; value?: never; error?: never };

/**
 * A fault of this side: there was no answer in time; the connection was lost before the answer, which tells nothing of whether the call
 * arrived; a stream was read so slowly that too many items waited.
 */
export type Lost = { code: "timeout" | "disconnected" | "lagged"; message: string };

/** What a handler answers that may fail. */
export type Answer<T, E> = { ok: true; value: T } | { ok: false; error: E };

/** Why a call has no value: `kind` tells the contract's own `error` (`app`) from a `fault` of the other side and from what went wrong here. */
export type CallError<E = unknown> = globalThis.Error & { readonly name: "CallError"; readonly event: string } & (
    | { readonly kind: "app"; readonly error: E; readonly fault?: undefined }
    | { readonly kind: "fault"; readonly fault: Fault; readonly error?: undefined }
    | { readonly kind: Lost["code"]; readonly fault: Lost; readonly error?: undefined }
  );
export const CallError: { readonly prototype: CallError; new (event: string, res: Outcome<never, unknown>): CallError } =
  // A page that makes no calls does not load it.
  /* @__PURE__ */ (() =>
    class extends Error {
      constructor(event: string, { error, fault, lost }: any) {
        super(`${event}: ${fault ? fault.message : JSON.stringify(error)}`);
        Object.assign(this, { name: "CallError", event, error, fault, kind: lost ? fault.code : fault ? "fault" : "app" });
      }
    })() as never;

/** The calls of `C` that are answered; they resolve with their `Outcome` and do not reject. */
export type Tried<C> = {
  readonly [K in keyof C as C[K] extends (...args: any[]) => Call<any, any> ? K : never]: C[K] extends (
    ...args: infer A
  ) => Call<infer T, infer E>
    ? (...args: A) => Promise<Outcome<T, E>>
    : never;
};

/** What `…Client` functions return, beside the calls themselves. */
interface _Api<S, C, H> {
  /** The stock socket, for all else: `connect`, `disconnect`, `volatile`, … */
  readonly socket: S;
  /** Handlers of what the server sends. Each method returns the function that removes its handler. */
  readonly on: H;
  /** The same calls, with their outcome as a value: nothing is thrown. */
  readonly try: Tried<C>;
  /** The same calls, with so many milliseconds until they fail. */
  timeout(ms: number): C & { readonly try: Tried<C> };
}
interface _Caller {
  socket: any;
  /** Asks; `plain` if the answer has no envelope. */
  call(event: string, args: unknown[], plain?: boolean): any;
}

/** Why there is no value; `lost` if that is known on this side only. */
function _fault(code: string, message: string, lost?: true): any {
  return { ok: false, fault: { code, message }, lost };
}

/** The outcome of a call that the stock client gave up with `error`. */
function _given(error: any): any {
  const { message } = error;
  const words = /timed out|(disconnected)/.exec(message);
  if (words) return _fault(words[1] ?? "timeout", message, true);
  throw error;
}

function _value(event: string, res: any): any {
  if (res.ok) return res.value;
  throw new CallError(event, res);
}

function _client(socket: any, calls: ($: _Caller) => object, on: object): any {
  const make = (settle: (event: string, res: any) => any, ms?: number) =>
    calls({
      socket,
      async call(event, args, plain) {
        return settle(
          event,
          await (ms == null ? socket : socket.timeout(ms))
            .emitWithAck(event, ...args)
            .then((value: any) => (plain ? { ok: true, value } : value), _given),
        );
      },
    });
  const at = (ms?: number) => ({ ...make(_value, ms), try: make((_, res) => res, ms) });
  return { ...at(), socket, on, timeout: at };
}
