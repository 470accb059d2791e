// Generated from the Rust contract. Do not edit: run `cargo xtask typings`.
import { io } from "socket.io-client";
import type { ManagerOptions, Socket, SocketOptions } from "socket.io-client";

/** Bytes: an attachment on the wire. */
export type Binary = ArrayBuffer | Uint8Array;

/** Why a call could not be carried out, apart from its own error. */
export type Fault = { code: "bad_args" | "internal" | "overloaded" | "cancelled"; message: string };

/** The answer to an event that may fail. */
export type Ack<T, E> = { ok: true; value: T } | { ok: false; error: E; fault?: never } | { ok: false; fault: Fault; error?: never };

/** Who wants to come in. */
export type Login = { name: string; token: string | null };
/** Why somebody may not come in. */
export type Denied = "BadName" | "NameTaken" | "Full";
/** What a page needs to begin with. */
export type Welcome = { name: string; token: string; rooms: Array<RoomSummary> };
/** One line of the list of rooms. */
export type RoomSummary = { name: string; members: number };
/** What somebody sees who enters a room. */
export type RoomInfo = { members: Array<string>; history: Array<Message> };
/** Something said in a room. */
export type Message = { id: number; from: string; at: number; room: string; text: string; reply_to: number | null; image: Image | null };
/** What is known of a picture without its bytes. */
export type Image = { media: string; bytes: number };
/** Why a room could not be entered. */
export type JoinError = { code: "bad_name" } | { code: "too_many_rooms"; max: number };
/** Why a message or picture was not taken. */
export type SendError =
  | { code: "not_in_room" }
  | { code: "empty" }
  | { code: "too_long"; max: number }
  | { code: "too_large"; max: number }
  | { code: "not_an_image" };
/** Why a picture cannot be had. */
export type PictureError = { code: "not_in_room" } | { code: "gone" };
/** Why there was no vote on clearing a room. */
export type ClearError = { code: "not_in_room" } | { code: "vote_running" };
/** How a vote stands. */
export type Tally = { by: string; yes: number; no: number; open: number; cleared: boolean | null };

/** What a browser may ask of us. */
export interface ChatServer {
  hello: (ack: (res: Welcome) => void) => void;
  joinRoom: (room: string, ack: (res: Ack<RoomInfo, JoinError>) => void) => void;
  leaveRoom: (room: string, ack: () => void) => void;
  send: (room: string, text: string, reply_to: number | null, ack: (res: Ack<Message, SendError>) => void) => void;
  typing: (room: string) => void;
  "file:put": (room: string, name: string, data: Binary, ack: (res: Ack<Message, SendError>) => void) => void;
  "file:get": (room: string, id: number, ack: (res: Ack<Binary, PictureError>) => void) => void;
  clearRoom: (room: string, ack: (res: Ack<Tally, ClearError>) => void) => void;
}

/** What we tell browsers. */
export interface ChatClient {
  message: (msg: Message) => void;
  image: (msg: Message, data: Binary) => void;
  typing: (room: string, who: string) => void;
  presence: (room: string, who: string, here: boolean) => void;
  rooms: (rooms: Array<RoomSummary>) => void;
  tally: (room: string, tally: Tally) => void;
  confirm: (prompt: string, seconds: number, ack: (res: boolean) => void) => void;
}

type Fn = (...a: any[]) => void;
type Ackd<F> = F extends (...a: [...infer H, (...r: infer R) => void]) => void ? { args: H; res: R extends [infer X, ...any[]] ? X : void } : never;
type AckNames<U> = { [K in keyof U]: [Ackd<U[K]>] extends [never] ? never : K }[keyof U] & string;
type WithTimeout<F> = F extends (...a: [...infer H, (...r: infer R) => void]) => void
  ? (...a: [...H, (err: globalThis.Error | null, ...r: Partial<R>) => void]) => void
  : F;
interface Strict<U> {
  emitWithAck<E extends AckNames<U>>(ev: E, ...args: Ackd<U[E]>["args"]): Promise<Ackd<U[E]>["res"]>;
  timeout(ms: number): {
    emit<E extends keyof U & string>(ev: E, ...args: WithTimeout<U[E]> extends (...a: infer P) => void ? P : never): unknown;
    emitWithAck<E extends AckNames<U>>(ev: E, ...args: Ackd<U[E]>["args"]): Promise<Ackd<U[E]>["res"]>;
  };
}
export type TypedSocket<D extends Record<keyof D, Fn>, U extends Record<keyof U, Fn>> = Omit<Socket<D & {}, U & {}>, keyof Strict<U>> & Strict<U>;

export type ChatSocket = TypedSocket<ChatClient, ChatServer>;

/** Connects to `/chat`. */
export function connectChat(url: string, auth: Login, options: Partial<ManagerOptions & SocketOptions> = {}): ChatSocket {
  return io(`${url}/chat`, { ...options, auth });
}
