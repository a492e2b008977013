// Prints what VS Code's engine makes of texts: a JSON array a line of input, of the lines of the text,
// each an array of [start, end, scopes] in UTF-16 units.
//
// Each line of the input is a JSON object: { "scope": ..., "text": ... }. The first argument is the
// folder of node_modules.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const modules = process.argv[2];
const require = createRequire(join(modules, "any.js"));
const { Registry, INITIAL } = require("vscode-textmate");
const oniguruma = require("vscode-oniguruma");

const wasm = readFileSync(join(modules, "vscode-oniguruma/release/onig.wasm"));
await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length));
const folder = join(modules, "tm-grammars/grammars");
const byScope = new Map();
for (const file of readdirSync(folder)) {
  if (!file.endsWith(".json")) continue;
  const grammar = JSON.parse(readFileSync(join(folder, file), "utf8"));
  byScope.set(grammar.scopeName, grammar);
}
const registry = new Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => byScope.get(scope) ?? null,
});
// The engine loads what rules include, but not what the patterns of captures do. VS Code has these as
// soon as a file in their language was opened; Kiln has them at once.
const seen = new Set();
const load = async (scope) => {
  if (seen.has(scope) || !byScope.has(scope)) return;
  seen.add(scope);
  await registry.loadGrammar(scope);
  const includes = JSON.stringify(byScope.get(scope)).matchAll(/"include":"([^"#$][^"#]*)/g);
  for (const [, included] of includes) await load(included);
};
for (const line of readFileSync(0, "utf8").split("\n").filter((line) => line !== "")) {
  const { scope, text } = JSON.parse(line);
  await load(scope);
  const grammar = await registry.loadGrammar(scope);
  let state = INITIAL;
  const lines = text.split("\n").map((line) => {
    const read = grammar.tokenizeLine(line, state);
    state = read.ruleStack;
    // The engine counts the line feed that it adds as part of the line.
    return read.tokens
      .map((token) => [token.startIndex, Math.min(token.endIndex, line.length), token.scopes])
      .filter(([start, end]) => start < end);
  });
  console.log(JSON.stringify(lines));
}
