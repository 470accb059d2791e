/** Listens until the function that is returned is called. */
function _listen(socket: any, listeners: { [event: string]: (...args: any) => unknown }): () => void {
  for (const event in listeners) socket.on(event, listeners[event]);
  return () => {
    for (const event in listeners) socket.off(event, listeners[event]);
  };
}

/** Answers a question, if its connection is still there: the next one has other questions with the same numbers. */
function _ack(socket: any, ack: any): (...res: unknown[]) => void {
  const { id } = socket;
  return (...res) => ack && socket.id === id && ack(...res);
}
