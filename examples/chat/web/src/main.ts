import "./style.css";
import { Chat } from "./chat";
import { h } from "./dom";
import { bannerView } from "./views/banner";
import { loginView } from "./views/login";
import { questionsView } from "./views/questions";
import { roomView } from "./views/room";
import { sidebarView } from "./views/sidebar";

const chat: Chat = new Chat(() => update());
const login = loginView(chat);
const views = [bannerView(chat), sidebarView(chat), roomView(chat), questionsView(chat)];
const app = h("div", { className: "app", hidden: true }, ...views.map((view) => view.element));

function update() {
  login.update();
  app.hidden = chat.me === "";
  if (!app.hidden) for (const view of views) view.update();
  document.title = title();
}

function title(): string {
  const unread = [...chat.open.values()].reduce((sum, room) => sum + room.unread, 0);
  return `${unread ? `(${unread}) ` : ""}${chat.current ? `#${chat.current.name} · ` : ""}ackord chat`;
}

document.body.append(login.element, app);
chat.resume();
update();
