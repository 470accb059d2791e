//! What can be chosen.

/// How a contract is written in TypeScript.
///
/// ```
/// use ackord_codegen::{BinaryType, TypeScript};
/// let page = TypeScript::default().binary(BinaryType::Browser).client(true);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "settings, each of which is a matter of its own")]
pub struct TypeScript {
    pub(super) int64: Int64,
    pub(super) binary: BinaryType,
    pub(super) client: bool,
    pub(super) javascript: bool,
    pub(super) folder: bool,
    server: bool,
    extension: ImportExtension,
}

impl TypeScript {
    /// The contract for a server in Node: types for `socket.io` (4.x), and a function for each namespace that opens it and asks who comes
    /// in. [`binary`](Self::binary) is [`BinaryType::Node`] then.
    ///
    /// A server that is written with them speaks to every client of the contract, those in Rust included:
    ///
    /// ```ts
    /// import { Server } from "socket.io";
    /// import { chatNamespace } from "./chat.gen";
    ///
    /// const chat = chatNamespace(new Server(3000), async (auth, { refuse }) => {
    ///   return auth.token === "secret" ? { user: "ann" } : refuse("BadToken");
    /// });
    /// chat.on("connection", (socket) => {
    ///   socket.on("joinRoom", (room, ack) => {
    ///     socket.join(room);
    ///     ack(socket.rooms.size);
    ///   });
    /// });
    /// ```
    pub fn server() -> Self {
        Self { server: true, binary: BinaryType::Node, ..Self::default() }
    }

    /// What happens to 64-bit integers: refused by default.
    pub fn int64(mut self, int64: Int64) -> Self {
        self.int64 = int64;
        self
    }

    /// What [`ackord::Binary`] is: what arrives anywhere by default.
    pub fn binary(mut self, binary: BinaryType) -> Self {
        self.binary = binary;
        self
    }

    /// Whether there is a client with a method an event (`chatClient`), beside the socket: not by default. See
    /// [the crate](crate#methods-instead-of-events).
    pub fn client(mut self, client: bool) -> Self {
        self.client = client;
        self
    }

    /// Whether the output is JavaScript (ES modules, ES 2022) with declarations beside it, `.js` and `.d.ts`, for projects without a
    /// TypeScript compiler: not by default. The path's extension does not matter then.
    pub fn javascript(mut self, javascript: bool) -> Self {
        self.javascript = javascript;
        self
    }

    /// How the files of a [folder](crate::Codegen::typescript_dir) import each other: without an extension by default, and always with
    /// `.js` in JavaScript.
    pub fn import_extension(mut self, extension: ImportExtension) -> Self {
        self.extension = extension;
        self
    }

    pub(crate) fn in_folder(mut self) -> Self {
        self.folder = true;
        self
    }

    pub(super) fn is_server(self) -> bool {
        self.server
    }

    pub(super) fn extension(self) -> &'static str {
        match self.extension {
            _ if self.javascript => ".js",
            ImportExtension::None => "",
            ImportExtension::Js => ".js",
            ImportExtension::Ts => ".ts",
        }
    }
}

/// What happens to 64-bit integers, of which a JavaScript number keeps 53 bits. `BigInt` is no way out: the stock client cannot send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Int64 {
    /// They are refused, with their place in Rust.
    #[default]
    Deny,
    /// They are `number`: values above 2^53 − 1 are rounded by the other side.
    Number,
}

/// How files import each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImportExtension {
    /// `"./types"`: for bundlers.
    #[default]
    None,
    /// `"./types.js"`: for `moduleResolution` `node16` and `nodenext`, and most bundlers.
    Js,
    /// `"./types.ts"`: for Deno, Bun and Node, which run TypeScript as it is. The compiler wants `allowImportingTsExtensions`.
    Ts,
}

/// What [`ackord::Binary`] is in TypeScript: `Binary` where it arrives, `BinaryInput` where it is sent, which may be more kinds of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BinaryType {
    /// `ArrayBuffer | Uint8Array` arrives, `ArrayBuffer | ArrayBufferView` may be sent: true everywhere.
    #[default]
    Any,
    /// `ArrayBuffer` arrives, as in a browser; a `Blob`, a `File` and typed arrays may be sent as well.
    Browser,
    /// `Buffer` arrives, as in Node; `ArrayBuffer` and typed arrays may be sent as well. The file then needs `@types/node`.
    Node,
}

impl BinaryType {
    pub(super) fn declaration(self) -> &'static str {
        match self {
            Self::Any => {
                "/** Bytes as they arrive: an `ArrayBuffer` in a browser, a `Buffer` in Node. */\n\
                 export type Binary = ArrayBuffer | Uint8Array;\n\n\
                 /** Bytes that can be sent. */\n\
                 export type BinaryInput = ArrayBuffer | ArrayBufferView;\n"
            }
            Self::Browser => {
                "/** Bytes as they arrive. */\n\
                 export type Binary = ArrayBuffer;\n\n\
                 /** Bytes that can be sent. */\n\
                 export type BinaryInput = ArrayBuffer | ArrayBufferView | globalThis.Blob;\n"
            }
            Self::Node => {
                "/** Bytes as they arrive. */\n\
                 export type Binary = Buffer;\n\n\
                 /** Bytes that can be sent. */\n\
                 export type BinaryInput = ArrayBuffer | ArrayBufferView;\n"
            }
        }
    }
}
