// The contract for readers: AsyncAPI's own renderer on the document that the generator wrote.
import "@asyncapi/react-component/styles/default.min.css";
import "./contract.css";
import renderer from "@asyncapi/react-component/browser/standalone/index.js?url";
import document_ from "./chat.asyncapi.json?url";

interface AsyncApiStandalone {
  render(props: { schema: { url: string }; config: object }, element: Element | null): void;
}

declare global {
  interface Window {
    AsyncApiStandalone?: AsyncApiStandalone;
  }
}

// Their bundle is a classic script of 3 MB that brings React along; nothing of it is in the chat's own page.
const script = document.createElement("script");
script.src = renderer;
script.onload = () => {
  const config = { show: { errors: false, sidebar: true } };
  window.AsyncApiStandalone?.render({ schema: { url: document_ }, config }, document.querySelector("#contract"));
};
document.head.append(script);
