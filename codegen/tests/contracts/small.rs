//! Little contracts: attachments in one environment, nothing to say in one direction.

use ackord::{Binary, Never, contract::NoEvents};

use super::{events, namespace};

events!(Files {
    "put" Plain ("data": Binary) => Binary;
});

namespace!(Root "/", server: dyn Files, client: dyn NoEvents, auth: (), denied: Never);
