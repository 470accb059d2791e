::core::compile_error! {
    "only methods are events"
}
::core::compile_error! {
    "events cannot be generic: the other side may be JavaScript; use a concrete type, an enum or `serde_json::Value`"
}
::core::compile_error! {
    "events have no default body: both sides would see another contract than the one that is written"
}
::core::compile_error! {
    "events take `&self`: several may run at once on one socket"
}
::core::compile_error! {
    "name this argument: its name becomes the TypeScript parameter name"
}
::core::compile_error! {
    "an event with a return value is acknowledged: write `async fn`"
}
#[allow(clippy::too_many_arguments)]
trait Broken {
    fn ok(&self) -> impl ::ackord::__private::Handled<Output = ()> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    fn generic<T>(
        &self,
        x: T,
    ) -> impl ::ackord::__private::Handled<Output = ()> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
    fn lost(
        self,
        arg0: u8,
    ) -> impl ::ackord::__private::Handled<Output = u8> + ::core::marker::Send
    where
        Self: ::core::marker::Sized;
}
/// Emits the events of [`Broken`].
#[must_use = "an emitter sends nothing until one of its methods is called"]
#[allow(dead_code, missing_debug_implementations)]
struct BrokenEmit<T_>(T_);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated, clippy::too_many_arguments)]
impl<T_: ::ackord::__private::Target> BrokenEmit<T_> {
    fn ok(self) -> T_::Sent {
        let body = ::ackord::__private::Body::event("ok");
        ::ackord::__private::Target::send(self.0, body)
    }
}
/// Registers closures for the events of [`Broken`].
#[allow(dead_code, missing_debug_implementations)]
struct BrokenOn<'a>(&'a ::ackord::__private::Registry);
#[automatically_derived]
#[allow(dead_code, missing_docs, deprecated)]
impl BrokenOn<'_> {
    fn ok<F, R>(self, f: F) -> Self
    where
        F: ::core::ops::FnOnce() -> R + ::core::clone::Clone + ::core::marker::Send
            + ::core::marker::Sync + 'static,
        R: ::core::future::Future<Output = ()> + ::core::marker::Send + 'static,
    {
        self.0.on(&["ok"], f, Self::__ok, ::ackord::__private::reply_unit);
        self
    }
    fn __ok(
        args: &mut ::ackord::__private::Args<'_>,
    ) -> ::core::result::Result<(), ::ackord::__private::ArgError> {
        let values = ();
        args.finish()?;
        ::core::result::Result::Ok(values)
    }
    #[doc(hidden)]
    fn events<E>(self, capacity: usize) -> ::ackord::EventStream<E>
    where
        dyn Broken: ::ackord::__private::EnumOf<E>,
    {
        <dyn Broken as ::ackord::__private::EnumOf<E>>::stream(self.0, capacity)
    }
}
#[automatically_derived]
impl ::ackord::__private::SomeEvents for dyn Broken {}
#[automatically_derived]
impl ::ackord::Events for dyn Broken {
    const EVENTS: &'static [::ackord::__private::EventMeta] = &[
        ::ackord::__private::EventMeta {
            name: "ok",
            aliases: &[],
            ack: ::ackord::__private::AckKind::None,
            args: &[],
            docs: &[],
            deprecated: ::core::option::Option::None,
        },
    ];
    type Emit<T_: ::ackord::__private::Target> = BrokenEmit<T_>;
    fn emit<T_: ::ackord::__private::Target>(target: T_) -> BrokenEmit<T_> {
        BrokenEmit(target)
    }
    type On<'a> = BrokenOn<'a>;
    fn on(registry: &::ackord::__private::Registry) -> BrokenOn<'_> {
        BrokenOn(registry)
    }
    ::ackord::__if_codegen! {
        { fn describe(describer : & mut ::ackord::__private::Describer) { { let event =
        describer.event("ok"); let _ = event; } } } else {}
    }
}
#[automatically_derived]
#[allow(deprecated, unreachable_code, unreachable_patterns, unused_variables)]
impl<
    H: Broken + ::core::marker::Send + ::core::marker::Sync + 'static,
> ::ackord::__private::Dispatch<H> for dyn Broken {
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
            "ok" => {
                let () = <BrokenOn<'_>>::__ok(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                ::ackord::__private::Handling::new(async move {
                    ::ackord::__private::reply_unit(
                        reply,
                        &<H as Broken>::ok(&handler).await,
                    )
                })
            }
            _ => return ::core::result::Result::Ok(::core::option::Option::None),
        };
        ::core::result::Result::Ok(::core::option::Option::Some(handling))
    }
}
