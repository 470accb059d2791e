/** The rooms: who is in them and what was said lately. No network in here, and a limit on everything. */
import type { Image, JoinError, Message, RoomInfo, RoomSummary } from "./chat.gen.ts";

/** Rooms that are there even when nobody is in them. */
const FIXED = ["lobby", "design", "rust"];
const MAX_ROOMS = 30;
/** Messages kept for those who come later, of each room. */
const HISTORY = 100;
/** Pictures kept, of all rooms together. */
const PICTURES = 32;

/** The socket tells a returned member from the dead connection that is cleaned up later. */
type Room = { members: Map<string, string>; history: Message[]; voting: boolean };

type Picture = { room: string; id: number; data: Buffer };

/** What somebody says: everything of a message that the hub does not know better. */
export type Draft = Pick<Message, "from" | "room" | "text" | "reply_to"> & { picture?: { media: string; data: Buffer } };

const newRoom = (): Room => ({ members: new Map(), history: [], voting: false });

export class Hub {
  readonly #rooms = new Map(FIXED.map((name) => [name, newRoom()]));
  #pictures: Picture[] = [];
  #lastId = 0;

  summaries(): RoomSummary[] {
    return [...this.#rooms].map(([name, { members }]) => ({ name, members: members.size }));
  }

  /** Lets `who` into a room, which is made if need be. */
  enter(name: string, who: string, socket: string): { info: RoomInfo } | { error: JoinError } {
    if (!/^[a-z0-9-]{1,24}$/.test(name)) return { error: { code: "bad_name" } };
    let room = this.#rooms.get(name);
    if (!room) {
      if (this.#rooms.size >= MAX_ROOMS) return { error: { code: "too_many_rooms", max: MAX_ROOMS } };
      this.#rooms.set(name, (room = newRoom()));
    }
    room.members.set(who, socket);
    return { info: { members: [...room.members.keys()].sort(), history: room.history } };
  }

  /** Takes `who` out; false if they were not in it with this socket. A room of their own making goes with the last one. */
  leave(name: string, who: string, socket: string): boolean {
    const room = this.#rooms.get(name);
    if (room?.members.get(who) !== socket) return false;
    room.members.delete(who);
    if (room.members.size === 0 && !FIXED.includes(name)) {
      this.#rooms.delete(name);
      this.#forget(name);
    }
    return true;
  }

  /** Takes down what was said. A room that is gone forgets it at once. */
  say({ picture, ...said }: Draft): Message {
    const id = ++this.#lastId;
    let image: Image | null = null;
    if (picture) {
      this.#pictures = [...this.#pictures, { room: said.room, id, data: picture.data }].slice(-PICTURES);
      image = { media: picture.media, bytes: picture.data.length };
    }
    const message = { id, at: Math.floor(Date.now() / 1000), ...said, image };
    const room = this.#rooms.get(said.room);
    if (room) room.history = [...room.history, message].slice(-HISTORY);
    return message;
  }

  picture(room: string, id: number): Buffer | undefined {
    return this.#pictures.find((picture) => picture.id === id && picture.room === room)?.data;
  }

  clear(name: string): void {
    this.#forget(name);
    const room = this.#rooms.get(name);
    if (room) room.history = [];
  }

  /** Starts a vote: how many others there are to ask, or `null` if one is running. */
  beginVote(name: string): number | null {
    const room = this.#rooms.get(name);
    if (!room || room.voting) return null;
    room.voting = true;
    return Math.max(0, room.members.size - 1);
  }

  endVote(name: string): void {
    const room = this.#rooms.get(name);
    if (room) room.voting = false;
  }

  #forget(room: string): void {
    this.#pictures = this.#pictures.filter((picture) => picture.room !== room);
  }
}
