function _on(socket, event, kind, handler) {
  return _listen(socket, {
    async [event](...args) {
      const ack = _ack(socket, typeof args.at(-1) == "function" && args.pop());
      try {
        const res = await handler(...args);
        ack(...(kind ? [res] : []));
      }
      catch (error) {
        if (kind > 1)
          ack(_fault("internal", "the handler failed"));
        throw error;
      }
    },
  });
}
