/// What a browser may ask of us.
#[allow(clippy::too_many_arguments)]
pub trait Chat {
    /// Says `text` in `room`.
    fn send(
        &self,
        room: &str,
        text: String,
        reply_to: Option<u32>,
    ) -> impl ::ackord::__private::Handled<
        Output = ::core::result::Result<Message, SendError>,
    > + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    fn typing(
        &self,
        room: &str,
    ) -> impl ::ackord::__private::Handled<Output = ()> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    #[deprecated(note = "use `join`")]
    fn join_room(
        &self,
        room: String,
    ) -> impl ::ackord::__private::Handled<Output = u32> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    #[cfg(feature = "files")]
    fn put(
        &self,
        name: Option<&str>,
        parts: &[Part],
        meta: &Meta,
    ) -> impl ::ackord::__private::Handled<Output = ()> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
}
/// Emits the events of [`Chat`].
#[must_use = "an emitter sends nothing until one of its methods is called"]
#[allow(dead_code, missing_debug_implementations)]
pub struct ChatEmit<T>(T);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated, clippy::too_many_arguments)]
impl<T: ::ackord::__private::Target> ChatEmit<T> {
    /// Says `text` in `room`.
    pub fn send(
        self,
        room: &str,
        text: String,
        reply_to: Option<u32>,
    ) -> T::Call<Message, SendError> {
        let body = ::ackord::__private::Body::event("send");
        let body = body.arg(room);
        let body = <String as ::ackord::__private::Wire>::put(body, &text);
        let body = <Option<u32> as ::ackord::__private::Wire>::put(body, &reply_to);
        ::ackord::__private::Target::call(
            self.0,
            body,
            <Message as ::ackord::__private::Wire>::envelope::<SendError>().decode,
        )
    }
    pub fn typing(self, room: &str) -> T::Sent {
        let body = ::ackord::__private::Body::event("typing");
        let body = body.arg(room);
        ::ackord::__private::Target::send(self.0, body)
    }
    #[deprecated(note = "use `join`")]
    pub fn join_room(self, room: String) -> T::Call<u32, ::ackord::Never> {
        let body = ::ackord::__private::Body::event("room:join");
        let body = <String as ::ackord::__private::Wire>::put(body, &room);
        ::ackord::__private::Target::call(
            self.0,
            body,
            <u32 as ::ackord::__private::Wire>::decode,
        )
    }
    #[cfg(feature = "files")]
    pub fn put(
        self,
        name: Option<&str>,
        parts: &[Part],
        meta: &Meta,
    ) -> T::Call<(), ::ackord::Never> {
        let body = ::ackord::__private::Body::event("put");
        let body = body.arg(&name);
        let body = <Part as ::ackord::__private::Wire>::put_slice(body, parts);
        let body = <Meta as ::ackord::__private::Wire>::put(body, meta);
        ::ackord::__private::Target::call(self.0, body, ::ackord::__private::decode_unit)
    }
}
/// Registers closures for the events of [`Chat`].
#[allow(dead_code, missing_debug_implementations)]
pub struct ChatOn<'a>(&'a ::ackord::__private::Registry);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated)]
impl ChatOn<'_> {
    /// Says `text` in `room`.
    pub fn send<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce(::std::string::String, String, Option<u32>) -> R
            + ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync
            + 'static,
        R: ::core::future::Future<Output = ::core::result::Result<Message, SendError>>
            + ::core::marker::Send + 'static,
    {
        self.0
            .on(
                &["send"],
                f,
                Self::__send,
                (<Message as ::ackord::__private::Wire>::envelope::<SendError>().reply),
            );
        self
    }
    fn __send(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<
        (::std::string::String, String, Option<u32>),
        ::ackord::__private::ArgError,
    > {
        let values = (
            <::std::string::String as ::ackord::__private::Wire>::next(args, "room")?,
            <String as ::ackord::__private::Wire>::next(args, "text")?,
            <Option<u32> as ::ackord::__private::Wire>::next(args, "reply_to")?,
        );
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    pub fn typing<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce(::std::string::String) -> R + ::core::clone::Clone
            + ::core::marker::Send + ::core::marker::Sync + 'static,
        R: ::core::future::Future<Output = ()> + ::core::marker::Send + 'static,
    {
        self.0
            .on_run(
                ::ackord::__private::Run::new().cancel_on_disconnect(),
                &["typing"],
                f,
                Self::__typing,
                ::ackord::__private::reply_unit,
            );
        self
    }
    fn __typing(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<
        (::std::string::String,),
        ::ackord::__private::ArgError,
    > {
        let values = (
            <::std::string::String as ::ackord::__private::Wire>::next(args, "room")?,
        );
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    #[deprecated(note = "use `join`")]
    pub fn join_room<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce(String) -> R + ::core::clone::Clone + ::core::marker::Send
            + ::core::marker::Sync + 'static,
        R: ::core::future::Future<Output = u32> + ::core::marker::Send + 'static,
    {
        self.0
            .on_run(
                ::ackord::__private::Run::new().serial().cancel_on_disconnect(),
                &["room:join", "join_room", "enter"],
                f,
                Self::__join_room,
                <u32 as ::ackord::__private::Wire>::reply,
            );
        self
    }
    fn __join_room(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<(String,), ::ackord::__private::ArgError> {
        let values = (<String as ::ackord::__private::Wire>::next(args, "room")?,);
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    #[cfg(feature = "files")]
    pub fn put<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce(
                Option<::std::string::String>,
                ::std::vec::Vec<Part>,
                Meta,
            ) -> R + ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync
            + 'static,
        R: ::core::future::Future<Output = ()> + ::core::marker::Send + 'static,
    {
        self.0.on(&["put"], f, Self::__put, ::ackord::__private::reply_unit);
        self
    }
    #[cfg(feature = "files")]
    fn __put(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<
        (Option<::std::string::String>, ::std::vec::Vec<Part>, Meta),
        ::ackord::__private::ArgError,
    > {
        let values = (
            <::std::string::String as ::ackord::__private::Wire>::next_option(
                args,
                "name",
            )?,
            <Part as ::ackord::__private::Wire>::next_vec(args, "parts")?,
            <Meta as ::ackord::__private::Wire>::next(args, "meta")?,
        );
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    #[doc(hidden)]
    pub fn events<E>(self, capacity: usize) -> ::ackord::EventStream<E>
    where
        dyn Chat: ::ackord::__private::EnumOf<E>,
    {
        <dyn Chat as ::ackord::__private::EnumOf<E>>::stream(self.0, capacity)
    }
}
#[automatically_derived]
impl ::ackord::__private::SomeEvents for dyn Chat {}
#[automatically_derived]
impl ::ackord::Events for dyn Chat {
    const EVENTS: &'static [::ackord::__private::EventMeta] = &[
        ::ackord::__private::EventMeta {
            name: "send",
            aliases: &[],
            ack: ::ackord::__private::AckKind::Envelope,
            args: &[
                ::ackord::__private::ArgMeta {
                    name: "room",
                },
                ::ackord::__private::ArgMeta {
                    name: "text",
                },
                ::ackord::__private::ArgMeta {
                    name: "reply_to",
                },
            ],
            docs: &[" Says `text` in `room`."],
            deprecated: ::core::option::Option::None,
        },
        ::ackord::__private::EventMeta {
            name: "typing",
            aliases: &[],
            ack: ::ackord::__private::AckKind::None,
            args: &[
                ::ackord::__private::ArgMeta {
                    name: "room",
                },
            ],
            docs: &[],
            deprecated: ::core::option::Option::None,
        },
        ::ackord::__private::EventMeta {
            name: "room:join",
            aliases: &["join_room", "enter"],
            ack: ::ackord::__private::AckKind::Plain,
            args: &[
                ::ackord::__private::ArgMeta {
                    name: "room",
                },
            ],
            docs: &[],
            deprecated: ::core::option::Option::Some("use `join`"),
        },
        #[cfg(feature = "files")]
        ::ackord::__private::EventMeta {
            name: "put",
            aliases: &[],
            ack: ::ackord::__private::AckKind::Unit,
            args: &[
                ::ackord::__private::ArgMeta {
                    name: "name",
                },
                ::ackord::__private::ArgMeta {
                    name: "parts",
                },
                ::ackord::__private::ArgMeta {
                    name: "meta",
                },
            ],
            docs: &[],
            deprecated: ::core::option::Option::None,
        },
    ];
    type Emit<T: ::ackord::__private::Target> = ChatEmit<T>;
    fn emit<T: ::ackord::__private::Target>(target: T) -> ChatEmit<T> {
        ChatEmit(target)
    }
    type On<'a> = ChatOn<'a>;
    fn on(registry: &::ackord::__private::Registry) -> ChatOn<'_> {
        ChatOn(registry)
    }
    ::ackord::__if_codegen! {
        { fn describe(describer : & mut ::ackord::__private::Describer) { { let event =
        describer.event("send"); let event = < ::std::string::String as
        ::ackord::__private::Wire > ::describe(event, "room"); let event = < String as
        ::ackord::__private::Wire > ::describe(event, "text"); let event = < Option < u32
        > as ::ackord::__private::Wire > ::describe(event, "reply_to"); let event = <
        Message as ::ackord::__private::Wire > ::describe_answer(event); let event = <
        SendError as ::ackord::__private::Wire > ::describe_error(event); let _ = event;
        } { let event = describer.event("typing"); let event = < ::std::string::String as
        ::ackord::__private::Wire > ::describe(event, "room"); let _ = event; } { let
        event = describer.event("room:join"); let event = < String as
        ::ackord::__private::Wire > ::describe(event, "room"); let event = < u32 as
        ::ackord::__private::Wire > ::describe_answer(event); let _ = event; }
        #[cfg(feature = "files")] { let event = describer.event("put"); let event = <
        ::std::string::String as ::ackord::__private::Wire > ::describe_option(event,
        "name"); let event = < Part as ::ackord::__private::Wire > ::describe_vec(event,
        "parts"); let event = < Meta as ::ackord::__private::Wire > ::describe(event,
        "meta"); let event = event.answer:: < () > (); let _ = event; } } } else {}
    }
}
#[automatically_derived]
#[allow(deprecated, unreachable_code, unreachable_patterns, unused_variables)]
impl<
    H: Chat + ::core::marker::Send + ::core::marker::Sync + 'static,
> ::ackord::__private::Dispatch<H> for dyn Chat {
    fn dispatch(
        handler: &::std::sync::Arc<H>,
        event: &str,
        args: &mut ::ackord::__private::Args<'_>,
        reply: ::ackord::__private::Reply,
    ) -> ::core::result::Result<
        ::core::option::Option<::ackord::__private::Handling>,
        ::ackord::__private::ArgError,
    > {
        let handling: ::ackord::__private::Handling = match event {
            "send" => {
                let (room, text, reply_to) = <ChatOn<'_>>::__send(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                ::ackord::__private::Handling::new(async move {
                    (<Message as ::ackord::__private::Wire>::envelope::<SendError>()
                        .reply)(
                        reply,
                        &<H as Chat>::send(&handler, &room, text, reply_to).await,
                    )
                })
            }
            "typing" => {
                let (room,) = <ChatOn<'_>>::__typing(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                ::ackord::__private::Handling::new(async move {
                        ::ackord::__private::reply_unit(
                            reply,
                            &<H as Chat>::typing(&handler, &room).await,
                        )
                    })
                    .run(::ackord::__private::Run::new().cancel_on_disconnect())
            }
            "room:join" | "join_room" | "enter" => {
                let (room,) = <ChatOn<'_>>::__join_room(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                ::ackord::__private::Handling::new(async move {
                        <u32 as ::ackord::__private::Wire>::reply(
                            reply,
                            &<H as Chat>::join_room(&handler, room).await,
                        )
                    })
                    .run(::ackord::__private::Run::new().serial().cancel_on_disconnect())
            }
            #[cfg(feature = "files")]
            "put" => {
                let (name, parts, meta) = <ChatOn<'_>>::__put(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                ::ackord::__private::Handling::new(async move {
                    ::ackord::__private::reply_unit(
                        reply,
                        &<H as Chat>::put(
                                &handler,
                                ::core::option::Option::as_deref(&name),
                                &parts,
                                &meta,
                            )
                            .await,
                    )
                })
            }
            _ => return ::core::result::Result::Ok(::core::option::Option::None),
        };
        ::core::result::Result::Ok(::core::option::Option::Some(handling))
    }
}
