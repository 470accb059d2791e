import { ref, shallowRef, toValue, watch } from "vue";
import type { MaybeRefOrGetter } from "vue";
import { chatClient, connectChat } from "../../fixtures/client/chat.ts";
import type { ChatApi, Message } from "../../fixtures/client/chat.ts";

export function useChat(url: string, token: MaybeRefOrGetter<string>, room: MaybeRefOrGetter<string>) {
  // Shallow: a client is no data.
  const chat = shallowRef<ChatApi>();
  const connected = ref(false);
  const messages = shallowRef<Message[]>([]);

  // A connection of this component's own, for as long as it is there and the token is the same.
  watch(
    () => toValue(token),
    (token, _, onCleanup) => {
      const { socket } = (chat.value = chatClient(connectChat(url, { token }, { forceNew: true })));
      socket.on("connect", () => (connected.value = true));
      socket.on("disconnect", () => (connected.value = false));
      onCleanup(() => socket.disconnect());
    },
    { immediate: true },
  );

  watch(
    [chat, () => toValue(room)] as const,
    ([chat, room], _, onCleanup) => {
      messages.value = [];
      const off = chat?.on.message((where, message) => {
        if (where === room) messages.value = [...messages.value, message];
      });
      onCleanup(() => off?.());
    },
    { immediate: true },
  );

  // A new connection is in no room.
  watch([chat, connected, () => toValue(room)] as const, ([chat, connected, room]) => {
    if (connected) void chat?.try.joinRoom(room);
  });

  return { chat, connected, messages };
}
