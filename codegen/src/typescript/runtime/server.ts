/** Who wants to come in. */
export interface Connection<Socket, Params, Denied> {
  /** The socket as it will be; its `data` is empty yet. */
  readonly socket: Socket;
  /** The parameters of the namespace's path, as they were written. */
  readonly params: Params;
  /** Refuses the client: `denied` is the `data` of its `connect_error`. */
  refuse(denied: Denied): never;
}

class _Refused extends globalThis.Error {
  readonly data: unknown;
  constructor(data: unknown) {
    super("denied");
    this.data = data;
  }
}

function _namespace(server: any, path: string | RegExp, names: string[], authorize: (...args: any) => any): any {
  const refuse = (denied: unknown) => {
    throw new _Refused(denied);
  };
  return server.of(path).use(async (socket: any, next: (error?: unknown) => void) => {
    const found = path instanceof RegExp ? path.exec(socket.nsp.name)!.slice(1) : [];
    const params = Object.fromEntries(found.map((value, i) => [names[i], value]));
    // Both are the protocol's own.
    const { pid, offset, ...auth } = socket.handshake.auth;
    try {
      Object.assign(socket.data, await authorize(auth, { socket, params, refuse }));
      next();
    } catch (error) {
      const refused = error instanceof _Refused;
      // What went wrong is not the client's business.
      next(refused ? error : new globalThis.Error("internal error"));
      if (!refused) throw error;
    }
  });
}
