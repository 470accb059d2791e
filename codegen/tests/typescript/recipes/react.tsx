import { useEffect, useState } from "react";
import { chatClient, connectChat } from "../../fixtures/client/chat.ts";
import type { ChatApi, Message } from "../../fixtures/client/chat.ts";

export function useChat(url: string, token: string, room: string) {
  const [chat, setChat] = useState<ChatApi | null>(null);
  const [connected, setConnected] = useState(false);
  const [messages, setMessages] = useState<Message[]>([]);

  // A connection of this component's own, for as long as it is there and the token is the same.
  useEffect(() => {
    const chat = chatClient(connectChat(url, { token }, { forceNew: true }));
    chat.socket.on("connect", () => setConnected(true));
    chat.socket.on("disconnect", () => setConnected(false));
    setChat(chat);
    return () => {
      chat.socket.disconnect();
      setChat(null);
    };
  }, [url, token]);

  useEffect(() => {
    setMessages([]);
    return chat?.on.message((where, message) => {
      if (where === room) setMessages((messages) => [...messages, message]);
    });
  }, [chat, room]);

  // A new connection is in no room.
  useEffect(() => {
    if (connected) void chat?.try.joinRoom(room);
  }, [chat, connected, room]);

  return { chat, connected, messages };
}
