//! `/admin`: a namespace with auth and a typed denial.

use ackord::{Server, Socket};

use crate::contract::{Admin, AdminServer, Denied, Identity};

struct Session {
    socket: Socket<Admin>,
    token: String,
}

pub(crate) fn serve(io: &Server) {
    io.namespace::<Admin>()
        .connect(async |conn| {
            let token = conn.auth().token.clone();
            if token != "secret" {
                return Err(Denied::BadToken { got: token }.into());
            }
            let socket = conn.accept();
            crate::print_connected("/admin", socket.id());
            Ok(Session { socket, token })
        })
        .on_disconnect(|session, reason| crate::print_disconnected("/admin", session.socket.id(), reason));
}

impl AdminServer for Session {
    async fn whoami(&self) -> Identity {
        Identity { id: self.socket.id().to_string(), token: self.token.clone() }
    }

    async fn kick(&self) {
        self.socket.disconnect();
    }
}
