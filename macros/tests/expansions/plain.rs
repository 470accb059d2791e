#[allow(clippy::too_many_arguments)]
pub(crate) trait Foreign {
    fn ask(
        &self,
        T: T,
    ) -> impl crate::rpc::__private::Handled<
        Output = ::core::result::Result<T, H>,
    > + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    fn r#match(
        &self,
        r#fn: u8,
    ) -> impl crate::rpc::__private::Handled<Output = ()> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
}
/// Emits the events of [`Foreign`].
#[must_use = "an emitter sends nothing until one of its methods is called"]
#[allow(dead_code, missing_debug_implementations)]
pub(crate) struct ForeignEmit<T_>(T_);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated, clippy::too_many_arguments)]
impl<T_: crate::rpc::__private::Target> ForeignEmit<T_> {
    pub(crate) fn ask(self, T: T) -> T_::Call<T, H> {
        let body = crate::rpc::__private::Body::event("x:ask");
        let body = <T as crate::rpc::__private::Wire>::put(body, &T);
        crate::rpc::__private::Target::call(
            self.0,
            body,
            <T as crate::rpc::__private::Wire>::either::<H>().decode,
        )
    }
    pub(crate) fn r#match(self, r#fn: u8) -> T_::Sent {
        let body = crate::rpc::__private::Body::event("x:match");
        let body = <u8 as crate::rpc::__private::Wire>::put(body, &r#fn);
        crate::rpc::__private::Target::send(self.0, body)
    }
}
/// Registers closures for the events of [`Foreign`].
#[allow(dead_code, missing_debug_implementations)]
pub(crate) struct ForeignOn<'a>(&'a crate::rpc::__private::Registry);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated)]
impl ForeignOn<'_> {
    pub(crate) fn ask<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce(T) -> R + ::core::clone::Clone + ::core::marker::Send
            + ::core::marker::Sync + 'static,
        R: ::core::future::Future<Output = ::core::result::Result<T, H>>
            + ::core::marker::Send + 'static,
    {
        self.0
            .on(
                &["x:ask"],
                f,
                Self::__ask,
                (<T as crate::rpc::__private::Wire>::either::<H>().reply),
            );
        self
    }
    fn __ask(
        args: &mut crate::rpc::__private::Args<'_>,
    ) -> ::core::result::Result<(T,), crate::rpc::__private::ArgError> {
        let values = (<T as crate::rpc::__private::Wire>::next(args, "T")?,);
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    pub(crate) fn r#match<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce(u8) -> R + ::core::clone::Clone + ::core::marker::Send
            + ::core::marker::Sync + 'static,
        R: ::core::future::Future<Output = ()> + ::core::marker::Send + 'static,
    {
        self.0.on(&["x:match"], f, Self::__match, crate::rpc::__private::reply_unit);
        self
    }
    fn __match(
        args: &mut crate::rpc::__private::Args<'_>,
    ) -> ::core::result::Result<(u8,), crate::rpc::__private::ArgError> {
        let values = (<u8 as crate::rpc::__private::Wire>::next(args, "fn")?,);
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    #[doc(hidden)]
    pub(crate) fn events<E>(self, capacity: usize) -> crate::rpc::EventStream<E>
    where
        dyn Foreign: crate::rpc::__private::EnumOf<E>,
    {
        <dyn Foreign as crate::rpc::__private::EnumOf<E>>::stream(self.0, capacity)
    }
}
#[automatically_derived]
impl crate::rpc::__private::SomeEvents for dyn Foreign {}
#[automatically_derived]
impl crate::rpc::Events for dyn Foreign {
    const EVENTS: &'static [crate::rpc::__private::EventMeta] = &[
        crate::rpc::__private::EventMeta {
            name: "x:ask",
            aliases: &[],
            ack: crate::rpc::__private::AckKind::Either,
            args: &[
                crate::rpc::__private::ArgMeta {
                    name: "T",
                },
            ],
            docs: &[],
            deprecated: ::core::option::Option::None,
        },
        crate::rpc::__private::EventMeta {
            name: "x:match",
            aliases: &[],
            ack: crate::rpc::__private::AckKind::None,
            args: &[
                crate::rpc::__private::ArgMeta {
                    name: "fn",
                },
            ],
            docs: &[],
            deprecated: ::core::option::Option::None,
        },
    ];
    type Emit<T_: crate::rpc::__private::Target> = ForeignEmit<T_>;
    fn emit<T_: crate::rpc::__private::Target>(target: T_) -> ForeignEmit<T_> {
        ForeignEmit(target)
    }
    type On<'a> = ForeignOn<'a>;
    fn on(registry: &crate::rpc::__private::Registry) -> ForeignOn<'_> {
        ForeignOn(registry)
    }
    crate::rpc::__if_codegen! {
        { fn describe(describer : & mut crate ::rpc::__private::Describer) { { let event
        = describer.event("x:ask"); let event = < T as crate ::rpc::__private::Wire >
        ::describe(event, "T"); let event = < T as crate ::rpc::__private::Wire >
        ::describe_answer(event); let event = < H as crate ::rpc::__private::Wire >
        ::describe_error(event); let _ = event; } { let event = describer
        .event("x:match"); let event = < u8 as crate ::rpc::__private::Wire >
        ::describe(event, "fn"); let _ = event; } } } else {}
    }
}
#[automatically_derived]
#[allow(deprecated, unreachable_code, unreachable_patterns, unused_variables)]
impl<
    H_: Foreign + ::core::marker::Send + ::core::marker::Sync + 'static,
> crate::rpc::__private::Dispatch<H_> for dyn Foreign {
    fn dispatch(
        handler: &::std::sync::Arc<H_>,
        event: &str,
        args: &mut crate::rpc::__private::Args<'_>,
        reply: crate::rpc::__private::Reply,
    ) -> ::core::result::Result<
        ::core::option::Option<crate::rpc::__private::Handling>,
        crate::rpc::__private::ArgError,
    > {
        let handling: crate::rpc::__private::Handling = match event {
            "x:ask" => {
                let (T,) = <ForeignOn<'_>>::__ask(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                crate::rpc::__private::Handling::new(async move {
                    (<T as crate::rpc::__private::Wire>::either::<H>()
                        .reply)(reply, &<H_ as Foreign>::ask(&handler, T).await)
                })
            }
            "x:match" => {
                let (r#fn,) = <ForeignOn<'_>>::__match(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                crate::rpc::__private::Handling::new(async move {
                    crate::rpc::__private::reply_unit(
                        reply,
                        &<H_ as Foreign>::r#match(&handler, r#fn).await,
                    )
                })
            }
            _ => return ::core::result::Result::Ok(::core::option::Option::None),
        };
        ::core::result::Result::Ok(::core::option::Option::Some(handling))
    }
}
