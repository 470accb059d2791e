/** How a stream ended: `if (end.ok) …; else if (end.fault) end.fault.code; else end.error`. */
export type StreamEnd<E> =
  | { ok: true; error?: never; fault?: never }
  | { ok: false; error: E; fault?: never }
  | { ok: false; fault: Fault; error?: never };
