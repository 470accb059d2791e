declare function show(room: string, from: string, text: string): void;
declare function warn(text: string): void;

// README.md
import { chatClient, connectChat } from "../../fixtures/readme.ts";

const chat = connectChat("", { token: "secret" });
chat.on("confirm", (prompt, ack) => ack(window.confirm(prompt)));
chat.on("message", (room, msg) => show(room, msg.from, msg.text));

const sent = await chat.timeout(3000).emitWithAck("send", "lobby", "hello", null);
if (sent.ok) show("lobby", sent.value.from, sent.value.text);
else if (sent.fault) warn(sent.fault.code);
else if (sent.error.code === "too_long") warn(`at most ${sent.error.max} characters`);

const api = chatClient(chat);                                 // `client(true)`: methods and promises over the same socket
const msg = await api.timeout(3000).send("lobby", "hello");   // a Message, or it rejects with a CallError<SendError>
show("lobby", msg.from, msg.text);
