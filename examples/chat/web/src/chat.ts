/** The page's side of the contract: one connection, typed calls, and what has to happen after a reconnect. No DOM in here. */
import { chatClient, connectChat, type Binary, type ChatApi, type ChatConnectError, type Login, type Message, type RoomSummary, type SendError } from "./chat.gen";
import { Room, arrived, type Entry } from "./room";
import { denial, refusal } from "./words";

/** `left`: no connection and none wanted, the page shows the login. */
export type Status = "left" | "connecting" | "online" | "offline";

export interface Question {
  prompt: string;
  seconds: number;
  answer(yes: boolean): void;
}

/** What an own row carries until the server has it. */
type Outgoing = { room: string; text: string; replyTo: number | null; picture?: ArrayBuffer; media?: string };

const ANSWER_MS = 8000;
/** Longer than the server lets a vote run. */
const VOTE_MS = 30_000;
/** Typing notices are sent at most this often. */
const TYPING_EVERY_MS = 1500;
const SEAT = "ackord-chat-seat";

export class Chat {
  status: Status = "left";
  me = "";
  transport = "";
  /** Why the login is shown, or what a call was refused for. */
  notice = "";
  rooms: RoomSummary[] = [];
  current: Room | null = null;
  questions: Question[] = [];
  readonly open = new Map<string, Room>();

  private api: ChatApi | null = null;
  private seat: Login = { name: "", token: null };
  private readonly outbox = new Map<string, Outgoing>();
  private lastTyping = 0;
  private keys = 0;
  private announced = false;

  private readonly changed: () => void;

  /** `changed` is called once after every burst of changes. */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  get waiting(): number {
    return this.outbox.size;
  }

  /** A page that is loaded again takes its seat back. */
  resume(): void {
    const seat = sessionStorage.getItem(SEAT);
    if (seat) this.connect(JSON.parse(seat) as Login);
  }

  connect(login: Login): void {
    this.api?.socket.disconnect();
    this.status = "connecting";
    this.notice = "";
    // The seat is asked for at every connect: from the second one on it has the token.
    this.seat = login;
    const api = chatClient(connectChat(location.origin, (send) => send(this.seat), { forceNew: true, reconnectionDelay: 500, reconnectionDelayMax: 3000 }));
    this.api = api;
    api.socket.on("connect", () => void this.begin(api));
    api.socket.on("disconnect", (reason) => this.lost(api, reason));
    api.socket.on("connect_error", (error: ChatConnectError) => this.refused(api, error));
    this.listen(api);
    this.touch();
  }

  leave(): void {
    sessionStorage.removeItem(SEAT);
    this.api?.socket.disconnect();
    this.reset("");
  }

  async join(name: string): Promise<void> {
    const res = await this.online?.timeout(ANSWER_MS).try.joinRoom(name);
    if (!res) return;
    if (!res.ok) return this.say(refusal(res));
    const room = this.open.get(name) ?? new Room(name, () => this.touch());
    this.open.set(name, room);
    this.notice = "";
    room.enter(res.value);
    this.show(room);
    void this.fetchPictures(room);
  }

  show(room: Room): void {
    room.unread = 0;
    this.current = room;
    this.touch();
  }

  async leaveRoom(room: Room): Promise<void> {
    this.open.delete(room.name);
    for (const [key, outgoing] of this.outbox) if (outgoing.room === room.name) this.outbox.delete(key);
    room.leave();
    if (this.current === room) this.current = [...this.open.values()].at(-1) ?? null;
    this.touch();
    await this.online?.timeout(ANSWER_MS).try.leaveRoom(room.name);
  }

  /** Sends a message, or keeps it until there is a connection. Resolves with the typed error that the server had for it. */
  async sendText(room: Room, text: string, replyTo: number | null): Promise<SendError | null> {
    return this.post(room, { room: room.name, text, replyTo });
  }

