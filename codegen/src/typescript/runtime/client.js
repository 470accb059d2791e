export const CallError = 
// A page that makes no calls does not load it.
/* @__PURE__ */ (() => class extends Error {
  constructor(event, { error, fault, lost }) {
    super(`${event}: ${fault ? fault.message : JSON.stringify(error)}`);
    Object.assign(this, { name: "CallError", event, error, fault, kind: lost ? fault.code : fault ? "fault" : "app" });
  }
})();
/** Why there is no value; `lost` if that is known on this side only. */
function _fault(code, message, lost) {
  return { ok: false, fault: { code, message }, lost };
}
/** The outcome of a call that the stock client gave up with `error`. */
function _given(error) {
  const { message } = error;
  const words = /timed out|(disconnected)/.exec(message);
  if (words)
    return _fault(words[1] ?? "timeout", message, true);
  throw error;
}
function _value(event, res) {
  if (res.ok)
    return res.value;
  throw new CallError(event, res);
}
function _client(socket, calls, on) {
  const make = (settle, ms) => calls({
    socket,
    async call(event, args, plain) {
      return settle(event, await (ms == null ? socket : socket.timeout(ms))
        .emitWithAck(event, ...args)
        .then((value) => (plain ? { ok: true, value } : value), _given));
    },
  });
  const at = (ms) => ({ ...make(_value, ms), try: make((_, res) => res, ms) });
  return { ...at(), socket, on, timeout: at };
}
