use crate::{
    client::{Peer, Via},
    lab::Lab,
};

async fn echoes(via: Via) {
    let lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    assert_eq!(peer.ask(r#"21["echo",[1,"a",null]]"#).await, r#"31[[1,"a",null]]"#);
}
over_all_transports!(echo, echoes);