  async sendPicture(room: Room, file: File, picture: ArrayBuffer): Promise<SendError | null> {
    return this.post(room, { room: room.name, text: file.name || "picture", replyTo: null, picture, media: file.type });
  }

  /** Tries a row again that got no answer. */
  retry(room: Room, entry: Entry): void {
    if (this.outbox.has(entry.key)) void this.deliver(room, entry.key);
  }

  discard(room: Room, entry: Entry): void {
    this.outbox.delete(entry.key);
    room.update(entry.key, () => null);
  }

  typing(room: Room): void {
    if (!this.online || Date.now() - this.lastTyping < TYPING_EVERY_MS) return;
    this.lastTyping = Date.now();
    this.online.socket.volatile.emit("typing", room.name);
  }

  async clear(room: Room): Promise<void> {
    const res = await this.online?.timeout(VOTE_MS).try.clearRoom(room.name);
    if (res && !res.ok) this.say(refusal(res));
  }

  say(notice: string): void {
    this.notice = notice;
    this.touch();
  }

  /** The calls, while they can be made. */
  private get online(): ChatApi | null {
    return this.api?.socket.connected ? this.api : null;
  }

  private listen({ on }: ChatApi): void {
    on.rooms((rooms) => {
      this.rooms = rooms;
      this.touch();
    });
    on.message((message) => this.receive(arrived(message)));
    on.image((message, data) => this.receive(arrived(message, address(data, message))));
    on.typing((room, who) => this.open.get(room)?.types(who));
    on.presence((name, who, here) => {
      const room = this.open.get(name);
      if (here) room?.members.add(who);
      else room?.members.delete(who);
      room?.quiet(who);
      this.touch();
    });
    on.tally((name, tally) => {
      const room = this.open.get(name);
      if (!room) return;
      room.tally = tally;
      if (tally.cleared) room.entries.filter((entry) => entry.delivery === "sent").forEach((entry) => room.update(entry.key, () => null));
      this.touch();
    });
    on.confirm((prompt, seconds) => new Promise((answer) => this.ask(prompt, seconds, answer)));
  }

  /** One that lapses is not answered. */
  private ask(prompt: string, seconds: number, answer: (yes: boolean) => void): void {
    const close = () => {
      clearTimeout(lapse);
      this.questions = this.questions.filter((other) => other !== question);
      this.touch();
    };
    const question: Question = {
      prompt,
      seconds,
      answer: (yes) => {
        answer(yes);
        close();
      },
    };
    const lapse = setTimeout(close, seconds * 1000);
    this.questions = [...this.questions, question];
    this.touch();
  }

  private receive(entry: Entry): void {
    const room = this.open.get(entry.message.room);
    if (!room) return;
    if (room !== this.current) room.unread += 1;
    room.add(entry);
  }

  /** After every connect: who am I, back into the rooms, then what was written meanwhile, in this order. */
  private async begin(api: ChatApi): Promise<void> {
    const { socket } = api;
    const res = await api.timeout(ANSWER_MS).try.hello();
    if (!res.ok) return void (socket.connected && socket.disconnect().connect());
    const welcome = res.value;
    this.seat = { name: welcome.name, token: welcome.token };
    sessionStorage.setItem(SEAT, JSON.stringify(this.seat));
    this.me = welcome.name;
    this.rooms = welcome.rooms;
    this.watchTransport(api);
    const first = this.open.size === 0 ? welcome.rooms[0]?.name : undefined;
    if (first) await this.join(first);
    else await Promise.all([...this.open.values()].map((room) => this.rejoin(api, room)));
    this.status = socket.connected ? "online" : "offline";
    this.touch();
    for (const [key, outgoing] of this.outbox) {
      const room = this.open.get(outgoing.room);
      if (room?.entries.find((entry) => entry.key === key)?.delivery === "queued") void this.deliver(room, key);
    }
  }

  private async rejoin(api: ChatApi, room: Room): Promise<void> {
    const res = await api.timeout(ANSWER_MS).try.joinRoom(room.name);
    if (!res.ok) return;
    room.enter(res.value);
    void this.fetchPictures(room);
  }

