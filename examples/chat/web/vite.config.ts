import { defineConfig } from "vite";

// `npm run dev` serves the page with hot reload on 5173 and passes Socket.IO on to the Rust server.
export default defineConfig({
  // The chat, and its contract to read.
  build: { rollupOptions: { input: ["index.html", "contract.html"] } },
  server: { proxy: { "/socket.io": { target: "http://127.0.0.1:3000", ws: true } } },
});
