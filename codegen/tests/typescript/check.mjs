// Compiles every fixture and its uses with both compilers, then runs what the fixtures do at run time.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const tests = ["bench", "connect", "emit", "client", "server", "recipes"].map((name) => `run/${name}.test.mjs`);
const steps = [
  ["runtime", "runtime.mjs", "--check"],
  ...["7.0", "5.9"].flatMap((version) => {
    const tsc = `node_modules/typescript${version === "5.9" ? "-5.9" : ""}/bin/tsc`;
    return [
      [`TypeScript ${version}`, tsc, "-p", "."],
      [`recipes, TypeScript ${version}`, tsc, "-p", "tsconfig.recipes.json"],
      [`declarations, TypeScript ${version}`, tsc, "-p", "tsconfig.declarations.json"],
      // Written by `cargo run -p random-contracts -- codegen/tests/typescript/random`.
      [`random contracts, TypeScript ${version}`, tsc, "-p", "tsconfig.random.json"],
    ];
  }),
  // What a failed test leaves open must not keep the others waiting.
  ["run time", "--test", "--test-force-exit", ...tests],
];
for (const [name, ...args] of steps) {
  const { status } = spawnSync(process.execPath, args, { cwd: folder, stdio: "inherit" });
  if (status !== 0) {
    console.error(`${name}: failed`);
    process.exit(1);
  }
  console.log(`${name}: ok`);
}
