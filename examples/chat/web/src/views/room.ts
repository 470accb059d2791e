import type { Chat } from "../chat";
import { avatar, h, icon, reconcile } from "../dom";
import { pictureIn } from "../images";
import { count } from "../words";
import { composerView } from "./composer";
import { messagesView } from "./messages";
import { tallyView } from "./tally";

const BROOM = "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5";
const OUT = "M15 17l5-5-5-5M20 12H9M12 20H5V4h7";
const FACES = 5;

export function roomView(chat: Chat) {
  const title = h("h1");
  const who = h("p", { className: "who" });
  const faces = h("div", { className: "faces" });
  const pill = h("span", { className: "pill", attrs: { "data-testid": "state" } });
  const clear = h("button", { type: "button", className: "quiet", title: "Clear this room (asks everybody)", attrs: { "aria-label": "Clear this room" } }, icon(BROOM));
  const leave = h("button", { type: "button", className: "quiet", title: "Leave this room", attrs: { "aria-label": "Leave this room" } }, icon(OUT));
  clear.addEventListener("click", () => chat.current && void chat.clear(chat.current));
  leave.addEventListener("click", () => chat.current && void chat.leaveRoom(chat.current));
  const actions = h("div", { className: "actions" }, faces, pill, clear, leave);
  const head = h("header", {}, h("div", { className: "title" }, title, who), actions);
  const composer = composerView(chat);
  const messages = messagesView(chat, composer.reply);
  const tally = tallyView(chat);
  const typing = h("p", { className: "typing", attrs: { "aria-live": "polite" } });
  const notice = h("p", { className: "problem notice", attrs: { role: "alert" } });
  const element = h("main", { className: "room" }, head, notice, tally.element, messages.element, typing, composer.element);
  let members = "";

  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.classList.add("dropping");
  });
  element.addEventListener("dragleave", (event) => {
    if (!element.contains(event.relatedTarget as Node | null)) element.classList.remove("dropping");
  });
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("dropping");
    void composer.picture(pictureIn(event.dataTransfer));
  });

  function updateHead() {
    const room = chat.current;
    const names = [...(room?.members ?? [])].sort((a, b) => a.localeCompare(b));
    title.textContent = room ? `# ${room.name}` : "No room open";
    who.textContent = room ? count(names.length, "person", "people") : "Choose one on the list.";
    who.title = names.join(", ");
    clear.hidden = leave.hidden = !room;
    clear.disabled = chat.status !== "online";
    pill.className = `pill ${chat.status}`;
    pill.textContent = chat.status === "online" ? chat.transport : chat.status;
    if (members === names.join()) return;
    members = names.join();
    reconcile(faces, [...names.slice(0, FACES).map(face), ...(names.length > FACES ? [h("span", { className: "avatar more" }, `+${names.length - FACES}`)] : [])]);
  }

  return {
    element,
    update() {
      updateHead();
      notice.textContent = chat.notice;
      const names = [...(chat.current?.typing.keys() ?? [])];
      typing.textContent = names.length ? `${names.join(", ")} ${names.length === 1 ? "is" : "are"} typing…` : "";
      for (const view of [messages, tally, composer]) view.update();
    },
  };
}

function face(name: string): HTMLElement {
  const element = avatar(name);
  element.title = name;
  return element;
}
