/** The answer to who subscribes to a stream: the subscription's id, or why there is none. */
export type Subscribed = { ok: true; value: number; fault?: never } | { ok: false; fault: Fault; value?: never };

/** How a stream ended: `if (end.ok) …; else if (end.fault) end.fault.code; else end.error`. */
export type StreamEnd<E> =
  | { ok: true; error?: never; fault?: never }
  | ([E] extends [never] ? never : { ok: false; error: E; fault?: never })
  | { ok: false; fault: Fault; error?: never };
