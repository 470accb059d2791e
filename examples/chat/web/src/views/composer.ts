import type { SendError } from "../chat.gen";
import type { Chat } from "../chat";
import { h, icon } from "../dom";
import { bytesOf, pictureIn } from "../images";
import type { Entry, Room } from "../room";
import { failure } from "../words";

export function composerView(chat: Chat) {
  const text = h("textarea", { id: "text", rows: 1, attrs: { "aria-describedby": "refused" } });
  const label = h("label", { htmlFor: "text", className: "hidden" });
  const refused = h("p", { id: "refused", className: "problem", attrs: { role: "alert" } });
  const picker = h("input", { type: "file", accept: "image/*", className: "hidden", tabIndex: -1, attrs: { "aria-label": "Picture to send" } });
  const attach = h("button", { type: "button", className: "quiet", title: "Send a picture", attrs: { "aria-label": "Send a picture" } }, icon("M4 16l5-5 4 4 3-3 4 4M4 5h16v14H4zM15 9h.01"));
  const send = h("button", { type: "submit", className: "primary round", title: "Send", attrs: { "aria-label": "Send" } }, icon("M5 12l14-7-5 14-3-6z"));
  const form = h("form", {}, label, attach, text, picker, send);
  const quoted = h("span");
  const unquote = h("button", { type: "button", className: "quiet", attrs: { "aria-label": "Do not reply" } }, "✕");
  const quote = h("div", { className: "quoting", hidden: true }, quoted, unquote);
  const element = h("footer", { className: "composer" }, quote, refused, form);
  const drafts = new Map<Room, string>();
  let room: Room | null = null;
  let replyTo: Entry | null = null;

  function reply(entry: Entry | null) {
    replyTo = entry;
    quote.hidden = !entry;
    quoted.textContent = entry ? `Reply to ${entry.message.from}: ${entry.message.text}` : "";
    if (entry) text.focus();
  }

  /** A refused text comes back into the field: nobody should have to write it again. */
  function say(error: SendError | null, words: string) {
    refused.textContent = error ? failure(error) : "";
    if (error && !text.value) text.value = words;
    fit();
  }

  async function submit() {
    const words = text.value;
    const target = chat.current;
    if (!target) return;
    const answered = replyTo?.message.id ?? null;
    text.value = "";
    reply(null);
    say(null, "");
    say(await chat.sendText(target, words, answered), words);
  }

  async function picture(file: File | undefined) {
    const target = chat.current;
    if (file && target) say(await chat.sendPicture(target, file, await bytesOf(file)), "");
  }

  function fit() {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit();
  });
  text.addEventListener("input", () => {
    fit();
    refused.textContent = "";
    if (chat.current) chat.typing(chat.current);
  });
  text.addEventListener("paste", (event) => {
    const file = pictureIn(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    void picture(file);
  });
  attach.addEventListener("click", () => picker.click());
  unquote.addEventListener("click", () => reply(null));
  picker.addEventListener("change", () => {
    void picture(picker.files?.[0]);
    picker.value = "";
  });

  return {
    element,
    reply,
    picture,
    update() {
      element.hidden = chat.current === null;
      if (room === chat.current) return;
      if (room) drafts.set(room, text.value);
      room = chat.current;
      text.value = (room && drafts.get(room)) ?? "";
      refused.textContent = "";
      reply(null);
      fit();
      label.textContent = text.placeholder = room ? `Message #${room.name}` : "";
      text.focus();
    },
  };
}
