function _on(socket: any, event: string, kind: 0 | 1 | 2, handler: (...args: any) => any): () => void {
  return _listen(socket, {
    async [event](...args: unknown[]) {
      const ack = _ack(socket, typeof args.at(-1) == "function" && args.pop());
      try {
        const res = await handler(...args);
        ack(...(kind ? [res] : []));
      } catch (error) {
        if (kind > 1) ack(_fault("internal", "the handler failed"));
        throw error;
      }
    },
  });
}
