/** One person's session: the contract, implemented. */
import type { ChatNamespace, ChatSocket, SendError } from "./chat.gen.ts";
import type { Draft, Hub } from "./hub.ts";
import { mediaType } from "./picture.ts";
import type { Seat, Seats } from "./seats.ts";
import { clearRoom } from "./vote.ts";

/** In characters. */
const MAX_TEXT = 500;
/** In bytes. */
const MAX_PICTURE = 2_000_000;
const MAX_FILE_NAME = 100;

export type Session = {
  chat: ChatNamespace<{ seat: Seat }>;
  socket: ChatSocket<{ seat: Seat }>;
  hub: Hub;
  seats: Seats;
};

export function serve(session: Session): void {
  const { chat, socket, hub, seats } = session;
  const { seat } = socket.data;
  const tellRooms = () => chat.emit("rooms", hub.summaries());
  const depart = (room: string) => {
    if (hub.leave(room, seat.name, socket.id)) socket.to(room).emit("presence", room, seat.name, false);
  };

  // It is still in its rooms.
  socket.on("disconnecting", () => {
    socket.rooms.forEach(depart);
    seats.free(seat, socket.id);
    tellRooms();
  });

  socket.on("hello", (ack) => ack({ name: seat.name, token: seat.token, rooms: hub.summaries() }));

  socket.on("joinRoom", (room, ack) => {
    const entered = hub.enter(room, seat.name, socket.id);
    if ("error" in entered) return ack({ ok: false, error: entered.error });
    if (!socket.rooms.has(room)) {
      socket.join(room);
      socket.to(room).emit("presence", room, seat.name, true);
      tellRooms();
    }
    ack({ ok: true, value: entered.info });
  });

  socket.on("leaveRoom", (room, ack) => {
    depart(room);
    socket.leave(room);
    tellRooms();
    ack();
  });

  socket.on("send", (room, text, reply_to, ack) => {
    const error = refusal();
    if (error) return ack({ ok: false, error });
    const message = hub.say({ from: seat.name, room, text, reply_to });
    socket.to(room).emit("message", message);
    ack({ ok: true, value: message });

    function refusal(): SendError | undefined {
      if (!socket.rooms.has(room)) return { code: "not_in_room" };
      if (text.trim() === "") return { code: "empty" };
      if ([...text].length > MAX_TEXT) return { code: "too_long", max: MAX_TEXT };
      return undefined;
    }
  });

  socket.on("typing", (room) => {
    if (socket.rooms.has(room)) socket.to(room).volatile.emit("typing", room, seat.name);
  });

  socket.on("file:put", (room, name, data, ack) => {
    const draft = drawn();
    if ("code" in draft) return ack({ ok: false, error: draft });
    const message = hub.say(draft);
    socket.to(room).emit("image", message, data);
    ack({ ok: true, value: message });

    function drawn(): Draft | SendError {
      if (!socket.rooms.has(room)) return { code: "not_in_room" };
      if (data.length > MAX_PICTURE) return { code: "too_large", max: MAX_PICTURE };
      const media = mediaType(data);
      if (media === undefined) return { code: "not_an_image" };
      const text = [...name].slice(0, MAX_FILE_NAME).join("");
      return { from: seat.name, room, text, reply_to: null, picture: { media, data } };
    }
  });

  socket.on("file:get", (room, id, ack) => {
    if (!socket.rooms.has(room)) return ack({ ok: false, error: { code: "not_in_room" } });
    const value = hub.picture(room, id);
    ack(value ? { ok: true, value } : { ok: false, error: { code: "gone" } });
  });

  socket.on("clearRoom", async (room, ack) => ack(await clearRoom(session, room)));
}
