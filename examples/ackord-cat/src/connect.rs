//! From the command line to a client.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use ackord::{
    Client, DisconnectReason,
    client::{Connect, Manager, ManagerBuilder, Proxy, Reconnection, State, Tls, Transport, Untyped},
};
use serde_json::Value;
use tokio::sync::watch;

use crate::{address::Address, cli::ServerArgs, failure::Failure, notices::Notices, output::sent};

/// Connects; `setup` prepares the client before anything arrives.
///
/// # Errors
/// Whatever is wrong with the arguments, or the first attempt.
pub(crate) async fn connect(
    url: &str,
    args: &ServerArgs,
    notices: &Notices,
    setup: impl FnOnce(&Client<Untyped>) + Send + 'static,
) -> Result<Client<Untyped>, Failure> {
    let address = Address::parse(url, args.namespace.as_deref()).map_err(Failure::Usage)?;
    let manager = settings(&address, args)?.build();
    let mut connect = Client::<Untyped>::connect(&manager).namespace(Untyped::new(&address.namespace)).setup(setup);
    if let Some(auth) = &args.auth {
        connect = connect.auth(auth_payload(auth)?);
    }
    let (watch, state) = std::sync::mpsc::channel();
    let told = Told::default();
    tokio::spawn(tell_upgrades(manager.watch_transport(), Arc::clone(&told), notices.clone()));
    let connect = hooks(connect, told, notices).setup(move |client| drop(watch.send(client.watch())));
    let text = format!("connecting to {}{}, {}", address.url, args.path, address.namespace);
    match notices.spin(&text, connect.into_future()).await {
        Ok(client) => Ok(client),
        // The state knows the message beside the data of a refusal.
        Err(error) => {
            let state = state.try_recv().map(|state| state.borrow().clone());
            let refusal = state.ok().filter(|state| matches!(state, State::Refused(_)));
            Err(refusal.as_ref().and_then(Failure::of_state).unwrap_or_else(|| error.into()))
        }
    }
}

/// The transport that the user knows of.
type Told = Arc<Mutex<Option<&'static str>>>;

fn know(told: &Told, transport: Option<&'static str>) -> Option<&'static str> {
    std::mem::replace(&mut *told.lock().unwrap_or_else(PoisonError::into_inner), transport)
}

/// Upgrades: a connection tells what it begins with itself.
async fn tell_upgrades(mut transport: watch::Receiver<Option<Transport>>, told: Told, notices: Notices) {
    while transport.changed().await.is_ok() {
        let now = transport.borrow_and_update().map(Transport::as_str);
        if now == Some("websocket") && know(&told, None) == Some("polling") {
            notices.tell("upgraded to websocket");
        }
    }
}

fn hooks(connect: Connect<Untyped>, told: Told, notices: &Notices) -> Connect<Untyped> {
    let (connected, left, failed, faults) = (notices.clone(), notices.clone(), notices.clone(), notices.clone());
    let connect = connect
        .on_connect(move |client| {
            connected.tell(&connected_text(client));
            know(&told, client.transport());
        })
        .on_disconnect(move |reason, will_reconnect| match reason {
            // We know.
            DisconnectReason::IoClientDisconnect => left.detail("disconnected"),
            _ => left.tell(&format!("disconnected: {reason}{}", if will_reconnect { "; coming back" } else { "" })),
        })
        .on_connect_error(move |error, will_retry| failed.attempt_failed(error, will_retry))
        .on_fault(move |fault| faults.fault(fault));
    if !notices.is_verbose() {
        return connect;
    }
    let notices = notices.clone();
    connect.setup(move |client| client.on_any_outgoing(move |event, args| notices.detail(&sent(event, args))))
}

fn connected_text(client: &Client<Untyped>) -> String {
    let id = client.id().map(|id| format!(" as {id}")).unwrap_or_default();
    let transport = client.transport().map(|transport| format!(" over {transport}")).unwrap_or_default();
    let recovered = matches!(client.state(), State::Connected { recovered: true, .. });
    format!("connected{id}{transport}{}", if recovered { ", recovered" } else { "" })
}

fn settings(address: &Address, args: &ServerArgs) -> Result<ManagerBuilder, Failure> {
    let mut builder = Manager::builder(&address.url)
        .path(&args.path)
        .transports(args.transport.iter().map(|transport| (*transport).into()))
        .cookies(args.cookies)
        .timeout(args.timeout)
        .tls(tls(args)?);
    if args.no_reconnect {
        builder = builder.reconnection(Reconnection::never());
    }
    for header in &args.headers {
        let (name, value) = header.split_once(':').ok_or_else(|| Failure::Usage(format!("--header {header}: no colon")))?;
        builder = builder.header(name.trim(), value.trim());
    }
    Ok(match args.proxy.as_deref() {
        None => builder.proxy(Proxy::from_env()),
        Some("none") => builder,
        Some(url) => builder.proxy(Proxy::parse(url).map_err(|e| Failure::Usage(format!("--proxy: {e}")))?),
    })
}

fn tls(args: &ServerArgs) -> Result<Tls, Failure> {
    let bad = |path: &Path| {
        let path = path.display().to_string();
        move |e| Failure::Usage(format!("{path}: {e}"))
    };
    let mut tls = Tls::default().accept_invalid_certificates(args.insecure);
    if let Some(path) = &args.cacert {
        tls = tls.add_root_pem(read(path)?).map_err(bad(path))?;
    }
    if let (Some(cert), Some(key)) = (&args.cert, &args.key) {
        tls = tls.identity_pem(read(cert)?, read(key)?).map_err(bad(cert))?;
    }
    Ok(tls)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| Failure::Usage(format!("{}: {e}", path.display())))
}

fn auth_payload(text: &str) -> Result<Value, Failure> {
    let json = match text.strip_prefix('@') {
        Some(path) => read(Path::new(path))?,
        None => text.as_bytes().to_vec(),
    };
    // The text may be a secret: it is not repeated.
    let auth = serde_json::from_slice(&json).map_err(|e| Failure::Usage(format!("--auth: {e}")))?;
    match auth {
        Value::Object(_) => Ok(auth),
        _ => Err(Failure::Usage("--auth: expected a JSON object".into())),
    }
}
