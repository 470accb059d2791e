/** Who may come in, and under which name. */
import { randomBytes } from "node:crypto";
import type { Denied, Login } from "./chat.gen.ts";

/** How many people there may be at once. */
const MAX = 500;

/** A name that one may chat under. */
export type Seat = { name: string; token: string };

type Taken = { token: string; socket: string | null };

export class Seats {
  readonly #taken = new Map<string, Taken>();

  /** Whether somebody may come in. The right token takes a name back from a connection that is not known to be dead yet. */
  admit({ name, token }: Login): Seat | Denied {
    if (!/^[A-Za-z0-9_-]{2,20}$/.test(name)) return "BadName";
    const taken = this.#taken.get(key(name));
    if (taken) return token === taken.token ? { name, token } : "NameTaken";
    if (this.#taken.size >= MAX) return "Full";
    const seat = { name, token: randomBytes(16).toString("hex") };
    this.#taken.set(key(name), { token: seat.token, socket: null });
    return seat;
  }

  /** Gives the seat to `socket`; returns the one that had it. */
  sit({ name }: Seat, socket: string): string | null {
    const taken = this.#taken.get(key(name));
    const former = taken?.socket ?? null;
    if (taken) taken.socket = socket;
    return former;
  }

  /** Frees the seat, unless another socket has it by now. */
  free({ name }: Seat, socket: string): void {
    if (this.#taken.get(key(name))?.socket === socket) this.#taken.delete(key(name));
  }
}

/** `Ada` and `ada` are one name. */
const key = (name: string) => name.toLowerCase();
