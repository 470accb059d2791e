import type { Chat } from "../chat";
import { h } from "../dom";

export function loginView(chat: Chat) {
  const name = h("input", {
    id: "name",
    name: "name",
    autocomplete: "username",
    maxLength: 40,
    required: true,
    spellcheck: false,
    placeholder: "ada",
    attrs: { "aria-describedby": "denied" },
  });
  const button = h("button", { className: "primary", type: "submit" }, "Enter the chat");
  const denied = h("p", { id: "denied", className: "problem", attrs: { role: "alert" } });
  const form = h(
    "form",
    { className: "login-card" },
    h("div", { className: "logo", attrs: { "aria-hidden": "true" } }, "ack", h("b", {}, "ord")),
    h("h1", {}, "Chat"),
    h("p", { className: "lead" }, "Every event on this page is typed from one Rust contract: calls, answers, errors and bytes."),
    h("label", { htmlFor: "name" }, "Your name"),
    name,
    denied,
    button,
    h("a", { className: "contract", href: "contract.html" }, "Read the contract"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    chat.connect({ name: name.value.trim(), token: null });
  });
  const element = h("main", { className: "login" }, form);

  return {
    element,
    update() {
      const shown = element.hidden;
      element.hidden = chat.me !== "";
      denied.textContent = chat.notice;
      name.setAttribute("aria-invalid", String(chat.notice !== ""));
      button.disabled = chat.status === "connecting";
      button.textContent = chat.status === "connecting" ? "Connecting…" : "Enter the chat";
      if (shown && !element.hidden) name.focus();
    },
  };
}
