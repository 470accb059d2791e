import type { Chat } from "../chat";
import { h } from "../dom";
import type { Tally } from "../chat.gen";

/** How the vote on clearing the room stands: every answer moves it. */
export function tallyView(chat: Chat) {
  const words = h("span");
  const bar = h("div", { className: "bar", attrs: { "aria-hidden": "true" } }, h("i", { className: "yes" }), h("i", { className: "no" }), h("i", { className: "open" }));
  const close = h("button", { type: "button", className: "quiet", attrs: { "aria-label": "Close" } }, "✕");
  const element = h("div", { className: "tally", hidden: true, attrs: { role: "status", "data-testid": "tally" } }, words, bar, close);
  close.addEventListener("click", () => {
    if (chat.current) chat.current.tally = null;
    element.hidden = true;
  });

  return {
    element,
    update() {
      const tally = chat.current?.tally;
      element.hidden = !tally;
      if (!tally) return;
      const said = text(tally);
      if (words.textContent !== said) words.textContent = said;
      close.hidden = tally.cleared === null;
      [tally.yes, tally.no, tally.open].forEach((share, index) => {
        const part = bar.children[index];
        if (part instanceof HTMLElement) part.style.flexGrow = String(share);
      });
    },
  };
}

function text(tally: Tally): string {
  const votes = `${tally.yes} yes, ${tally.no} no`;
  if (tally.cleared === null) return `${tally.by} asks to clear this room: ${votes}, ${tally.open} to answer.`;
  return tally.cleared ? `The room was cleared (${votes}).` : `The room stays as it is (${votes}).`;
}
