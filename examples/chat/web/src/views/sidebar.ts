import type { Chat } from "../chat";
import { avatar, h, icon, reconcile } from "../dom";
import { count } from "../words";

const OUT = "M15 17l5-5-5-5M20 12H9M12 20H5V4h7";

export function sidebarView(chat: Chat) {
  const list = h("ul", { className: "rooms" });
  const rows = new Map<string, ReturnType<typeof row>>();
  const me = h("div", { className: "me" });
  let shown = "";

  const name = h("input", { id: "new-room", maxLength: 40, placeholder: "new-room", autocomplete: "off", spellcheck: false, required: true });
  const add = h(
    "form",
    { className: "new-room" },
    h("label", { htmlFor: "new-room", className: "hidden" }, "Name of a new room"),
    name,
    h("button", { type: "submit", title: "Open this room", attrs: { "aria-label": "Open this room" } }, icon("M12 5v14M5 12h14")),
  );
  add.addEventListener("submit", (event) => {
    event.preventDefault();
    void chat.join(name.value.trim()).then(() => chat.open.has(name.value.trim()) && add.reset());
  });

  function row(room: string) {
    const members = h("span", { className: "count" });
    const unread = h("span", { className: "badge" });
    const button = h("button", { type: "button" }, h("span", { className: "hash", attrs: { "aria-hidden": "true" } }, "#"), h("span", { className: "name" }, room), members, unread);
    button.addEventListener("click", () => {
      const open = chat.open.get(room);
      if (open) chat.show(open);
      else void chat.join(room);
    });
    return { element: h("li", {}, button), button, members, unread };
  }

  function updateRow(room: string, members: number) {
    const parts = rows.get(room) ?? row(room);
    rows.set(room, parts);
    const open = chat.open.get(room);
    parts.button.className = open ? "joined" : "";
    parts.button.setAttribute("aria-current", String(chat.current?.name === room));
    parts.members.textContent = String(members);
    parts.members.title = count(members, "person", "people");
    parts.unread.textContent = open?.unread ? String(open.unread) : "";
    parts.unread.title = open?.unread ? `${open.unread} unread` : "";
    return parts.element;
  }

  const element = h("nav", { className: "sidebar", attrs: { "aria-label": "Rooms" } }, h("div", { className: "logo" }, "ack", h("b", {}, "ord"), h("span", {}, "chat")), h("h2", {}, "Rooms"), list, add, me);

  return {
    element,
    update() {
      reconcile(list, chat.rooms.map((room) => updateRow(room.name, room.members)));
      if (shown === chat.me) return;
      shown = chat.me;
      const leave = h("button", { type: "button", className: "quiet", title: "Leave the chat", attrs: { "aria-label": "Leave the chat" } }, icon(OUT));
      leave.addEventListener("click", () => chat.leave());
      me.replaceChildren(avatar(chat.me), h("span", { className: "name" }, chat.me), leave);
    },
  };
}
