/**
 * A stream of the server's: subscribed to when it is first read, and stopped when a `for await` over it is left.
 *
 * An error of the stream is thrown as a `CallError<E>` behind its last item. When the connection is lost and found again, the stream is
 * subscribed to again with the same arguments: it begins anew, and what came in between is missing. When the socket was closed for good,
 * it ends with `disconnected`. It ends with `lagged` when too many items wait to be read.
 */
export interface Subscription<T, E = never> extends AsyncIterableIterator<T> {
  next(): Promise<IteratorResult<T, undefined>>;
  /** Stops it. Who waits for the next item is told that there is none. */
  return(): Promise<IteratorReturnResult<undefined>>;
  /** Calls `each` with every item, and resolves at the end. */
  forEach(each: (item: T) => unknown): Call<void, E>;
}

function _subscribe(socket: any, event: string, limit: number, args: unknown[]): any {
  let [tries, items, id, over, wake]: [number, [unknown, any][], number?, any?, (() => void)?] = [0, []];
  const halt = (sub: unknown) => sub && socket.connected && socket.emit(event + ":stop", sub);
  const end = (res: any) => {
    over ??= res;
    id = undefined;
    tries++;
    wake?.();
  };
  const connect = () => {
    const mine = ++tries;
    socket.emit(event, ...args, (...acked: any[]) => {
      const res = acked.at(-1);
      if (mine !== tries) halt(res.value);
      else if (res.ok) id = res.value;
      else end(res.fault ? res : _given(res));
    });
  };
  const stream: any = (async function* () {
    const off = _listen(socket, {
      connect,
      disconnect(reason) {
        id = undefined;
        tries++;
        if (!socket.active) end(_lost("disconnected", reason));
      },
      [event + ":next"](sub, item, ack) {
        if (sub !== id) return;
        if (items.push([item, _ack(socket, ack)]) > limit) {
          halt(id);
          end(_lost("lagged", "read too slowly"));
        }
        wake?.();
      },
      [event + ":end"](sub, res) {
        if (sub === id) end(res);
      },
    });
    if (socket.connected) connect();
    try {
      for (;;) {
        for (let item; (item = items.shift()); ) {
          item[1]();
          yield item[0];
        }
        if (over) return _value(event, over);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      off();
    }
  })();
  // The generator's own would wait for the next item.
  const leave = stream.return.bind(stream);
  stream.return = () => {
    halt(id);
    items = [];
    over = { ok: true };
    end(over);
    return leave();
  };
  stream.forEach = async (each: (item: unknown) => unknown) => {
    for await (const item of stream) await each(item);
  };
  return stream;
}
