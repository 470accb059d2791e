//! What Rust writes of a random contract is what its schemas take, and what Rust does not read they do not take.

use random_contracts::all;

#[test]
fn values_are_what_the_schemas_say() {
    let contracts = all();
    let (mut refused, mut good, mut bad, mut told) = (0, 0, 0, String::new());
    for contract in &contracts {
        let checked = contract.check(8);
        refused += usize::from(checked.refused);
        good += checked.good;
        bad += checked.bad;
        told.push_str(&checked.told(contract));
    }
    println!("{} contracts, of which {refused} are refused; {good} values are taken, {bad} are not", contracts.len());
    assert!(told.is_empty(), "{told}");
    assert!(good > 100 * contracts.len() / 2 && bad > good / 4 && refused < contracts.len() / 2);
}
