#!/usr/bin/env bash
# What an event costs in `cargo check`, its handler included: a crate with many events against one with one event.
# Prints milliseconds an event; fails above the budget. Usage: check-time.sh [events] [budget in ms]
set -euo pipefail

events=${1:-500}
budget=${2:-2}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A contract of $1 events, ten to a trait, of the shapes that contracts have; and a session that handles them.
contract() {
    echo 'use ackord::{events, payload};'
    echo '#[payload] pub struct Message { pub id: u32, pub text: String }'
    echo '#[payload] pub enum Failure { Gone, Full }'
    echo 'pub struct Session;'
    local i=0 set=0 n
    while ((i < $1)); do
        set=$((set + 1))
        local decl='' impl=''
        for ((n = 0; n < 10 && i < $1; n++, i++)); do
            case $((n % 5)) in
                0) decl+="async fn send$n(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, Failure>;"
                   impl+="async fn send$n(&self, _: &str, _: String, _: Option<u32>) -> Result<Message, Failure> { Err(Failure::Gone) }" ;;
                1) decl+="fn typing$n(&self, room: &str);"
                   impl+="async fn typing$n(&self, _: &str) {}" ;;
                2) decl+="async fn join$n(&self, room: String) -> u32;"
                   impl+="async fn join$n(&self, _: String) -> u32 { 1 }" ;;
                3) decl+="fn message$n(&self, room: &str, message: &Message);"
                   impl+="async fn message$n(&self, _: &str, _: &Message) {}" ;;
                4) decl+="async fn list$n(&self, page: u32, tags: Vec<String>) -> Vec<Message>;"
                   impl+="async fn list$n(&self, _: u32, _: Vec<String>) -> Vec<Message> { Vec::new() }" ;;
            esac
        done
        echo "#[events(rename_all = \"camelCase\")] pub trait Set$set { $decl }"
        echo "impl Set$set for Session { $impl }"
        echo "const _: fn() = || { fn handled<S: ackord::contract::Dispatch<H> + ?Sized, H>() {} handled::<dyn Set$set, Session>() };"
    done
}

mkdir -p "$work/src"
cat > "$work/Cargo.toml" <<TOML
[package]
name = "check-time"
version = "0.0.0"
edition = "2024"
[dependencies]
ackord = { path = "$root/runtime", default-features = false, features = ["macros"] }
[workspace]
TOML
cp "$root/Cargo.lock" "$work/"

# The best of five, in milliseconds of CPU: noise only ever adds, and other work on the machine does not count.
measure() {
    contract "$1" > "$work/src/lib.rs"
    local best=999999 ms
    for _ in 1 2 3 4 5; do
        touch "$work/src/lib.rs"
        ms=$({
            TIMEFORMAT='%U %S'
            time RUSTFLAGS=--cap-lints=allow CARGO_INCREMENTAL=0 cargo check --quiet --manifest-path "$work/Cargo.toml"
        } 2>&1 | awk 'END { print int(($1 + $2) * 1000) }')
        ((ms < best)) && best=$ms
    done
    echo "$best"
}

export CARGO_TARGET_DIR="$root/target/check-time"
measure 1 > /dev/null # dependencies
cargo check --quiet --manifest-path "$work/Cargo.toml" # fails loudly if the contract does not compile
one=$(measure 1)
many=$(measure "$events")
awk -v one="$one" -v many="$many" -v n="$events" -v budget="$budget" 'BEGIN {
    ms = (many - one) / (n - 1)
    printf "1 event: %d ms, %d events: %d ms, %.2f ms an event (budget %s)\n", one, n, many, ms, budget
    exit ms > budget
}'
