type _Fn = (...args: any[]) => void;
// Of a map and a name, not of a function: a conditional type of `U[K]` does not distribute, which with thousands of events takes time.
type _Args<U, K extends keyof U> = U[K] extends (...args: [...infer H, (...res: any) => void]) => void ? H : never;
type _Res<U, K extends keyof U> = U[K] extends (...args: [...infer _H, (res: infer X) => void]) => void ? X : void;
type _AckNames<U> = { [K in keyof U]: _Args<U, K> extends never ? never : K }[keyof U] & string;
type _Timed<U, K extends keyof U> = U[K] extends (...args: [...infer H, (...res: infer R) => void]) => void
  ? [...H, (err: globalThis.Error | null, ...res: Partial<R>) => void]
  : U[K] extends (...args: infer P) => void ? P : never;
interface _Strict<U> {
  emitWithAck<E extends _AckNames<U>>(ev: E, ...args: _Args<U, E>): Promise<_Res<U, E>>;
  timeout(ms: number): {
    emit<E extends keyof U & string>(ev: E, ...args: _Timed<U, E>): unknown;
    emitWithAck<E extends _AckNames<U>>(ev: E, ...args: _Args<U, E>): Promise<_Res<U, E>>;
  };
}

/**
 * The client's socket, stricter than its own typings: `emitWithAck` takes only events that are acknowledged, and its value keeps its
 * type also after `timeout`. `Down` is what the server sends, `Up` what the client sends.
 */
export type TypedSocket<Down extends Record<keyof Down, _Fn>, Up extends Record<keyof Up, _Fn>> =
  Omit<Socket<Down & {}, Up & {}>, keyof _Strict<Up>> & _Strict<Up>;

/** The client's own options. `path` is where the server is mounted, `/socket.io` by default; it has nothing to do with namespaces. */
export type ConnectOptions = Omit<Partial<ManagerOptions & SocketOptions>, "auth">;
