//! Medians of the rounds, as a table.

use clients::Result;

use crate::{
    process::Sample,
    scenarios::{Peer, Scenario, What},
};

pub(crate) struct Results<'a> {
    title: &'a str,
    scenarios: &'a [Scenario],
    peers: &'a [&'a Peer],
    /// By scenario and peer.
    samples: Vec<Vec<Vec<Sample>>>,
    /// What failed, and how in each round in which it did.
    failures: Vec<(String, Vec<String>)>,
}

impl<'a> Results<'a> {
    pub(crate) fn new(title: &'a str, scenarios: &'a [Scenario], peers: &'a [&'a Peer]) -> Self {
        let samples = scenarios.iter().map(|_| peers.iter().map(|_| Vec::new()).collect()).collect();
        Self { title, scenarios, peers, samples, failures: Vec::new() }
    }

    pub(crate) fn add(&mut self, scenario: usize, peer: usize, sample: Result<Sample>) {
        let failure = match sample {
            Ok(sample) => {
                let bad = sample.bad;
                self.samples[scenario][peer].push(sample);
                if bad == 0 {
                    return;
                }
                format!("{bad} wrong or lost")
            }
            Err(error) => error.to_string(),
        };
        let what = format!("{}: {}", self.peers[peer].name, self.scenarios[scenario].name);
        match self.failures.iter_mut().find(|(known, _)| *known == what) {
            Some((_, failures)) => failures.push(failure),
            None => self.failures.push((what, vec![failure])),
        }
    }

    /// The first peer's numbers, and how often the others' are larger.
    pub(crate) fn print(&self) {
        if self.peers.is_empty() {
            return;
        }
        let (names, rule) = self.peers.iter().fold((String::new(), String::new()), |(names, rule), peer| {
            (format!("{names} {} |", peer.name), format!("{rule}--:|"))
        });
        println!("\n| {} |{names} spread, waited |", self.title);
        println!("|---|{rule}--:|");
        for (scenario, samples) in self.scenarios.iter().zip(&self.samples) {
            let ours = median(&samples[0], |sample| sample.each);
            let cells: String = samples.iter().enumerate().map(|(n, of_peer)| cell(scenario, of_peer, ours, n == 0)).collect();
            println!("| {} |{cells} {} |", scenario.name, noise(samples));
        }
        for (what, failures) in &self.failures {
            println!("- † {what}: {}", failures.join("; "));
        }
    }
}

fn cell(scenario: &Scenario, samples: &[Sample], ours: f64, is_ours: bool) -> String {
    if samples.is_empty() {
        return " – |".into();
    }
    let each = median(samples, |sample| sample.each);
    let value = match scenario.what {
        What::Memory => format!("{:.1} KiB", each / 1024.0),
        What::Cpu if scenario.once => format!("{:.0} µs", each / 1000.0),
        What::Cpu => format!("{:.2} µs, {:.0}/s", each / 1000.0, median(samples, |sample| sample.per_second)),
    };
    if samples.iter().any(|sample| sample.bad > 0) {
        // It did something else.
        format!(" † ({value}) |")
    } else if is_ours {
        format!(" {value} |")
    } else {
        format!(" **{:.1} ×** ({value}) |", each / ours)
    }
}

/// How far the first peer's rounds lie apart, and how long the worst of the accepted steps waited for its core.
fn noise(samples: &[Vec<Sample>]) -> String {
    let each = || samples[0].iter().map(|sample| sample.each);
    let (least, most) = (each().fold(f64::INFINITY, f64::min), each().fold(0.0, f64::max));
    let waited = samples.iter().flatten().map(|sample| sample.waited).fold(0.0, f64::max);
    format!("±{:.0} %, {:.0} %", (most - least) / (most + least) * 100.0, waited * 100.0)
}

fn median(samples: &[Sample], value: impl Fn(&Sample) -> f64) -> f64 {
    let mut values: Vec<f64> = samples.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    if values.is_empty() { f64::NAN } else { values[values.len() / 2] }
}
