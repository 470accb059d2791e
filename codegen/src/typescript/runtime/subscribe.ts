/**
 * A stream of the server's: subscribed to when it is first read, and stopped when a `for await` over it is left.
 *
 * An error of the stream is thrown as a `CallError<E>` behind its last item. When the connection is lost and found again, the stream is
 * subscribed to again with the same arguments: it begins anew, and what came in between is missing. When the socket was closed for good,
 * it ends with `disconnected`. It ends with `lagged` when too many items wait to be read.
 */
export interface Subscription<T, E = never> {
  [Symbol.asyncIterator](): Subscription<T, E>;
  next(): Promise<IteratorResult<T, undefined>>;
  /** Stops it. Who waits for the next item is told that there is none. */
  return(): Promise<IteratorReturnResult<undefined>>;
  /** Calls `each` with every item, and resolves at the end. */
  forEach(each: (item: T) => unknown): Call<void, E>;
}

function _subscribe(socket: any, event: string, limit: number, args: unknown[]): any {
  // What waits to be read: items with their acks, and the outcome behind the last of them.
  const waiting: any[] = [];
  // What the server calls it on this connection; an object of its own until the server has answered.
  let id: any;
  let wake: (() => void) | undefined;
  let off: (() => void) | undefined;
  const halt = (sub: any) => sub > 0 && socket.connected && socket.emit(event + ":stop", sub);
  const push = (next: unknown) => (wake?.(), waiting.push(next));
  const end = (res: any) => {
    halt(id);
    id = 0;
    off?.();
    push(res);
  };
  const connect = () => {
    const mine = (id = {});
    // A socket with a timeout of its own puts an error, or `null`, before the answer.
    socket.emit(event, ...args, (error: any, res = error) => {
      if (mine !== id) halt(res.value);
      else if (res.ok) id = res.value;
      else end(res.fault ? res : _given(res));
    });
  };
  const stream: any = (async function* () {
    off = _listen(socket, {
      connect,
      disconnect(reason) {
        id = 0;
        if (!socket.active) end(_fault("disconnected", reason, true));
      },
      [event + ":next"](sub, item, ack) {
        if (sub === id && push([item, _ack(socket, ack)]) > limit) end(_fault("lagged", "read too slowly", true));
      },
      [event + ":end"](sub, res) {
        if (sub !== id) return;
        id = 0;
        end(res);
      },
    });
    if (socket.connected) connect();
    for (;;) {
      const next = waiting.shift();
      if (!next) await new Promise<void>((resolve) => (wake = resolve));
      else if (next[1]) {
        next[1]();
        yield next[0];
      } else return _value(event, next);
    }
  })();
  // Also what leaves a `for await`. The generator's own would wait for the next item.
  const leave = stream.return.bind(stream);
  stream.return = () => {
    end({ ok: true });
    return leave();
  };
  stream.forEach = async (each: (item: unknown) => unknown) => {
    for await (const item of stream) await each(item);
  };
  return stream;
}
