let _feeds = 0;
/**
 * Sends the items of what `handler` returns to who subscribes. Of a stream that `fails` an item is an `Answer`, whose error is the end. With a
 * `window`, at most two windows of items are without an ack.
 */
function _feed(socket, event, window, fails, handler) {
  const running = new Map();
  const stop = (sub) => {
    const source = running.get(sub);
    // It may be waiting for its next item; nobody waits for it.
    if (running.delete(sub))
      void source?.return?.().catch(() => { });
  };
  const stopAll = () => running.forEach((_, sub) => stop(sub));
  const run = async (sub, source) => {
    const acks = [];
    for (let sent = 1;; sent++) {
      const { done, value } = await source.next();
      if (done || !running.has(sub))
        return { ok: true };
      if (fails && !value.ok)
        return value;
      const next = [event + ":next", sub, fails ? value.value : value];
      if (!window || sent % window) {
        socket.emit(...next);
        continue;
      }
      const ack = socket.emitWithAck(...next);
      // It may be that nobody waits for this one.
      ack.catch(() => { });
      if (acks.push(ack) > 1)
        await acks.shift();
    }
  };
  const off = _listen(socket, {
    async [event](...args) {
      const ack = _ack(socket, args.pop());
      const sub = ++_feeds;
      try {
        const source = handler(...args)[Symbol.asyncIterator]();
        running.set(sub, source);
        ack({ ok: true, value: sub });
        const end = await run(sub, source);
        if (running.has(sub))
          socket.emit(event + ":end", sub, end);
      }
      catch (error) {
        const fault = _fault("internal", "the stream failed");
        if (running.has(sub))
          socket.emit(event + ":end", sub, fault);
        else
          ack(fault);
        // That the connection was lost is told elsewhere.
        if (socket.connected)
          throw error;
      }
      finally {
        stop(sub);
      }
    },
    [event + ":stop"]: stop,
    disconnect: stopAll,
  });
  return () => {
    off();
    stopAll();
  };
}
