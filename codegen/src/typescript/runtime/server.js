class _Refused extends globalThis.Error {
  data;
  constructor(data) {
    super("denied");
    this.data = data;
  }
}
function _namespace(server, path, names, authorize) {
  const refuse = (denied) => {
    throw new _Refused(denied);
  };
  return server.of(path).use(async (socket, next) => {
    const found = path instanceof RegExp ? path.exec(socket.nsp.name).slice(1) : [];
    const params = Object.fromEntries(found.map((value, i) => [names[i], value]));
    // Both are the protocol's own.
    const { pid, offset, ...auth } = socket.handshake.auth;
    try {
      Object.assign(socket.data, await authorize(auth, { socket, params, refuse }));
      next();
    }
    catch (error) {
      const refused = error instanceof _Refused;
      // What went wrong is not the client's business.
      next(refused ? error : new globalThis.Error("internal error"));
      if (!refused)
        throw error;
    }
  });
}
