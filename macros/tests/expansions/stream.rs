#[allow(clippy::too_many_arguments)]
trait Feed {
    /// Prices of a symbol.
    fn ticks(
        &self,
        symbol: &str,
    ) -> impl ::ackord::__private::Streamed<
        Item = Result<Tick, TickError>,
    > + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    fn log(
        &self,
    ) -> impl ::ackord::__private::Streamed<Item = String> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
}
/// Emits the events of [`Feed`].
#[must_use = "an emitter sends nothing until one of its methods is called"]
#[allow(dead_code, missing_debug_implementations)]
struct FeedEmit<T>(T);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated, clippy::too_many_arguments)]
impl<T: ::ackord::__private::Target> FeedEmit<T> {
    /// Prices of a symbol.
    fn ticks(
        self,
        symbol: &str,
    ) -> <T as ::ackord::__private::ToOne>::Stream<Tick, TickError>
    where
        T: ::ackord::__private::ToOne,
    {
        let body = ::ackord::__private::Body::event("feed:ticks");
        let body = body.arg(symbol);
        ::ackord::__private::ToOne::subscribe(
            self.0,
            body,
            <Tick as ::ackord::__private::Wire>::try_stream::<
                TickError,
            >(
                &[
                    ::ackord::__private::StreamNames {
                        event: "feed:ticks",
                        next: "feed:ticks:next",
                        end: "feed:ticks:end",
                        stop: "feed:ticks:stop",
                    },
                    ::ackord::__private::StreamNames {
                        event: "prices",
                        next: "prices:next",
                        end: "prices:end",
                        stop: "prices:stop",
                    },
                ],
                ::core::option::Option::Some(16u32),
                true,
            ),
        )
    }
    fn log(self) -> <T as ::ackord::__private::ToOne>::Stream<String, ::ackord::Never>
    where
        T: ::ackord::__private::ToOne,
    {
        let body = ::ackord::__private::Body::event("feed:log");
        ::ackord::__private::ToOne::subscribe(
            self.0,
            body,
            <String as ::ackord::__private::Wire>::stream(
                &[
                    ::ackord::__private::StreamNames {
                        event: "feed:log",
                        next: "feed:log:next",
                        end: "feed:log:end",
                        stop: "feed:log:stop",
                    },
                ],
                ::core::option::Option::None,
                false,
            ),
        )
    }
}
/// Registers closures for the events of [`Feed`].
#[allow(dead_code, missing_debug_implementations)]
struct FeedOn<'a>(&'a ::ackord::__private::Registry);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated)]
impl FeedOn<'_> {
    /// Prices of a symbol.
    fn ticks<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce(::std::string::String) -> R + ::core::clone::Clone
            + ::core::marker::Send + ::core::marker::Sync + 'static,
        R: futures::Stream<Item = Result<Tick, TickError>> + ::core::marker::Send
            + 'static,
    {
        self.0
            .on_stream(
                f,
                Self::__ticks,
                <Tick as ::ackord::__private::Wire>::try_stream::<
                    TickError,
                >(
                    &[
                        ::ackord::__private::StreamNames {
                            event: "feed:ticks",
                            next: "feed:ticks:next",
                            end: "feed:ticks:end",
                            stop: "feed:ticks:stop",
                        },
                        ::ackord::__private::StreamNames {
                            event: "prices",
                            next: "prices:next",
                            end: "prices:end",
                            stop: "prices:stop",
                        },
                    ],
                    ::core::option::Option::Some(16u32),
                    true,
                ),
            );
        self
    }
    fn __ticks(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<
        (::std::string::String,),
        ::ackord::__private::ArgError,
    > {
        let values = (
            <::std::string::String as ::ackord::__private::Wire>::next(args, "symbol")?,
        );
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    fn log<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce() -> R + ::core::clone::Clone + ::core::marker::Send
            + ::core::marker::Sync + 'static,
        R: Stream<Item = String> + ::core::marker::Send + 'static,
    {
        self.0
            .on_stream(
                f,
                Self::__log,
                <String as ::ackord::__private::Wire>::stream(
                    &[
                        ::ackord::__private::StreamNames {
                            event: "feed:log",
                            next: "feed:log:next",
                            end: "feed:log:end",
                            stop: "feed:log:stop",
                        },
                    ],
                    ::core::option::Option::None,
                    false,
                ),
            );
        self
    }
    fn __log(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<(), ::ackord::__private::ArgError> {
        let values = ();
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    #[doc(hidden)]
    fn events<E>(self, capacity: usize) -> ::ackord::EventStream<E>
    where
        dyn Feed: ::ackord::__private::EnumOf<E>,
    {
        <dyn Feed as ::ackord::__private::EnumOf<E>>::stream(self.0, capacity)
    }
}
#[automatically_derived]
impl ::ackord::__private::SomeEvents for dyn Feed {}
#[automatically_derived]
impl ::ackord::Events for dyn Feed {
    const EVENTS: &'static [::ackord::__private::EventMeta] = &[
        ::ackord::__private::EventMeta {
            name: "feed:ticks",
            aliases: &["prices"],
            ack: ::ackord::__private::AckKind::Stream {
                window: ::core::option::Option::Some(16u32),
            },
            args: &[
                ::ackord::__private::ArgMeta {
                    name: "symbol",
                },
            ],
            docs: &[" Prices of a symbol."],
            deprecated: ::core::option::Option::None,
        },
        ::ackord::__private::EventMeta {
            name: "feed:log",
            aliases: &[],
            ack: ::ackord::__private::AckKind::Stream {
                window: ::core::option::Option::None,
            },
            args: &[],
            docs: &[],
            deprecated: ::core::option::Option::None,
        },
    ];
    type Emit<T: ::ackord::__private::Target> = FeedEmit<T>;
    fn emit<T: ::ackord::__private::Target>(target: T) -> FeedEmit<T> {
        FeedEmit(target)
    }
    type On<'a> = FeedOn<'a>;
    fn on(registry: &::ackord::__private::Registry) -> FeedOn<'_> {
        FeedOn(registry)
    }
    ::ackord::__if_codegen! {
        { fn describe(describer : & mut ::ackord::__private::Describer) { { let event =
        describer.event("feed:ticks"); let event = < ::std::string::String as
        ::ackord::__private::Wire > ::describe(event, "symbol"); let event = < Tick as
        ::ackord::__private::Wire > ::describe_answer(event); let event = < TickError as
        ::ackord::__private::Wire > ::describe_error(event); let _ = event; } { let event
        = describer.event("feed:log"); let event = < String as ::ackord::__private::Wire
        > ::describe_answer(event); let _ = event; } } } else {}
    }
}
#[automatically_derived]
#[allow(deprecated, unreachable_code, unreachable_patterns, unused_variables)]
impl<
    H: Feed + ::core::marker::Send + ::core::marker::Sync + 'static,
> ::ackord::__private::Dispatch<H> for dyn Feed {
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
            "feed:ticks" | "prices" => {
                let (symbol,) = <FeedOn<'_>>::__ticks(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                reply
                    .stream(
                        event,
                        <Tick as ::ackord::__private::Wire>::try_stream::<
                            TickError,
                        >(
                            &[
                                ::ackord::__private::StreamNames {
                                    event: "feed:ticks",
                                    next: "feed:ticks:next",
                                    end: "feed:ticks:end",
                                    stop: "feed:ticks:stop",
                                },
                                ::ackord::__private::StreamNames {
                                    event: "prices",
                                    next: "prices:next",
                                    end: "prices:end",
                                    stop: "prices:stop",
                                },
                            ],
                            ::core::option::Option::Some(16u32),
                            true,
                        ),
                        move |feed| async move {
                            feed.run(
                                    ::core::pin::pin!(
                                        < H as Feed > ::ticks(& handler, & symbol)
                                    ),
                                )
                                .await
                        },
                    )
            }
            "feed:ticks:stop" | "prices:stop" => reply.stop(args)?,
            "feed:log" => {
                let () = <FeedOn<'_>>::__log(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                reply
                    .stream(
                        event,
                        <String as ::ackord::__private::Wire>::stream(
                            &[
                                ::ackord::__private::StreamNames {
                                    event: "feed:log",
                                    next: "feed:log:next",
                                    end: "feed:log:end",
                                    stop: "feed:log:stop",
                                },
                            ],
                            ::core::option::Option::None,
                            false,
                        ),
                        move |feed| async move {
                            feed.run(::core::pin::pin!(< H as Feed > ::log(& handler,)))
                                .await
                        },
                    )
            }
            "feed:log:stop" => reply.stop(args)?,
            _ => return ::core::result::Result::Ok(::core::option::Option::None),
        };
        ::core::result::Result::Ok(::core::option::Option::Some(handling))
    }
}
