//! Writes all contracts that the generator takes, and their values, as TypeScript into the folder that it is given.

use std::{env, fs, io, path::Path, process::ExitCode};

use random_contracts::{all, typescript};

fn main() -> io::Result<ExitCode> {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("name the folder to write to");
        return Ok(ExitCode::FAILURE);
    };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    let mut ok = true;
    for contract in all().iter().filter(|contract| contract.mistake.is_none()) {
        if let Err(e) = typescript::write(contract, &folder, 4) {
            eprintln!("contract {}: {e}", contract.seed);
            ok = false;
        }
    }
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
