/** The chat's server once more, in Node: the same contract, of which `chat.gen.ts` is generated. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { chatNamespace } from "./chat.gen.ts";
import { Hub } from "./hub.ts";
import { Seats } from "./seats.ts";
import type { Seat } from "./seats.ts";
import { serve } from "./session.ts";

/** A picture may have 2 MB; above that its sender gets a typed error, and far above that the connection ends. */
const MAX_PAYLOAD = 4 << 20;

const http = createServer();
const io = new Server(http, { maxHttpBufferSize: MAX_PAYLOAD });
const seats = new Seats();
const hub = new Hub();

// Nobody can leave between here and `connection`: there is no turn of the event loop in between.
const chat = chatNamespace<{ seat: Seat }>(io, (login, { refuse }) => {
  const seat = seats.admit(login);
  return typeof seat === "string" ? refuse(seat) : { seat };
});
chat.on("connection", (socket) => {
  const former = seats.sit(socket.data.seat, socket.id);
  if (former !== null) chat.sockets.get(former)?.disconnect();
  serve({ chat, socket, hub, seats });
});

http.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  const { address, port } = http.address() as AddressInfo;
  console.log(`listening on http://${address}:${port}`);
});
