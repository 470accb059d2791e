/**
 * A stream of the server's: subscribed to when it is first read, and stopped when a `for await` over it is left.
 *
 * An error of the stream is thrown as a `CallError<E>` behind its last item. When the connection is lost and found again, the stream is
 * subscribed to again with the same arguments: it begins anew, and what came in between is missing. When the socket was closed for good,
 * it ends with `disconnected`. It ends with `lagged` when too many items wait to be read.
 */
export interface Subscription<T, E = never> {
  [Symbol.asyncIterator](): Subscription<T, E>;
  next(): Promise<IteratorResult<T, undefined>>;
  /** Stops it. Who waits for the next item is told that there is none. */
  return(): Promise<IteratorReturnResult<undefined>>;
  /** Calls `each` with every item, and resolves at the end. */
  forEach(each: (item: T) => unknown): Call<void, E>;
}
