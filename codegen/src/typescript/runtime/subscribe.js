function _subscribe(socket, event, limit, args) {
  // What waits to be read: items with their acks, and the outcome behind the last of them.
  const waiting = [];
  // What the server calls it on this connection; an object of its own until the server has answered.
  let id;
  let wake;
  let off;
  const halt = (sub) => sub > 0 && socket.connected && socket.emit(event + ":stop", sub);
  const push = (next) => (wake?.(), waiting.push(next));
  const end = (res) => {
    halt(id);
    id = 0;
    off?.();
    push(res);
  };
  const connect = () => {
    const mine = (id = {});
    // A socket with a timeout of its own puts an error, or `null`, before the answer.
    socket.emit(event, ...args, (error, res = error) => {
      if (mine !== id)
        halt(res.value);
      else if (res.ok)
        id = res.value;
      else
        end(res.fault ? res : _given(res));
    });
  };
  const stream = (async function* () {
    off = _listen(socket, {
      connect,
      disconnect(reason) {
        id = 0;
        if (!socket.active)
          end(_fault("disconnected", reason, true));
      },
      [event + ":next"](sub, item, ack) {
        if (sub === id && push([item, _ack(socket, ack)]) > limit)
          end(_fault("lagged", "read too slowly", true));
      },
      [event + ":end"](sub, res) {
        if (sub !== id)
          return;
        id = 0;
        end(res);
      },
    });
    if (socket.connected)
      connect();
    for (;;) {
      const next = waiting.shift();
      if (!next)
        await new Promise((resolve) => (wake = resolve));
      else if (next[1]) {
        next[1]();
        yield next[0];
      }
      else
        return _value(event, next);
    }
  })();
  // Also what leaves a `for await`. The generator's own would wait for the next item.
  const leave = stream.return.bind(stream);
  stream.return = () => {
    end({ ok: true });
    return leave();
  };
  stream.forEach = async (each) => {
    for await (const item of stream)
      await each(item);
  };
  return stream;
}
