// The recipes of the documentation, in a page, against a server in Rust.
import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { load, serve, soon } from "./harness.mjs";

const { window } = new JSDOM("<div id='app'></div>");
// What both libraries look for when they are loaded.
for (const name of ["window", "document", "navigator", "Element", "SVGElement", "Node", "HTMLElement"]) {
  // Node has a `navigator` of its own from version 21 on, which cannot be assigned.
  Object.defineProperty(globalThis, name, { value: name === "window" ? window : window[name], configurable: true, writable: true });
}
const { createElement, StrictMode } = await import("react");
const { createRoot } = await import("react-dom/client");
const { createApp, h, nextTick, ref, shallowRef } = await import("vue");
const generated = "fixtures/client/chat.ts";
const react = await load("typescript/recipes/react.tsx", generated);
const vue = await load("typescript/recipes/vue.ts", generated);
const { chatClient, connectChat } = await load(generated);

/** Resolves when the page says `text`. */
function shown(element, text) {
  return new Promise((resolve) => {
    const look = () => {
      if (element.textContent !== text) return;
      watching.disconnect();
      resolve();
    };
    const watching = new window.MutationObserver(look);
    watching.observe(element, { subtree: true, childList: true, characterData: true });
    look();
  });
}

function other(t, url) {
  const chat = chatClient(connectChat(url, { token: "secret" }, { forceNew: true }));
  t.after(() => chat.socket.disconnect());
  return chat;
}

const text = ({ connected, messages }) => `${connected ? "on" : "off"}: ${messages.map((message) => message.text).join(", ")}`;

/** What both have to do; `page` renders, changes its arguments and goes. */
async function story(t, url, page) {
  const bob = other(t, url);
  // A page says that it is connected before its effects have run: the server knows when it is in a room.
  const there = (all, lobby, cellar) => soon(async () => (await bob.find(0)).text, `${all} sockets, ${lobby} in the lobby, ${cellar} in the cellar`);
  await bob.joinRoom("lobby");
  await bob.joinRoom("cellar");
  const element = window.document.createElement("div");
  const view = page(element, { url, token: "secret", room: "lobby" });
  // Also when the test fails: a socket would go on for ever.
  t.after(() => view.leave());
  await shown(element, "on: ");
  // One connection, beside the other's.
  await there(2, 2, 1);
  await bob.send("lobby", "one");
  await bob.send("lobby", "two");
  await shown(element, "on: one, two");

  // Another room.
  view.change({ room: "cellar" });
  await shown(element, "on: ");
  await there(2, 2, 2);
  await bob.send("lobby", "not here");
  await bob.send("cellar", "here");
  await shown(element, "on: here");

  // The connection is lost: it enters the room again.
  const lost = shown(element, "off: here");
  view.chat().socket.io.engine.close();
  await lost;
  await shown(element, "on: here");
  await there(2, 1, 2);
  await bob.send("cellar", "again");
  await shown(element, "on: here, again");

  // Another user: another connection.
  const before = view.chat();
  view.change({ token: "secret too" });
  await shown(element, "on: ");
  await there(2, 1, 2);
  assert.notEqual(view.chat(), before);
  assert.equal(before.socket.connected, false);

  const { socket } = view.chat();
  view.leave();
  assert.equal(socket.connected, false);
  await there(1, 1, 1);
}

test("React, in StrictMode", { timeout: 20_000 }, async (t) => {
  await story(t, await serve(t), (element, args) => {
    let state;
    function Page({ url, token, room }) {
      state = react.useChat(url, token, room);
      return text(state);
    }
    const root = createRoot(element);
    const render = (more) => root.render(createElement(StrictMode, null, createElement(Page, Object.assign(args, more))));
    render({});
    return { chat: () => state.chat, change: render, leave: () => root.unmount() };
  });
});

test("Vue", { timeout: 20_000 }, async (t) => {
  await story(t, await serve(t), (element, args) => {
    const [token, room] = [ref(args.token), ref(args.room)];
    const state = shallowRef();
    const app = createApp({
      setup() {
        const used = vue.useChat(args.url, token, room);
        state.value = used;
        return () => h("span", text({ connected: used.connected.value, messages: used.messages.value }));
      },
    });
    app.mount(element);
    const change = (more) => ((token.value = more.token ?? token.value), (room.value = more.room ?? room.value), nextTick());
    return { chat: () => state.value.chat.value, change, leave: () => app.unmount() };
  });
});
