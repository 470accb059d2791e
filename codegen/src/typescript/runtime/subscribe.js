function _subscribe(socket, event, limit, args) {
  let [tries, items, id, over, wake] = [0, []];
  const halt = (sub) => sub && socket.connected && socket.emit(event + ":stop", sub);
  const end = (res) => {
    over ??= res;
    id = undefined;
    tries++;
    wake?.();
  };
  const connect = () => {
    const mine = ++tries;
    socket.emit(event, ...args, (...acked) => {
      const res = acked.at(-1);
      if (mine !== tries)
        halt(res.value);
      else if (res.ok)
        id = res.value;
      else
        end(res.fault ? res : _given(res));
    });
  };
  const stream = (async function* () {
    const off = _listen(socket, {
      connect,
      disconnect(reason) {
        id = undefined;
        tries++;
        if (!socket.active)
          end(_lost("disconnected", reason));
      },
      [event + ":next"](sub, item, ack) {
        if (sub !== id)
          return;
        if (items.push([item, _ack(socket, ack)]) > limit) {
          halt(id);
          end(_lost("lagged", "read too slowly"));
        }
        wake?.();
      },
      [event + ":end"](sub, res) {
        if (sub === id)
          end(res);
      },
    });
    if (socket.connected)
      connect();
    try {
      for (;;) {
        for (let item; (item = items.shift());) {
          item[1]();
          yield item[0];
        }
        if (over)
          return _value(event, over);
        await new Promise((resolve) => (wake = resolve));
      }
    }
    finally {
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
  stream.forEach = async (each) => {
    for await (const item of stream)
      await each(item);
  };
  return stream;
}
