#[allow(clippy::too_many_arguments)]
pub trait Ui {
    /// Somebody says something.
    fn message(
        &self,
        room: &str,
        msg: &Message,
    ) -> impl ::ackord::__private::Handled<Output = ()> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    #[deprecated]
    fn confirm_it(
        &self,
        prompt: Option<&str>,
    ) -> impl ::ackord::__private::Handled<
        Output = ::core::result::Result<bool, Refused>,
    > + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    #[cfg(feature = "bells")]
    fn r#loop(
        &self,
    ) -> impl ::ackord::__private::Handled<Output = ()> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    fn reload(
        &self,
    ) -> impl ::ackord::__private::Handled<Output = ()> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
}
/// Emits the events of [`Ui`].
#[must_use = "an emitter sends nothing until one of its methods is called"]
#[allow(dead_code, missing_debug_implementations)]
pub struct UiEmit<T>(T);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated, clippy::too_many_arguments)]
impl<T: ::ackord::__private::Target> UiEmit<T> {
    /// Somebody says something.
    pub fn message(self, room: &str, msg: &Message) -> T::Sent {
        let body = ::ackord::__private::Body::event("message");
        let body = body.arg(room);
        let body = <Message as ::ackord::__private::Wire>::put(body, msg);
        ::ackord::__private::Target::send(self.0, body)
    }
    #[deprecated]
    pub fn confirm_it(self, prompt: Option<&str>) -> T::Call<bool, Refused> {
        let body = ::ackord::__private::Body::event("confirm_it");
        let body = body.arg(&prompt);
        ::ackord::__private::Target::call(
            self.0,
            body,
            <bool as ::ackord::__private::Wire>::envelope::<Refused>().decode,
        )
    }
    #[cfg(feature = "bells")]
    pub fn r#loop(self) -> T::Call<(), ::ackord::Never> {
        let body = ::ackord::__private::Body::event("loop");
        ::ackord::__private::Target::call(self.0, body, ::ackord::__private::decode_unit)
    }
    pub fn reload(self) -> T::Sent {
        let body = ::ackord::__private::Body::event("reload");
        ::ackord::__private::Target::send(self.0, body)
    }
}
/// Registers closures for the events of [`Ui`].
#[allow(dead_code, missing_debug_implementations)]
pub struct UiOn<'a>(&'a ::ackord::__private::Registry);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated)]
impl UiOn<'_> {
    /// Somebody says something.
    pub fn message<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce(::std::string::String, Message) -> R
            + ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync
            + 'static,
        R: ::core::future::Future<Output = ()> + ::core::marker::Send + 'static,
    {
        self.0.on(&["message"], f, Self::__message, ::ackord::__private::reply_unit);
        self
    }
    fn __message(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<
        (::std::string::String, Message),
        ::ackord::__private::ArgError,
    > {
        let values = (
            <::std::string::String as ::ackord::__private::Wire>::next(args, "room")?,
            <Message as ::ackord::__private::Wire>::next(args, "msg")?,
        );
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    #[deprecated]
    pub fn confirm_it<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce(Option<::std::string::String>) -> R + ::core::clone::Clone
            + ::core::marker::Send + ::core::marker::Sync + 'static,
        R: ::core::future::Future<Output = ::core::result::Result<bool, Refused>>
            + ::core::marker::Send + 'static,
    {
        self.0
            .on_run(
                ::ackord::__private::Run::new().serial(),
                &["confirm_it", "sure"],
                f,
                Self::__confirm_it,
                (<bool as ::ackord::__private::Wire>::envelope::<Refused>().reply),
            );
        self
    }
    fn __confirm_it(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<
        (Option<::std::string::String>,),
        ::ackord::__private::ArgError,
    > {
        let values = (
            <::std::string::String as ::ackord::__private::Wire>::next_option(
                args,
                "prompt",
            )?,
        );
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    #[cfg(feature = "bells")]
    pub fn r#loop<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce() -> R + ::core::clone::Clone + ::core::marker::Send
            + ::core::marker::Sync + 'static,
        R: ::core::future::Future<Output = ()> + ::core::marker::Send + 'static,
    {
        self.0.on(&["loop"], f, Self::__loop, ::ackord::__private::reply_unit);
        self
    }
    #[cfg(feature = "bells")]
    fn __loop(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<(), ::ackord::__private::ArgError> {
        let values = ();
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    pub fn reload<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce() -> R + ::core::clone::Clone + ::core::marker::Send
            + ::core::marker::Sync + 'static,
        R: ::core::future::Future<Output = ()> + ::core::marker::Send + 'static,
    {
        self.0.on(&["reload"], f, Self::__reload, ::ackord::__private::reply_unit);
        self
    }
    fn __reload(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<(), ::ackord::__private::ArgError> {
        let values = ();
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    /// All events as values of [`UiEvent`], in the order of arrival. Up to `capacity` of them wait to be taken; more are dropped and reported. A closure that is registered later for an event takes it out of the stream.
    pub fn events(self, capacity: usize) -> ::ackord::EventStream<UiEvent> {
        let (sink, stream) = ::ackord::__private::event_stream(capacity);
        <dyn Ui as ::ackord::__private::EventEnum>::forward(self.0, &sink);
        stream
    }
}
#[automatically_derived]
impl ::ackord::__private::SomeEvents for dyn Ui {}
#[automatically_derived]
impl ::ackord::Events for dyn Ui {
    const EVENTS: &'static [::ackord::__private::EventMeta] = &[
        ::ackord::__private::EventMeta {
            name: "message",
            aliases: &[],
            ack: ::ackord::__private::AckKind::None,
            args: &[
                ::ackord::__private::ArgMeta {
                    name: "room",
                },
                ::ackord::__private::ArgMeta {
                    name: "msg",
                },
            ],
            docs: &[" Somebody says something."],
            deprecated: ::core::option::Option::None,
        },
        ::ackord::__private::EventMeta {
            name: "confirm_it",
            aliases: &["sure"],
            ack: ::ackord::__private::AckKind::Envelope,
            args: &[
                ::ackord::__private::ArgMeta {
                    name: "prompt",
                },
            ],
            docs: &[],
            deprecated: ::core::option::Option::Some(""),
        },
        #[cfg(feature = "bells")]
        ::ackord::__private::EventMeta {
            name: "loop",
            aliases: &[],
            ack: ::ackord::__private::AckKind::Unit,
            args: &[],
            docs: &[],
            deprecated: ::core::option::Option::None,
        },
        ::ackord::__private::EventMeta {
            name: "reload",
            aliases: &[],
            ack: ::ackord::__private::AckKind::None,
            args: &[],
            docs: &[],
            deprecated: ::core::option::Option::None,
        },
    ];
    type Emit<T: ::ackord::__private::Target> = UiEmit<T>;
    fn emit<T: ::ackord::__private::Target>(target: T) -> UiEmit<T> {
        UiEmit(target)
    }
    type On<'a> = UiOn<'a>;
    fn on(registry: &::ackord::__private::Registry) -> UiOn<'_> {
        UiOn(registry)
    }
    ::ackord::__if_codegen! {
        { fn describe(describer : & mut ::ackord::__private::Describer) { { let event =
        describer.event("message"); let event = < ::std::string::String as
        ::ackord::__private::Wire > ::describe(event, "room"); let event = < Message as
        ::ackord::__private::Wire > ::describe(event, "msg"); let _ = event; } { let
        event = describer.event("confirm_it"); let event = < ::std::string::String as
        ::ackord::__private::Wire > ::describe_option(event, "prompt"); let event = <
        bool as ::ackord::__private::Wire > ::describe_answer(event); let event = <
        Refused as ::ackord::__private::Wire > ::describe_error(event); let _ = event; }
        #[cfg(feature = "bells")] { let event = describer.event("loop"); let event =
        event.answer:: < () > (); let _ = event; } { let event = describer
        .event("reload"); let _ = event; } } } else {}
    }
}
#[automatically_derived]
#[allow(deprecated, unreachable_code, unreachable_patterns, unused_variables)]
impl<
    H: Ui + ::core::marker::Send + ::core::marker::Sync + 'static,
> ::ackord::__private::Dispatch<H> for dyn Ui {
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
            "message" => {
                let (room, msg) = <UiOn<'_>>::__message(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                ::ackord::__private::Handling::new(async move {
                    ::ackord::__private::reply_unit(
                        reply,
                        &<H as Ui>::message(&handler, &room, &msg).await,
                    )
                })
            }
            "confirm_it" | "sure" => {
                let (prompt,) = <UiOn<'_>>::__confirm_it(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                ::ackord::__private::Handling::new(async move {
                        (<bool as ::ackord::__private::Wire>::envelope::<Refused>()
                            .reply)(
                            reply,
                            &<H as Ui>::confirm_it(
                                    &handler,
                                    ::core::option::Option::as_deref(&prompt),
                                )
                                .await,
                        )
                    })
                    .run(::ackord::__private::Run::new().serial())
            }
            #[cfg(feature = "bells")]
            "loop" => {
                let () = <UiOn<'_>>::__loop(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                ::ackord::__private::Handling::new(async move {
                    ::ackord::__private::reply_unit(
                        reply,
                        &<H as Ui>::r#loop(&handler).await,
                    )
                })
            }
            "reload" => {
                let () = <UiOn<'_>>::__reload(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                ::ackord::__private::Handling::new(async move {
                    ::ackord::__private::reply_unit(
                        reply,
                        &<H as Ui>::reload(&handler).await,
                    )
                })
            }
            _ => return ::core::result::Result::Ok(::core::option::Option::None),
        };
        ::core::result::Result::Ok(::core::option::Option::Some(handling))
    }
}
/// An event of [`Ui`] that has arrived: what `on().events(…)` yields.
#[allow(dead_code, missing_docs, clippy::large_enum_variant)]
pub enum UiEvent {
    /// Somebody says something.
    Message { room: ::std::string::String, msg: Message },
    #[deprecated]
    ConfirmIt {
        prompt: Option<::std::string::String>,
        reply: ::ackord::Ack<::core::result::Result<bool, Refused>>,
    },
    #[cfg(feature = "bells")]
    Loop { reply: ::ackord::Ack<()> },
    Reload,
}
#[automatically_derived]
#[allow(deprecated, unused_imports, unused_variables)]
impl ::core::fmt::Debug for UiEvent {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        use ::ackord::__private::{ShowDebug as _, ShowNothing as _};
        match *self {
            Self::Message { ref room, ref msg, .. } => {
                f.debug_struct("Message")
                    .field("room", (&::ackord::__private::Show(room)).show())
                    .field("msg", (&::ackord::__private::Show(msg)).show())
                    .finish()
            }
            Self::ConfirmIt { ref prompt, .. } => {
                f.debug_struct("ConfirmIt")
                    .field("prompt", (&::ackord::__private::Show(prompt)).show())
                    .finish()
            }
            #[cfg(feature = "bells")]
            Self::Loop { .. } => f.debug_struct("Loop").finish(),
            Self::Reload { .. } => f.debug_struct("Reload").finish(),
        }
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl ::ackord::__private::EventEnum for dyn Ui {
    type Event = UiEvent;
    fn forward(
        registry: &::ackord::__private::Registry,
        to: &::ackord::__private::EventSink<UiEvent>,
    ) {
        {
            registry
                .tell(
                    ::ackord::__private::Run::new(),
                    &["message"],
                    to,
                    <UiOn<'_>>::__message,
                    |(room, msg)| UiEvent::Message { room, msg },
                );
        }
        {
            registry
                .ask(
                    ::ackord::__private::Run::new().serial(),
                    &["confirm_it", "sure"],
                    to,
                    <UiOn<'_>>::__confirm_it,
                    (<bool as ::ackord::__private::Wire>::envelope::<Refused>().reply),
                    |(prompt,), reply| UiEvent::ConfirmIt {
                        prompt,
                        reply,
                    },
                );
        }
        #[cfg(feature = "bells")]
        {
            registry
                .ask(
                    ::ackord::__private::Run::new(),
                    &["loop"],
                    to,
                    <UiOn<'_>>::__loop,
                    ::ackord::__private::reply_unit,
                    |(), reply| UiEvent::Loop { reply },
                );
        }
        {
            registry
                .tell(
                    ::ackord::__private::Run::new(),
                    &["reload"],
                    to,
                    <UiOn<'_>>::__reload,
                    |()| UiEvent::Reload {},
                );
        }
    }
}
