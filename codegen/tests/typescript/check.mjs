// Compiles every fixture and its uses with both compilers, then runs what the fixtures do at run time.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const steps = [
  ["TypeScript 7.0", "node_modules/typescript/bin/tsc", "-p", "."],
  ["TypeScript 5.9", "node_modules/typescript-5.9/bin/tsc", "-p", "."],
  ["run time", "--test", "run/connect.test.mjs"],
];
for (const [name, ...args] of steps) {
  const { status } = spawnSync(process.execPath, args, { cwd: folder, stdio: "inherit" });
  if (status !== 0) {
    console.error(`${name}: failed`);
    process.exit(1);
  }
  console.log(`${name}: ok`);
}
