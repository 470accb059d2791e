/** The answer of an event that may fail: `if (res.ok) res.value; else if (res.fault) res.fault.code; else res.error`. */
export type Ack<T, E> =
  | { ok: true; value: T; error?: never; fault?: never }
  | { ok: false; error: E; value?: never; fault?: never }
  | { ok: false; fault: Fault; value?: never; error?: never };

/** The other side could not run its handler to the end. */
export type Fault = { code: FaultCode; message: string };

/** Arguments that do not fit; a failure inside; too much to do; cancelled before the end. */
export type FaultCode = "bad_args" | "internal" | "overloaded" | "cancelled";
