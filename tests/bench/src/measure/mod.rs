//! The measurements. Each runs in a process of its own and writes its rows to stdout.

mod echo;
mod memory;
mod messages;

use crate::{Result, report::Row};

type Measurement = fn() -> Result<Vec<Row>>;

pub(crate) const ALL: &[(&str, Measurement)] = &[
    ("echo-64", || echo::typed(64)),
    ("echo-1024", || echo::typed(1024)),
    ("echo-raw", || echo::raw(1024)),
    ("broadcast", echo::broadcast),
    ("websockets", || memory::idle("websockets", "WebSocket", Some(10.0))),
    ("polling", || memory::idle("polling", "polling", None)),
    ("triples-spaced", || messages::triples("spaced")),
    ("triples-dense", || messages::triples("dense")),
    ("numbers", messages::numbers),
    ("stalled", messages::stalled),
];

pub(crate) fn run(name: &str) -> Result<()> {
    let (_, measurement) = ALL.iter().find(|(known, _)| *known == name).ok_or("no such measurement")?;
    for row in measurement()? {
        println!("{}", row.line());
    }
    Ok(())
}
