import type { Chat, Question } from "../chat";
import { h, reconcile } from "../dom";

/** Questions of the server, each answered with a button: the answer goes back as the event's typed ack. */
export function questionsView(chat: Chat) {
  const cards = new Map<Question, HTMLElement>();
  const element = h("div", { className: "questions", attrs: { "aria-live": "assertive" } });

  function card(question: Question) {
    const yes = h("button", { type: "button", className: "primary" }, "Yes");
    const no = h("button", { type: "button" }, "No");
    yes.addEventListener("click", () => question.answer(true));
    no.addEventListener("click", () => question.answer(false));
    const lapse = h("span", { className: "lapse", attrs: { "aria-hidden": "true" } });
    lapse.style.animationDuration = `${question.seconds}s`;
    return h("section", { className: "question", attrs: { role: "group", "aria-label": "The server asks" } }, h("p", { className: "asks" }, "The server asks"), h("p", {}, question.prompt), h("div", { className: "buttons" }, no, yes), lapse);
  }

  return {
    element,
    update() {
      for (const question of cards.keys()) if (!chat.questions.includes(question)) cards.delete(question);
      for (const question of chat.questions) if (!cards.has(question)) cards.set(question, card(question));
      reconcile(element, [...cards.values()]);
    },
  };
}
