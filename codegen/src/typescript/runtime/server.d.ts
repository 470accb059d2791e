/** Who wants to come in. */
export interface Connection<Socket, Params, Denied> {
  /** The socket as it will be; its `data` is empty yet. */
  readonly socket: Socket;
  /** The parameters of the namespace's path, as they were written. */
  readonly params: Params;
  /** Refuses the client: `denied` is the `data` of its `connect_error`. */
  refuse(denied: Denied): never;
}
