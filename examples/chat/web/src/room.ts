/** What the page knows of one room. No network and no DOM in here. */
import type { Message, RoomInfo, Tally } from "./chat.gen";

/** Where an own message is on its way; those of others are always `sent`. */
export type Delivery = "queued" | "sending" | "sent" | "failed";

/** One row of a room. Never changed, only replaced: views compare identities to see what is new. */
export interface Entry {
  readonly key: string;
  readonly delivery: Delivery;
  readonly message: Omit<Message, "id"> & { readonly id: number | null };
  /** A picture's address, once its bytes are here. */
  readonly url?: string;
  /** Why it failed. */
  readonly problem?: string;
}

/** Older rows are dropped: a page that stays open for weeks must not grow for weeks. */
const KEPT = 300;
/** A typing notice is volatile: it lapses by itself when the next one does not come. */
const TYPING_MS = 3000;

export class Room {
  joined = false;
  unread = 0;
  members = new Set<string>();
  entries: Entry[] = [];
  tally: Tally | null = null;
  readonly typing = new Map<string, ReturnType<typeof setTimeout>>();

  readonly name: string;
  private readonly changed: () => void;

  constructor(name: string, changed: () => void) {
    this.name = name;
    this.changed = changed;
  }

  /** Takes over what the server says; own messages that it has not seen yet stay at the end. */
  enter(info: RoomInfo): void {
    const known = new Map(this.entries.map((entry) => [entry.message.id, entry]));
    const waiting = this.entries.filter((entry) => entry.delivery !== "sent");
    this.joined = true;
    this.tally = null;
    this.members = new Set(info.members);
    const seen = info.history.map((message) => known.get(message.id) ?? arrived(message));
    this.replace([...seen, ...waiting]);
  }

  leave(): void {
    this.joined = false;
    this.unread = 0;
    this.members.clear();
    this.tally = null;
    this.replace([]);
  }

  /** A message that comes in while the room is being entered is in the history already. */
  add(entry: Entry): void {
    if (this.find(entry.message.id)) return;
    if (entry.message.id !== null) this.quiet(entry.message.from);
    this.replace([...this.entries, entry]);
  }

  /** Replaces the row `key` by what `change` makes of it; `null` removes it. */
  update(key: string, change: (entry: Entry) => Entry | null): void {
    this.replace(this.entries.flatMap((entry) => (entry.key === key ? (change(entry) ?? []) : entry)));
  }

  find(id: number | null): Entry | undefined {
    return id === null ? undefined : this.entries.find((entry) => entry.message.id === id);
  }

  types(who: string): void {
    clearTimeout(this.typing.get(who));
    this.typing.set(
      who,
      setTimeout(() => this.quiet(who), TYPING_MS),
    );
    this.changed();
  }

  quiet(who: string): void {
    clearTimeout(this.typing.get(who));
    if (this.typing.delete(who)) this.changed();
  }

  private replace(entries: Entry[]): void {
    const kept = entries.slice(-KEPT);
    const urls = new Set(kept.map((entry) => entry.url));
    for (const { url } of this.entries) if (url && !urls.has(url)) URL.revokeObjectURL(url);
    this.entries = kept;
    this.changed();
  }
}

export function arrived(message: Message, url?: string): Entry {
  return { key: `#${message.id}`, delivery: "sent", message, ...(url ? { url } : {}) };
}
