/** Clearing a room: nobody does it over the heads of the others. */
import type { Ack, ClearError, Tally } from "./chat.gen.ts";
import type { Session } from "./session.ts";

/** How long a question stands, in seconds. */
const PATIENCE = 20;

/** Asks everybody else in the room, or the one who asked if there is nobody else, and clears it if most agree. */
export async function clearRoom(session: Session, room: string): Promise<Ack<Tally, ClearError>> {
  const { socket, hub } = session;
  if (!socket.rooms.has(room)) return { ok: false, error: { code: "not_in_room" } };
  const others = hub.beginVote(room);
  if (others === null) return { ok: false, error: { code: "vote_running" } };
  const tally: Tally = { by: socket.data.seat.name, yes: 1, no: 0, open: others, cleared: null };
  try {
    await (others === 0 ? askBack(session, room, tally) : askOthers(session, room, tally));
    tally.cleared = tally.yes > tally.no;
    if (tally.cleared) hub.clear(room);
    tell(session, room, tally);
    return { ok: true, value: tally };
  } finally {
    hub.endVote(room);
  }
}

/** One question to one socket: silence is a no. */
async function askBack({ socket }: Session, room: string, tally: Tally): Promise<void> {
  const question = socket.timeout(PATIENCE * 1000).emitWithAck("confirm", `You are alone in #${room}. Clear it?`, PATIENCE);
  if (!(await question.catch(() => false))) [tally.yes, tally.no] = [0, 1];
}

/** One question to many, whose answers count as they come. Who says nothing is not counted. */
async function askOthers(session: Session, room: string, tally: Tally): Promise<void> {
  const { chat, socket } = session;
  tell(session, room, tally);
  const prompt = `${tally.by} wants to clear #${room} for everyone. Agree?`;
  const others = [...(chat.adapter.rooms.get(room) ?? [])].filter((id) => id !== socket.id);
  await Promise.all(
    others.map(async (id) => {
      const vote = await chat.sockets.get(id)?.timeout(PATIENCE * 1000).emitWithAck("confirm", prompt, PATIENCE).catch(() => undefined);
      if (vote === undefined) return;
      tally[vote ? "yes" : "no"] += 1;
      tally.open = Math.max(0, tally.open - 1);
      tell(session, room, tally);
    }),
  );
}

function tell({ chat }: Session, room: string, tally: Tally): void {
  chat.to(room).emit("tally", room, tally);
}
