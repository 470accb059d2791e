import { z } from "zod";
import schema from "../fixtures/chat.schema.json" with { type: "json" };

const { $schema, $defs, "x-socketio": namespaces } = schema;
/** A zod type for any of the document's schemas. */
const type = (part) => z.fromJSONSchema({ $schema, $defs, allOf: [part] });

const { clientToServer, serverToClient } = namespaces["/chat"];
export const messageArgs = type(serverToClient.message.args);      // [room, msg]
export const sendArgs = type(clientToServer.send.args);            // [room, text, reply_to?]
export const sendAck = type(clientToServer.send.ack.value);        // {ok: true, value} | {ok: false, error} | {ok: false, fault}
export const login = type(namespaces["/chat"].auth);

/** Refuses whatever the server sends that is not in the contract. */
export function checked(socket, { serverToClient }, onBad) {
  const types = new Map(Object.entries(serverToClient).map(([event, { args }]) => [event, type(args)]));
  socket.onAny((event, ...args) => {
    const { error } = types.get(event)?.safeParse(args) ?? { error: "not in the contract" };
    if (error) onBad(event, error);
  });
}
