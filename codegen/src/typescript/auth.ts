/** What a client shows when it connects, or a function that is asked for it at every connection. */
type _Auth<T> = T | ((send: (auth: T) => void) => void);
