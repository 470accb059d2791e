//! The output depends on the contract alone: not on the order in which namespaces are listed, nor on the run.

mod contracts;

use ackord_codegen::{Codegen, Int64, TypeScript};
use contracts::{chat, feed, shapes, small};

/// Adds one namespace.
type Add = fn(Codegen) -> Codegen;

const ALL: [Add; 5] = [
    |codegen| codegen.namespace::<chat::Chat>(),
    |codegen| codegen.namespace::<feed::Market>(),
    |codegen| codegen.namespace::<chat::Org>(),
    |codegen| codegen.namespace::<shapes::Api>(),
    |codegen| codegen.namespace::<small::Root>(),
];

fn text(order: &[Add]) -> String {
    let codegen = order.iter().fold(Codegen::new(), |codegen, add| add(codegen));
    codegen
        .typescript("api.ts", TypeScript::default().int64(Int64::Number))
        .render()
        .expect("a contract without problems")
        .remove(0)
        .text
}

/// All orders of `rest` behind `chosen`.
fn permutations(chosen: &mut Vec<Add>, rest: &[Add], check: &mut impl FnMut(&[Add])) {
    if rest.is_empty() {
        check(chosen);
    }
    for i in 0..rest.len() {
        let mut left = rest.to_vec();
        chosen.push(left.remove(i));
        permutations(chosen, &left, check);
        chosen.pop();
    }
}

#[test]
fn the_order_of_registration_does_not_matter() {
    let (expected, mut orders) = (text(&ALL), 0);
    permutations(&mut Vec::new(), &ALL, &mut |order| {
        orders += 1;
        assert!(text(order) == expected, "the order {orders} has another text");
    });
    assert_eq!(orders, 120);
}
