// Writes, or checks, the JavaScript and the declarations of the parts that every client and server have.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import ts from "typescript-5.9";

const folder = new URL("../../src/typescript/runtime/", import.meta.url);
const compilerOptions = { target: "es2022", module: "esnext", strict: true, verbatimModuleSyntax: true, isolatedDeclarations: true, declaration: true };
const check = process.argv.includes("--check");
for (const name of readdirSync(folder).filter((name) => /^[a-z]+\.ts$/.test(name))) {
  const source = readFileSync(new URL(name, folder), "utf8");
  // The last line makes each a module of its own, and is not part of it.
  const clean = (text) => text.replaceAll(/^export \{\};$/gm, "").replace(/^\s+/, "").trimEnd() + "\n";
  const js = clean(ts.transpileModule(source + "\nexport {};", { compilerOptions }).outputText).replaceAll("    ", "  ");
  // Of what is private, that belongs to the declarations which others of them mention.
  const shown = source.replace(/^interface _Api/gm, "export $&");
  const { outputText, diagnostics } = ts.transpileDeclaration(shown + "\nexport {};", { compilerOptions });
  if (diagnostics.length) throw new Error(`${name}: ${diagnostics.map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"))}`);
  const dts = clean(outputText).replaceAll("    ", "  ").replace(/^export interface _/gm, "interface _");
  for (const [extension, text] of [[".js", js], [".d.ts", dts]]) {
    const file = new URL(name.replace(/\.ts$/, extension), folder);
    if (!check) writeFileSync(file, text);
    else if (readFileSync(file, "utf8") !== text) throw new Error(`${file.pathname} is out of date: node runtime.mjs`);
  }
}
