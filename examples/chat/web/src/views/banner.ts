import type { Chat } from "../chat";
import { h } from "../dom";
import { count } from "../words";

/** Says that the connection is lost, and what becomes of what is written meanwhile. */
export function bannerView(chat: Chat) {
  const text = h("span");
  const element = h("div", { className: "banner", hidden: true, attrs: { role: "status", "data-testid": "banner" } }, h("span", { className: "spinner", attrs: { "aria-hidden": "true" } }), text);
  return {
    element,
    update() {
      element.hidden = chat.status !== "offline";
      const waiting = chat.waiting ? ` ${count(chat.waiting, "message")} waiting.` : " What you write is sent afterwards.";
      const words = `Connection lost. Reconnecting…${waiting}`;
      if (text.textContent !== words) text.textContent = words;
    },
  };
}
