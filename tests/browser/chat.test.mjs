import assert from "node:assert/strict";
import { composer, login, row, say, scene } from "./harness.mjs";

/** One red pixel. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==", "base64");

const loaded = (image) => image.evaluate((img) => img.complete && img.naturalWidth > 0);

scene("two pages talk, and the speaker sees that it was sent", async ({ start, enter }) => {
  const server = await start();
  const ada = await enter(server, "ada");
  const bob = await enter(server, "bob");
  await ada.getByText("2 people").waitFor();
  await say(ada, "Is <b>anybody</b> there?");
  await row(bob, "Is <b>anybody</b> there?").waitFor();
  await row(ada, "Is <b>anybody</b> there?").getByLabel("Sent").waitFor();
  await row(bob, "Is <b>").hover();
  await bob.getByRole("button", { name: /^Reply to ada/ }).click();
  await say(bob, "I am.");
  await row(ada, "I am.").locator("blockquote", { hasText: "anybody" }).waitFor();
});

scene("a name that is taken, and one that is none, are refused with words", async ({ start, enter, visit }) => {
  const server = await start();
  await enter(server, "ada");
  const other = await visit(server);
  await login(other, "ADA");
  await other.getByRole("alert").getByText("already here under this name").waitFor();
  await login(other, "a b");
  await other.getByRole("alert").getByText("2 to 20 letters").waitFor();
  await login(other, "bob");
  await other.getByRole("heading", { name: "# lobby" }).waitFor();
});

scene("a message that is too long is refused with its limit and given back", async ({ start, enter }) => {
  const page = await enter(await start(), "ada");
  await say(page, "x".repeat(501));
  await page.getByRole("alert").getByText("at most 500 characters").waitFor();
  assert.equal((await composer(page).inputValue()).length, 501);
  await say(page, "x".repeat(500));
  await row(page, "xxx").waitFor();
});

scene("a picture arrives, also at one who comes later", async ({ start, enter }) => {
  const server = await start();
  const ada = await enter(server, "ada");
  const bob = await enter(server, "bob");
  await ada.getByLabel("Picture to send").setInputFiles({ name: "dot.png", mimeType: "image/png", buffer: PNG });
  await bob.getByAltText("Picture from ada: dot.png").waitFor();
  assert.ok(await loaded(bob.getByAltText("Picture from ada: dot.png")));
  await row(ada, "dot.png").getByLabel("Sent").waitFor();
  const cyd = await enter(server, "cyd");
  await cyd.getByAltText("Picture from ada: dot.png").waitFor();
  assert.ok(await loaded(cyd.getByAltText("Picture from ada: dot.png")));
});

scene("bytes that are no picture are refused", async ({ start, enter }) => {
  const page = await enter(await start(), "ada");
  await page.getByLabel("Picture to send").setInputFiles({ name: "evil.png", mimeType: "image/png", buffer: Buffer.from("<svg onload=alert(1)>") });
  await page.getByRole("alert").getByText("not a PNG, JPEG, GIF or WebP").waitFor();
});

scene("a picture can be dropped onto the room", async ({ start, enter }) => {
  const page = await enter(await start(), "ada");
  const data = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
    return transfer;
  }, [...PNG]);
  await page.locator("main.room").dispatchEvent("drop", { dataTransfer: data });
  await row(page, "dropped.png").waitFor();
});

scene("one sees who is typing", async ({ start, enter }) => {
  const server = await start();
  const ada = await enter(server, "ada");
  const bob = await enter(server, "bob");
  // Typing notices are volatile: one that finds the transport busy is lost, and the next key sends another.
  const seen = ada.getByText("bob is typing…").waitFor();
  let done = false;
  seen.finally(() => (done = true)).catch(() => {});
  while (!done) await composer(bob).pressSequentially("hm ", { delay: 200 });
  await seen;
});

scene("rooms: unread messages are counted, what is said elsewhere stays there", async ({ start, enter }) => {
  const server = await start();
  const ada = await enter(server, "ada");
  const bob = await enter(server, "bob");
  await bob.getByLabel("Name of a new room").fill("den");
  await bob.getByRole("button", { name: "Open this room" }).click();
  await bob.getByRole("heading", { name: "# den" }).waitFor();
  await say(ada, "over here");
  await bob.getByTitle("1 unread").waitFor();
  await ada.getByRole("navigation").getByRole("button", { name: /den/ }).click();
  await ada.getByRole("heading", { name: "# den" }).waitFor();
  await ada.getByText("Nothing has been said here yet.").waitFor();
  await bob.getByRole("button", { name: "Leave this room" }).click();
  await ada.getByText("1 person").waitFor();
  await row(bob, "over here").waitFor();
});

scene("the server asks everybody, and clears the room when most agree", async ({ start, enter }) => {
  const server = await start();
  const [ada, bob, cyd] = [await enter(server, "ada"), await enter(server, "bob"), await enter(server, "cyd")];
  await say(ada, "to be forgotten");
  await row(cyd, "to be forgotten").waitFor();
  await ada.getByRole("button", { name: "Clear this room" }).click();
  await cyd.getByText("ada wants to clear #lobby").waitFor();
  await cyd.getByRole("button", { name: "No", exact: true }).click();
  await ada.getByTestId("tally").getByText("1 yes, 1 no, 1 to answer").waitFor();
  await row(bob, "to be forgotten").waitFor();
  await bob.getByRole("button", { name: "Yes", exact: true }).click();
  for (const page of [ada, bob, cyd]) {
    await page.getByText("The room was cleared (2 yes, 1 no).").waitFor();
    await page.getByText("Nothing has been said here yet.").waitFor();
  }
});

scene("one who is alone is asked back, and may think again", async ({ start, enter }) => {
  const page = await enter(await start(), "ada");
  await say(page, "precious");
  await row(page, "precious").waitFor();
  await page.getByRole("button", { name: "Clear this room" }).click();
  await page.getByRole("button", { name: "No", exact: true }).click();
  await page.getByText("The room stays as it is").waitFor();
  await row(page, "precious").waitFor();
});

scene("a restart of the server is seen, survived, and what was written meanwhile is sent", async ({ start, enter }) => {
  const server = await start();
  const ada = await enter(server, "ada");
  const bob = await enter(server, "bob");
  await server.stop();
  for (const page of [ada, bob]) await page.getByTestId("banner").getByText("Reconnecting").waitFor();
  await say(ada, "written while offline");
  await row(ada, "written while offline", "queued").waitFor();
  await ada.getByText("1 message waiting").waitFor();
  await start(server.port);
  for (const page of [ada, bob]) await page.getByTestId("banner").waitFor({ state: "hidden" });
  await row(ada, "written while offline").getByLabel("Sent").waitFor();
  await row(bob, "written while offline").waitFor();
});

scene("a page that is loaded again takes its seat and sees what was said", async ({ start, enter }) => {
  const page = await enter(await start(), "ada");
  await say(page, "before");
  await row(page, "before").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "# lobby" }).waitFor();
  await row(page, "before").waitFor();
  await page.getByRole("button", { name: "Leave the chat" }).click();
  await page.getByLabel("Your name").waitFor();
});
