import type { Chat } from "../chat";
import { avatar, h, hue, icon, reconcile } from "../dom";
import type { Entry, Room } from "../room";
import { size } from "../words";

const STATES = { queued: "Waiting for the connection", sending: "Sending", sent: "Sent", failed: "Not sent" } as const;
const MARKS = { queued: "◷", sending: "…", sent: "✓", failed: "!" } as const;
/** Messages of one person within this many seconds stand together. */
const TOGETHER = 300;

export function messagesView(chat: Chat, reply: (entry: Entry) => void) {
  const list = h("ol", { className: "messages", tabIndex: 0, attrs: { role: "log", "aria-live": "polite", "aria-label": "Messages" } });
  const empty = h("li", { className: "empty" }, "Nothing has been said here yet.");
  let rows = new Map<string, { entry: Entry; follows: boolean; element: HTMLElement }>();
  let shown: Room | null = null;

  function row(room: Room, entry: Entry, follows: boolean) {
    const { message } = entry;
    const own = message.from === chat.me;
    const bubble = h("div", { className: "bubble" }, ...quote(room, entry), message.image ? picture(entry) : h("p", {}, message.text));
    const meta = h("div", { className: "meta" }, h("time", {}, clock(message.at)), own && mark(entry));
    const tools = entry.delivery === "failed" ? retryTools(room, entry) : entry.delivery === "sent" && replyTool(entry);
    const author = !follows && h("div", { className: "author" }, own ? "You" : message.from);
    const body = h("div", { className: "body" }, author, h("div", { className: "line" }, bubble, tools), entry.problem ? h("p", { className: "problem" }, entry.problem) : null, meta);
    const element = h("li", { className: `${own ? "own" : "other"} ${entry.delivery}${follows ? " follows" : ""}`, attrs: { "data-delivery": entry.delivery } }, follows ? h("span", { className: "avatar none" }) : avatar(message.from), body);
    element.style.setProperty("--hue", String(hue(message.from)));
    return element;
  }

  function replyTool(entry: Entry) {
    const button = h("button", { type: "button", className: "quiet tool", title: "Reply", attrs: { "aria-label": `Reply to ${entry.message.from}: ${entry.message.text}` } }, icon("M9 7l-5 5 5 5M4 12h9a7 7 0 0 1 7 7"));
    button.addEventListener("click", () => reply(entry));
    return button;
  }

  function retryTools(room: Room, entry: Entry) {
    const again = h("button", { type: "button" }, "Send again");
    const drop = h("button", { type: "button", className: "quiet" }, "Discard");
    again.addEventListener("click", () => chat.retry(room, entry));
    drop.addEventListener("click", () => chat.discard(room, entry));
    return h("div", { className: "tools" }, again, drop);
  }

  function update() {
    const room = chat.current;
    if (room !== shown) rows = new Map();
    const stay = shown === room && list.scrollHeight - list.scrollTop - list.clientHeight > 80;
    const before = list.childElementCount;
    const next: typeof rows = new Map();
    let previous: Entry | undefined;
    for (const entry of room?.entries ?? []) {
      const follows = previous?.message.from === entry.message.from && entry.message.at - previous.message.at < TOGETHER && entry.message.reply_to === null;
      const old = rows.get(entry.key);
      if (room) next.set(entry.key, old?.entry === entry && old.follows === follows ? old : { entry, follows, element: row(room, entry, follows) });
      previous = entry;
    }
    rows = next;
    shown = room;
    reconcile(list, rows.size ? [...rows.values()].map(({ element }) => element) : [empty]);
    if (!stay || (previous?.message.from === chat.me && list.childElementCount > before)) list.scrollTop = list.scrollHeight;
  }
  // A picture gets its height only when it is loaded; stay at the end then.
  list.addEventListener("load", () => (list.scrollTop = list.scrollHeight), true);

  return { element: list, update };
}

function quote(room: Room, entry: Entry): HTMLElement[] {
  if (entry.message.reply_to === null) return [];
  const original = room.find(entry.message.reply_to)?.message;
  return [h("blockquote", {}, original ? h("b", {}, original.from) : null, original ? ` ${original.text}` : "An earlier message")];
}

function picture(entry: Entry): HTMLElement {
  const { message, url } = entry;
  const caption = h("figcaption", {}, message.text, h("small", {}, size(message.image?.bytes ?? 0)));
  const shown = url ? h("img", { src: url, alt: `Picture from ${message.from}: ${message.text}` }) : h("div", { className: "placeholder" }, entry.problem ? "" : "Loading…");
  return h("figure", {}, shown, caption);
}

function mark(entry: Entry): HTMLElement {
  return h("span", { className: "mark", title: STATES[entry.delivery], attrs: { role: "img", "aria-label": STATES[entry.delivery] } }, MARKS[entry.delivery]);
}

function clock(at: number): string {
  return new Date(at * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