  private watchTransport({ socket }: ChatApi): void {
    const engine = socket.io.engine;
    this.transport = engine.transport.name;
    engine.once("upgrade", (transport) => {
      this.transport = transport.name;
      this.touch();
    });
  }

  private lost(api: ChatApi, reason: string): void {
    if (api !== this.api) return;
    this.questions = [];
    for (const room of this.open.values()) for (const who of room.typing.keys()) room.quiet(who);
    if (reason === "io server disconnect") return this.reset("You have come in from another page.");
    if (this.status !== "left") this.status = "offline";
    this.touch();
  }

  private refused(api: ChatApi, error: ChatConnectError): void {
    if (api !== this.api) return;
    const { socket } = api;
    if (socket.active) this.status = this.me ? "offline" : "connecting";
    else this.reset(error.data ? denial(error.data) : error.message);
    if (socket.active && !this.me) this.notice = "The server cannot be reached. Trying again…";
    this.touch();
  }

  private reset(notice: string): void {
    this.api = null;
    this.status = "left";
    this.me = "";
    this.notice = notice;
    this.questions = [];
    this.outbox.clear();
    for (const room of this.open.values()) room.leave();
    this.open.clear();
    this.current = null;
    this.touch();
  }

  private post(room: Room, outgoing: Outgoing): Promise<SendError | null> {
    const key = `own-${++this.keys}`;
    const image = outgoing.picture ? { media: outgoing.media ?? "", bytes: outgoing.picture.byteLength } : null;
    const url = outgoing.picture ? { url: URL.createObjectURL(new Blob([outgoing.picture])) } : {};
    const message = { id: null, from: this.me, at: Math.floor(Date.now() / 1000), room: room.name, text: outgoing.text, reply_to: outgoing.replyTo, image };
    this.outbox.set(key, outgoing);
    this.lastTyping = 0;
    room.add({ key, delivery: "queued", message, ...url });
    return this.status === "online" ? this.deliver(room, key) : Promise.resolve(null);
  }

  private async deliver(room: Room, key: string): Promise<SendError | null> {
    const outgoing = this.outbox.get(key);
    if (!outgoing || !this.api) return null;
    room.update(key, ({ problem: _, ...entry }) => ({ ...entry, delivery: "sending" }));
    const call = this.api.timeout(ANSWER_MS).try;
    const { text, replyTo, picture } = outgoing;
    const res = await (picture ? call.filePut(room.name, text, picture) : call.send(room.name, text, replyTo));
    if (res.ok) {
      this.outbox.delete(key);
      room.update(key, (entry) => ({ ...entry, delivery: "sent", message: res.value }));
      return null;
    }
    if (res.error) {
      this.outbox.delete(key);
      room.update(key, () => null);
      return res.error;
    }
    // No answer: it may have arrived or not, so it is the user who decides whether to say it again.
    room.update(key, (entry) => ({ ...entry, delivery: "failed", problem: res.lost ? "No answer: it may not have arrived." : refusal(res) }));
    return null;
  }

  private async fetchPictures(room: Room): Promise<void> {
    const missing = room.entries.filter((entry) => entry.message.image && !entry.url);
    for (const { key, message } of missing) {
      if (!this.online || message.id === null) return;
      const res = await this.online.timeout(ANSWER_MS).try.fileGet(room.name, message.id);
      if (res.ok) room.update(key, (entry) => ({ ...entry, url: address(res.value, entry.message) }));
      else room.update(key, (entry) => ({ ...entry, problem: res.lost ? "The picture did not arrive." : refusal(res) }));
    }
  }

  private touch(): void {
    if (this.announced) return;
    this.announced = true;
    queueMicrotask(() => {
      this.announced = false;
      this.changed();
    });
  }
}

function address(data: Binary, message: { image: Message["image"] }): string {
  return URL.createObjectURL(new Blob([data], { type: message.image?.media ?? "" }));
}
